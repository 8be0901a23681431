package sandbox

import (
	"context"
	"reflect"
	"time"
)

// wait sets fired[i] for each closed ready[i], as soon as there is one, or
// when timeout is over; negative has no end. It calls block before it blocks, and
// answers how it ended.
func wait(ctx context.Context, ready []<-chan struct{}, timeout time.Duration, fired []bool, block func()) byte {
	if ctx.Err() != nil {
		return outcome(ctx)
	}
	if poll(ready, fired) || timeout == 0 {
		return waitOver
	}
	block()
	var timer <-chan time.Time
	if timeout > 0 {
		t := time.NewTimer(timeout)
		defer t.Stop()
		timer = t.C
	}
	switch len(ready) {
	case 0:
		select {
		case <-ctx.Done():
		case <-timer:
		}
	case 1:
		select {
		case <-ctx.Done():
		case <-timer:
		case <-ready[0]:
		}
	default:
		waitMany(ctx, timer, ready)
	}
	if ctx.Err() != nil {
		return outcome(ctx)
	}
	poll(ready, fired)
	return waitOver
}

// poll sets fired[i] for each closed ready[i] and reports whether there is one.
func poll(ready []<-chan struct{}, fired []bool) (any bool) {
	for i, c := range ready {
		select {
		case <-c:
			fired[i], any = true, true
		default:
		}
	}
	return any
}

func waitMany(ctx context.Context, timer <-chan time.Time, ready []<-chan struct{}) {
	cases := make([]reflect.SelectCase, 0, len(ready)+2)
	receive := func(c any) {
		cases = append(cases, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(c)})
	}
	receive(ctx.Done())
	receive(timer)
	for _, c := range ready {
		receive(c)
	}
	reflect.Select(cases)
}
