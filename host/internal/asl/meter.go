package asl

import (
	"context"
	"errors"
	"time"
)

const (
	// maxWork is how much work may be done for one signal, in steps: nodes of
	// JSONata expressions, values that paths look at, sixteen bytes of JSON. It
	// is some seconds; a state that needs more fails.
	maxWork = 20_000_000
	// yieldWork and yieldStates are how much may be done before an execution
	// that has not come to wait for anything asks for a timer, so that Apply
	// returns and others get their turn.
	yieldWork   = 4_000_000
	yieldStates = 1000
	// workPerCheck is how many steps of JSONata there are between two looks at
	// the context.
	workPerCheck = 1024
	// bytesPerStep is how many bytes of JSON are one step.
	bytesPerStep = 16
)

// errWork is the error of a state that needs more work than one signal may.
var errWork = errors.New("the evaluation takes too long")

// meter counts work. It is a context, because that is what JSONata looks at
// every so many steps, so that what an expression may do depends on what was
// done before it and never on how fast the machine is.
type meter struct {
	left   int
	states int
}

var _ context.Context = (*meter)(nil)

func (m *meter) reset() { m.left, m.states = maxWork, 0 }

// spend takes steps from what is left.
func (m *meter) spend(steps int) error {
	if m.left -= steps; m.left < 0 {
		return errWork
	}
	return nil
}

// yields reports whether it is time to let others have their turn.
func (m *meter) yields() bool {
	m.states++
	return m.states > yieldStates || m.left < maxWork-yieldWork
}

// Deadline is a context's.
func (m *meter) Deadline() (time.Time, bool) { return time.Time{}, false }

// Done is a context's.
func (m *meter) Done() <-chan struct{} { return nil }

// Err takes the steps since the last look.
func (m *meter) Err() error { return m.spend(workPerCheck) }

// Value is a context's.
func (m *meter) Value(any) any { return nil }
