package load

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// patience is how long the requests of one Drive may take.
const patience = 5 * time.Minute

// Drive makes an exchange over and over, on that many connections at once, each
// sending its next request when it has the answer to the last. The first
// requests, warmUp of them for each connection, are not measured; between, called
// between these and the others, is where the server's accounts are read. It
// returns how long each measured request took, and all of them.
func Drive(ctx context.Context, address string, e *Exchange, connections, warmUp, requests int, between func() error) (latencies []time.Duration, wall time.Duration, err error) {
	conns := make([]*Conn, connections)
	for i := range conns {
		c, err := Dial(ctx, address, patience)
		if err != nil {
			return nil, 0, err
		}
		defer c.Close()
		conns[i] = c
	}
	all := func(n int) error {
		var left atomic.Int64
		left.Store(int64(n))
		errs := make([]error, connections)
		var wg sync.WaitGroup
		for i, c := range conns {
			wg.Go(func() {
				for ctx.Err() == nil {
					at := left.Add(-1)
					if at < 0 {
						return
					}
					begin := time.Now()
					if errs[i] = c.Do(e); errs[i] != nil {
						return
					}
					latencies[at] = time.Since(begin)
				}
			})
		}
		wg.Wait()
		return errors.Join(append(errs, context.Cause(ctx))...)
	}
	latencies = make([]time.Duration, max(requests, warmUp*connections))
	if err := all(warmUp * connections); err != nil {
		return nil, 0, err
	}
	if err := between(); err != nil {
		return nil, 0, err
	}
	begin := time.Now()
	err = all(requests)
	return latencies[:requests], time.Since(begin), err
}
