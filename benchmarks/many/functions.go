package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/load"
	"github.com/lambent-dev/lambent/benchmarks/internal/server"
)

// event is what a function is asked.
const event = `{"name":"Ada","n":41}`

// cGuest is the C handler.
const cGuest = "../sandbox/testdata/guests/c/json.wasm"

// greeting is in both handlers; its place is taken by one of the same length for
// each code.
const greeting = "Hello, "

// fleet is the functions. The first have a code each, Go's before C's; then come
// the other functions of Go's codes, in turn, and then those of C's.
type fleet struct {
	options
	packages [][]byte // of each code
	modules  [2]int   // bytes of a module: Go's, C's
}

// newFleet builds the guests in dir.
func newFleet(ctx context.Context, o options, dir string) (*fleet, error) {
	goGuest := filepath.Join(dir, "go.wasm")
	err := server.Run(ctx, []string{"GOOS=wasip1", "GOARCH=wasm"},
		"go", "build", "-buildmode=c-shared", "-ldflags=-s -w", "-o", goGuest, "./guests/go/lambent")
	if err != nil {
		return nil, err
	}
	f := &fleet{options: o, packages: make([][]byte, o.codes)}
	for i, path := range []string{goGuest, cGuest} {
		module, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("a guest is missing, is this run in the folder of the benchmarks? %w", err)
		}
		if !bytes.Contains(module, []byte(greeting)) {
			return nil, fmt.Errorf("%s does not contain %q", path, greeting)
		}
		f.modules[i] = len(module)
		for code := range f.packages {
			if f.isGo(code) == (i == 0) {
				if f.packages[code], err = pack(bytes.ReplaceAll(module, []byte(greeting), []byte(greetingOf(code)))); err != nil {
					return nil, err
				}
			}
		}
	}
	return f, nil
}

func pack(module []byte) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	entry, err := w.Create("bootstrap")
	if err == nil {
		_, err = entry.Write(module)
	}
	if err == nil {
		err = w.Close()
	}
	return b.Bytes(), err
}

func greetingOf(code int) string { return fmt.Sprintf("Hey%03d ", code) }

func nameOf(i int) string { return fmt.Sprintf("function-%05d", i) }

func (f *fleet) codeOf(i int) int {
	more := i - f.codes
	switch {
	case more < 0:
		return i
	case more < f.goFunctions-f.goCodes:
		return more % f.goCodes
	}
	return f.goCodes + more%(f.codes-f.goCodes)
}

func (f *fleet) isGo(code int) bool { return code < f.goCodes }

// aGoFunction returns the n-th of goFunctions.
func (f *fleet) aGoFunction(n int) int {
	if n < f.goCodes {
		return n
	}
	return f.codes + n - f.goCodes
}

// asks is the exchange with function i.
func (f *fleet) asks(i int) load.Exchange {
	return load.NewExchange("POST", "/functions/"+nameOf(i), event, fmt.Sprintf(`{"message":"%sAda!","n":42}`, greetingOf(f.codeOf(i))))
}

// deployers is how many functions are deployed at once.
const deployers = 4

// deploy creates every function and has each answer once.
func (f *fleet) deploy(ctx context.Context, s *server.Server) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range deployers {
		wg.Go(func() {
			c, err := load.Dial(ctx, s.Address, timeLimit)
			if err != nil {
				stop(err)
				return
			}
			defer c.Close()
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= f.functions {
					return
				}
				if i%1000 == 0 {
					fmt.Fprintf(os.Stderr, "%s function %d of %d\n", time.Now().Format(time.TimeOnly), i, f.functions)
				}
				err := f.create(ctx, s, i)
				if err == nil && i < f.codes {
					err = f.compiled(ctx, s, i) // which takes longer than an invocation waits
				}
				if err == nil {
					e := f.asks(i)
					err = c.Do(&e)
				}
				if err != nil {
					stop(fmt.Errorf("%s: %w", nameOf(i), err))
				}
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

// create creates function i, as an AWS client would.
func (f *fleet) create(ctx context.Context, s *server.Server, i int) error {
	body, err := json.Marshal(map[string]any{
		"FunctionName": nameOf(i), "Role": "arn:aws:iam::000000000000:role/r", "Runtime": "provided.al2023", "Handler": "bootstrap", "Timeout": 60,
		"Code": map[string][]byte{"ZipFile": f.packages[f.codeOf(i)]},
	})
	if err != nil {
		return err
	}
	_, err = request(ctx, s, "POST", "", body, http.StatusCreated)
	return err
}

// compiled waits until function i is not Pending.
func (f *fleet) compiled(ctx context.Context, s *server.Server, i int) error {
	for ; ; time.Sleep(5 * time.Millisecond) {
		said, err := request(ctx, s, "GET", "/"+nameOf(i)+"/configuration", nil, http.StatusOK)
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
