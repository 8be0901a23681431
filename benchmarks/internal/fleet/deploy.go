package fleet

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/load"
	"github.com/lambent-dev/lambent/benchmarks/internal/server"
)

// patience is how long deploying may take.
const patience = time.Hour

// Deploy creates every function, so many at once, and has each answer once: one of
// each code, and then the others as random has it, so that the last ones are of all
// codes. After each it calls then, unless that is nil.
func (f *Fleet) Deploy(ctx context.Context, s *server.Server, random *rand.Rand, atOnce int, then func(function int) error) error {
	order := make([]int, f.Functions)
	for i := range order {
		order[i] = i
	}
	others := order[f.Codes:]
	random.Shuffle(len(others), func(i, j int) { others[i], others[j] = others[j], others[i] })
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range atOnce {
		wg.Go(func() {
			c, err := load.Dial(ctx, s.Address, patience)
			if err != nil {
				stop(err)
				return
			}
			defer c.Close()
			for ctx.Err() == nil {
				at := int(next.Add(1)) - 1
				if at >= len(order) {
					return
				}
				if at%1000 == 0 {
					fmt.Fprintf(os.Stderr, "%s function %d of %d\n", time.Now().Format(time.TimeOnly), at, len(order))
				}
				i := order[at]
				err := f.deploy(ctx, s, c, i)
				if err == nil && then != nil {
					err = then(i)
				}
				if err != nil {
					stop(fmt.Errorf("%s: %w", Name(i), err))
				}
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

// deploy creates function i and has it answer.
func (f *Fleet) deploy(ctx context.Context, s *server.Server, c *load.Conn, i int) error {
	if err := f.create(ctx, s, i); err != nil {
		return err
	}
	if i < f.Codes {
		if err := settled(ctx, s, i); err != nil { // to compile takes longer than an invocation waits
			return err
		}
	}
	e := f.Asks(i)
	if err := c.Do(&e); err != nil {
		return err
	}
	return settled(ctx, s, i) // else the next server, if this one ends now, begins again
}

// create creates function i, as an AWS client would.
func (f *Fleet) create(ctx context.Context, s *server.Server, i int) error {
	body, err := json.Marshal(map[string]any{
		"FunctionName": Name(i), "Role": "arn:aws:iam::000000000000:role/r", "Runtime": "provided.al2023", "Handler": "bootstrap", "Timeout": 60,
		"Code": map[string][]byte{"ZipFile": f.packages[f.codeOf(i)]},
	})
	if err != nil {
		return err
	}
	_, err = request(ctx, s, "POST", "", body, http.StatusCreated)
	return err
}

// settled waits until function i is not Pending.
func settled(ctx context.Context, s *server.Server, i int) error {
	for ; ; time.Sleep(5 * time.Millisecond) {
		said, err := request(ctx, s, "GET", "/"+Name(i)+"/configuration", nil, http.StatusOK)
		if err != nil {
			return err
		}
		var c struct{ State string }
		if err := json.Unmarshal(said, &c); err != nil || c.State != "Pending" {
			return err
		}
	}
}

// request sends a request about functions.
func request(ctx context.Context, s *server.Server, method, path string, body []byte, want int) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, "http://"+s.Address+"/2015-03-31/functions"+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if err == nil && answer.StatusCode != want {
		err = fmt.Errorf("%s functions%s: %s: %s", method, path, answer.Status, said)
	}
	return said, err
}
