package workflow

import (
	"slices"
	"sync"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/asl/driver"
)

// execution is one that runs, or ran, in memory.
type execution struct {
	arn, name string
	machine   Machine // as it was when the execution began
	input     string
	started   time.Time
	number    int64     // counts executions as they began
	size      int64     // of its history once it is over
	stopped   time.Time // the same, as those that are over are sorted

	run        *driver.Execution // set before begun is closed, as the next is
	definition *definition       // given back when the execution is over
	begun      chan struct{}
}

// ended returns when the execution was over; false if it runs.
func (e *execution) ended() (time.Time, bool) {
	if e.run.Status() == asl.Running {
		return time.Time{}, false
	}
	history := e.run.History()
	return history[len(history)-1].Time, true
}

// executions are those that can be asked about: those that run, and of those
// that are over the newest.
type executions struct {
	kept int64 // bytes of histories that are over

	mu        sync.Mutex // guards what follows
	closed    bool
	last      int64 // number of the last that began
	size      int64
	byARN     map[string]*execution
	byMachine map[string][]*execution // as they began
	over      []*execution            // as they ended
}

func newExecutions(kept int64) *executions {
	return &executions{kept: kept, byARN: map[string]*execution{}, byMachine: map[string][]*execution{}}
}

// admit takes up an execution that is about to begin; there is the one of the
// same ARN, if any.
func (x *executions) admit(e *execution) (there *execution, err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch there := x.byARN[e.arn]; {
	case x.closed:
		return nil, errClosing
	case there != nil:
		return there, nil
	}
	x.last++
	e.number = x.last
	x.byARN[e.arn] = e
	x.byMachine[e.machine.ARN] = append(x.byMachine[e.machine.ARN], e)
	return nil, nil
}

// release takes an execution that is over; it is forgotten unless keep says that
// it can be asked about.
func (x *executions) release(e *execution, keep bool) {
	var size int64
	var stopped time.Time
	if keep {
		stopped, _ = e.ended()
		size = e.run.Weight() + int64(len(e.input)+len(e.machine.Definition))
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if !keep {
		x.forget(e)
		return
	}
	e.size, e.stopped = size, stopped
	x.size += size
	// Those that end about at once may be released in any order.
	at := len(x.over)
	for at > 0 && x.over[at-1].stopped.After(e.stopped) {
		at--
	}
	x.over = slices.Insert(x.over, at, e)
	for x.size > x.kept && len(x.over) > 1 {
		oldest := x.over[0]
		x.over = x.over[1:]
		x.size -= oldest.size
		x.forget(oldest)
	}
}

func (x *executions) forget(e *execution) {
	delete(x.byARN, e.arn)
	all := x.byMachine[e.machine.ARN]
	if i := slices.Index(all, e); i >= 0 {
		all = slices.Delete(all, i, i+1)
	}
	if len(all) == 0 {
		delete(x.byMachine, e.machine.ARN)
	} else {
		x.byMachine[e.machine.ARN] = all
	}
}

// get returns an execution that has begun, nil if there is none.
func (x *executions) get(arn string) *execution {
	x.mu.Lock()
	e := x.byARN[arn]
	x.mu.Unlock()
	if e != nil {
		if <-e.begun; e.run == nil {
			return nil
		}
	}
	return e
}

// list returns those of a machine that began before the one with that number,
// newest first.
func (x *executions) list(machine string, before int64) []*execution {
	x.mu.Lock()
	defer x.mu.Unlock()
	all := x.byMachine[machine]
	listed := make([]*execution, 0, len(all))
	for _, e := range slices.Backward(all) {
		if before == 0 || e.number < before {
			listed = append(listed, e)
		}
	}
	return listed
}

// close aborts what runs.
func (x *executions) close() {
	x.mu.Lock()
	x.closed = true
	all := make([]*execution, 0, len(x.byARN))
	for _, e := range x.byARN {
		all = append(all, e)
	}
	x.mu.Unlock()
	for _, e := range all {
		if <-e.begun; e.run != nil {
			e.run.Abort(nil, nil)
		}
	}
}
