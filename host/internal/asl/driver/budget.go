package driver

import (
	"fmt"
	"runtime"
	"sync"
)

// Budget bounds what the executions that share it, those of distributed maps
// included, hold at once: how many there are, and how much memory they take. Of
// what they take only while a signal is applied, which may be a hundred megabytes,
// it bounds how many do so at once. It is safe for concurrent use.
type Budget struct {
	executions int
	bytes      int64
	turns      chan struct{} // one element for each signal that is being applied

	mu      sync.Mutex // guards what follows; nothing is called while it is held
	running int
	used    int64
}

// NewBudget makes a budget.
func NewBudget(executions int, bytes int64) *Budget {
	return &Budget{executions: executions, bytes: bytes, turns: make(chan struct{}, max(minTurns, 2*runtime.GOMAXPROCS(0)))}
}

// minTurns is how many signals may be applied at once, at least: some take
// seconds, and others should not have to wait for them.
const minTurns = 8

// turn waits until a signal may be applied; done ends that.
func (b *Budget) turn() (done func()) {
	if b == nil {
		return func() {}
	}
	b.turns <- struct{}{}
	return func() { <-b.turns }
}

// BudgetError is the error of what a Budget has no room for.
type BudgetError struct {
	What        string // "executions" or "bytes"
	Seen, Limit int64
}

func (e *BudgetError) Error() string {
	if e.What == "executions" {
		return fmt.Sprintf("%d executions run, which is the most that may at once.", e.Seen)
	}
	return fmt.Sprintf("The executions that run take %d bytes of memory of at most %d.", e.Seen, e.Limit)
}

// startShare is the part of the bytes that new executions may take up: the rest
// is there for those that run to go on.
const startShare = 0.75

// begin makes room for an execution of the given size.
func (b *Budget) begin(bytes int64) error {
	if b == nil {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.running >= b.executions {
		return &BudgetError{"executions", int64(b.running), int64(b.executions)}
	}
	if limit := int64(float64(b.bytes) * startShare); b.used+bytes > limit {
		return &BudgetError{"bytes", b.used, limit}
	}
	b.running++
	b.used += bytes
	return nil
}

// Take takes bytes, or with less than 0 gives them back. What is over the limit
// is taken all the same: whoever takes it is told to stop.
func (b *Budget) Take(bytes int64) error {
	if b == nil {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.used += bytes; bytes > 0 && b.used > b.bytes {
		return &BudgetError{"bytes", b.used, b.bytes}
	}
	return nil
}

// end gives back what an execution has taken.
func (b *Budget) end(bytes int64) {
	if b == nil {
		return
	}
	b.mu.Lock()
	b.running--
	b.used -= bytes
	b.mu.Unlock()
}

// Used returns how many executions run and what they take.
func (b *Budget) Used() (executions int, bytes int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.running, b.used
}

const (
	// bytesPerExecution, bytesPerEvent and bytesPerEffect are what an execution,
	// an event and an outstanding effect take besides the texts in them, with what
	// goes on because of them: timers, goroutines that do tasks.
	bytesPerExecution = 16 << 10
	bytesPerEvent     = 1 << 10
	bytesPerEffect    = 8 << 10
	// bytesPerHeld is what a byte of text takes of a value that an execution works
	// on, once it is parsed.
	bytesPerHeld = 16
)

// Weight is about how many bytes of memory the execution takes.
func (e *Execution) Weight() int64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.weight()
}

// weight is Weight; mu is held.
func (e *Execution) weight() int64 {
	return bytesPerExecution + int64(len(e.history))*bytesPerEvent + int64(len(e.pending))*bytesPerEffect + int64(e.size) + int64(e.run.Held())*bytesPerHeld
}
