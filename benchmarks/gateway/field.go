package main

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/load"
	"github.com/lambent-dev/lambent/benchmarks/internal/record"
	"github.com/lambent-dev/lambent/benchmarks/internal/server"
)

// What the function is asked, and what it and the bare server must answer, byte
// for byte.
const (
	event  = `{"name":"Ada","n":41}`
	answer = `{"message":"Hello, Ada!","n":42}`
)

const (
	connections = 32
	warmUp      = 30 // requests on each connection that precede each measurement, fewer for peers
)

// What bars refer to.
const (
	invoked       = "AWS's Invoke"
	invokedReused = "AWS's Invoke, mode reuse"
)

// guest is the function: that of the first benchmark.
const guest = "../sandbox/testdata/guests/c/json.wasm"

// field is all servers, started, and what is asked of them.
type field struct {
	servers  []*server.Server
	lanes    []*lane
	versions map[string]string // of peers
	leftOut  []string          // peers that are not to be had
}

// lane is one line of the results to be.
type lane struct {
	server   *server.Server
	exchange load.Exchange
	series   Series
	share    int // of -requests, see peer
}

// open starts the servers and has each give its first answers.
func open(ctx context.Context, programs server.Programs, dir string) (_ *field, err error) {
	f := &field{versions: make(map[string]string)}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.close())
		}
	}()
	bare, _, err := server.Start(ctx, &hello, programs.Hello, "--answer", answer)
	if err != nil {
		return nil, err
	}
	f.servers = append(f.servers, bare)
	f.add(bare, "bare fasthttp", "POST /", hello)

	quiet, err := f.lambent(ctx, programs, filepath.Join(dir, "quiet"), "--quiet")
	if err != nil {
		return nil, err
	}
	logging, err := f.lambent(ctx, programs, filepath.Join(dir, "logging"))
	if err != nil {
		return nil, err
	}
	invoke := load.NewExchange("POST", "/2015-03-31/functions/json/invocations", event, answer)
	f.add(quiet, "`lambent serve --quiet`", invoked, invoke)
	f.add(quiet, "`lambent serve --quiet`", invokedReused, load.NewExchange("POST", "/2015-03-31/functions/reused/invocations", event, answer))
	f.add(quiet, "`lambent serve --quiet`", "POST /functions/json", load.NewExchange("POST", "/functions/json", event, answer))
	f.add(logging, "`lambent serve`", invoked, invoke)
	f.add(quiet, "`lambent serve --quiet`", "GET /health", health)
	return f, f.peers(ctx, dir)
}

var health = load.NewExchange("GET", "/health", "", `{"status":"ok"}`)

// lambent starts a Lambent and deploys the function.
func (f *field) lambent(ctx context.Context, programs server.Programs, data string, flags ...string) (*server.Server, error) {
	s, _, err := server.Start(ctx, &health, programs.Lambent, append([]string{"serve", "--data", data}, flags...)...)
	if err != nil {
		return nil, err
	}
	f.servers = append(f.servers, s)
	if err := programs.Deploy(ctx, s, "json", guest); err != nil {
		return s, err
	}
	reused := data + ".zip"
	if err := packReused(reused); err != nil {
		return s, err
	}
	return s, programs.Deploy(ctx, s, "reused", reused)
}

// packReused writes the function as a zip file whose manifest asks for instances
// that are used again as they are.
func packReused(path string) error {
	module, err := os.ReadFile(guest)
	if err != nil {
		return err
	}
	var content bytes.Buffer
	w := zip.NewWriter(&content)
	for name, b := range map[string][]byte{"bootstrap": module, "lambent.json": []byte(`{"mode":"reuse"}`)} {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write(b)
		}
		if err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.WriteFile(path, content.Bytes(), 0o600)
}

// add adds a lane that has all of -requests.
func (f *field) add(s *server.Server, name, asked string, e load.Exchange) *lane {
	l := &lane{s, e, Series{Server: name, Asked: asked}, 1}
	f.lanes = append(f.lanes, l)
	return l
}

// close stops the servers.
func (f *field) close() error {
	var errs []error
	for _, s := range f.servers {
		errs = append(errs, s.Stop())
	}
	return errors.Join(errs...)
}

// measure runs the rounds. In each, every lane runs once; which follows which
// is shuffled, so that what else the machine does meets all of them alike.
func (f *field) measure(ctx context.Context, o options) error {
	random := rand.New(rand.NewPCG(o.Seed, 0))
	order := append([]*lane(nil), f.lanes...)
	for i := range o.rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", i+1, o.rounds)
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, l := range order {
			r, err := l.round(ctx, max(1, o.requests/l.share))
			if err != nil {
				return fmt.Errorf("%s, %s: %w", l.series.Server, l.series.Asked, err)
			}
			l.series.Rounds = append(l.series.Rounds, r)
		}
	}
	return nil
}

// round measures requests.
func (l *lane) round(ctx context.Context, requests int) (r Round, err error) {
	var before, own time.Duration
	latencies, wall, err := load.Drive(ctx, l.server.Address, &l.exchange, connections, max(1, warmUp/l.share), requests, func() (err error) {
		if before, err = l.server.CPU(); err == nil {
			own, err = server.OwnCPU()
		}
		return err
	})
	if err != nil {
		return r, err
	}
	after, err := l.server.CPU()
	if err != nil {
		return r, err
	}
	ownAfter, err := server.OwnCPU()
	if err != nil {
		return r, err
	}
	return Round{
		Requests: requests,
		Wall:     wall,
		CPU:      after - before,
		Client:   ownAfter - own,
		Median:   record.Median(latencies),
		P99:      record.Quantile(latencies, 0.99),
	}, nil
}

// series returns what was measured.
func (f *field) series() []Series {
	var all []Series
	for _, l := range f.lanes {
		all = append(all, l.series)
	}
	return all
}
