package main

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/fleet"
	"github.com/lambent-dev/lambent/benchmarks/internal/load"
	"github.com/lambent-dev/lambent/benchmarks/internal/server"
)

// openConnections is how many requests of an open loop may be under way. One that
// finds all of them in use waits, which is part of what it takes.
const openConnections = 64

// sampleEvery is how often memory is looked at while requests are under way.
const sampleEvery = 100 * time.Millisecond

// asker asks functions of a server.
type asker struct {
	server    *server.Server
	size      fleet.Size
	exchanges []load.Exchange // by function
	loads     *loads
}

func newAsker(s *server.Server, size fleet.Size, l *loads) *asker {
	a := &asker{server: s, size: size, loads: l}
	for i := range size.Functions {
		a.exchanges = append(a.exchanges, size.Asks(i))
	}
	return a
}

// loop makes all requests: open, each when it is due; closed, each when one before
// it is answered.
func (a *asker) loop(ctx context.Context, all []arrival, open bool, connections int) (*Loop, error) {
	before, err := a.server.CPU()
	if err != nil {
		return nil, err
	}
	peak := a.watch(ctx)
	calls := make([][]call, connections)
	var next atomic.Int64
	var running sync.WaitGroup
	begin := time.Now()
	for i := range calls {
		running.Go(func() {
			c := client{asker: a, begin: begin, open: open}
			defer c.close()
			for ctx.Err() == nil {
				at := int(next.Add(1)) - 1
				if at >= len(all) {
					break
				}
				calls[i] = append(calls[i], c.call(ctx, all[at]))
			}
		})
	}
	running.Wait()
	l := &Loop{Open: open, Wall: time.Since(begin)}
	var unseen error
	if l.Peak, unseen = peak(); unseen != nil || ctx.Err() != nil {
		return nil, errors.Join(unseen, context.Cause(ctx))
	}
	if l.CPU, err = a.server.CPU(); err != nil {
		return nil, err
	}
	l.CPU -= before
	for _, one := range slices.Concat(calls...) {
		l.add(one, a.size.IsGo(one.function))
	}
	l.After, err = a.server.Memory()
	return l, err
}

// call is a request and its answer.
type call struct {
	function int
	took     time.Duration
	missed   bool // the function was loaded meanwhile
	err      error
}

// client is who makes requests, one after the other.
type client struct {
	*asker
	begin time.Time
	open  bool
	conn  *load.Conn // nil: none
}

// call makes a request, in an open loop when it is due.
func (c *client) call(ctx context.Context, a arrival) call {
	from := time.Now()
	if c.open {
		from = c.begin.Add(a.due)
		select {
		case <-time.After(time.Until(from)):
		case <-ctx.Done():
		}
	}
	before := c.loads.last(a.function)
	if !c.open {
		from = time.Now()
	}
	err := c.ask(ctx, a.function)
	took := time.Since(from)
	loaded := c.loads.last(a.function)
	return call{a.function, took, loaded.IsZero() || !loaded.Equal(before), err}
}

func (c *client) ask(ctx context.Context, function int) (err error) {
	if c.conn == nil {
		if c.conn, err = load.Dial(ctx, c.server.Address, time.Hour); err != nil {
			return err
		}
	}
	if err = c.conn.Do(&c.exchanges[function]); err != nil {
		c.close() // who knows what comes on it next
	}
	return err
}

func (c *client) close() {
	if c.conn != nil {
		c.conn.Close()
		c.conn = nil
	}
}

// watch looks at the server's memory until its result is called, which returns the
// most that it saw.
func (a *asker) watch(ctx context.Context) (end func() (server.Memory, error)) {
	ctx, stop := context.WithCancel(ctx)
	var most server.Memory
	var err error
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for tick := time.NewTicker(sampleEvery); ; {
			var m server.Memory
			if m, err = a.server.Memory(); err != nil {
				return
			}
			if m.Resident > most.Resident {
				most = m
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
				tick.Stop()
				return
			}
		}
	}()
	return func() (server.Memory, error) {
		stop()
		<-ended
		return most, err
	}
}
