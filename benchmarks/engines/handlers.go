package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/compute"
	"github.com/lambent-dev/lambent/benchmarks/internal/embedded"
	"github.com/lambent-dev/lambent/sandbox"
)

// What every handler is asked, and what it must answer, byte for byte.
const (
	event  = `{"name":"Ada","n":41}`
	answer = `{"message":"Hello, Ada!","n":42}`
)

// handlers is the part about handlers in a sandbox.
type handlers struct {
	lanes []*handlerLane
	least time.Duration // that a lane takes in a round
}

// handlerLane is a handler on an engine, in a mode.
type handlerLane struct {
	box    *embedded.Box
	events Events
}

// modes are what events find.
var modes = []struct {
	name string
	mode sandbox.Mode
	warm []byte
}{
	{pristine, sandbox.Pristine, nil},
	{warmed, sandbox.Pristine, []byte(event)},
	{reused, sandbox.Reuse, nil},
}

func (b *bench) openHandlers(ctx context.Context) (part, error) {
	h := &handlers{least: 60 * time.Millisecond}
	if b.small {
		h.least = time.Millisecond
	}
	for _, handler := range []struct {
		name   string
		module []byte
	}{{"C", b.fleet.Guests.C}, {"Go", b.fleet.Guests.Go}} {
		for _, e := range engines {
			cache := filepath.Join(b.dir, "code-of-"+e.name) // each handler is compiled once
			for _, m := range modes {
				fmt.Fprintf(os.Stderr, "loading %s, %s on %s\n", handler.name, m.name, e.name)
				eng, err := e.open(cache)
				if err != nil {
					return nil, errors.Join(err, h.close())
				}
				box, err := embedded.Load(ctx, eng, handler.module, m.mode, m.warm)
				if err != nil {
					return nil, errors.Join(fmt.Errorf("%s, %s: %w", handler.name, e.name, err), h.close())
				}
				h.lanes = append(h.lanes, &handlerLane{box, Events{Handler: handler.name, Engine: e.name, Mode: m.name}})
			}
		}
	}
	return h, nil
}

// unmeasured is how many events come before those of a round.
const unmeasured = 8

// round implements part.
func (h *handlers) round(ctx context.Context, random *rand.Rand) error {
	runtime.LockOSThread() // whose processor time is taken
	defer runtime.UnlockOSThread()
	for _, i := range random.Perm(len(h.lanes)) {
		l := h.lanes[i]
		runtime.GC()
		for range unmeasured {
			if _, err := l.ask(ctx); err != nil {
				return err
			}
		}
		var all []time.Duration
		s, err := compute.Time(func() error {
			for begin := time.Now(); time.Since(begin) < h.least; {
				took, err := l.ask(ctx)
				if err != nil {
					return err
				}
				all = append(all, took)
			}
			return nil
		})
		if err != nil {
			return err
		}
		l.events.add(all, s)
	}
	return nil
}

// ask gives a handler the event, and returns how long its answer took.
func (l *handlerLane) ask(ctx context.Context) (time.Duration, error) {
	begin := time.Now()
	got, err := l.box.Answer(ctx, []byte(event))
	took := time.Since(begin)
	if err == nil && string(got) != answer {
		err = fmt.Errorf("it answers %q, not %q", got, answer)
	}
	if err != nil {
		err = fmt.Errorf("%s, %s on %s: %w", l.events.Handler, l.events.Mode, l.events.Engine, err)
	}
	return took, err
}

// report implements part.
func (h *handlers) report(r *Results) error {
	for _, l := range h.lanes {
		r.Handlers = append(r.Handlers, l.events)
	}
	return nil
}

func (h *handlers) close() error {
	var errs []error
	for _, l := range h.lanes {
		errs = append(errs, l.box.Close())
	}
	return errors.Join(errs...)
}
