package asl

import (
	"fmt"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl/payload"
)

// SignalKind is what the outside tells an execution.
type SignalKind string

// The kinds of signals. All but Begin, Abort and Exhaust are answers to an effect.
const (
	// Begin starts the execution; always the first signal, and only that.
	Begin SignalKind = "Begin"
	// TaskAccepted says that an activity's task waits for a worker. Any other
	// answer but TaskRefused says so too.
	TaskAccepted SignalKind = "TaskAccepted"
	// TaskRefused says, first of all, that there is no such activity: the
	// execution fails with States.Runtime and the Cause.
	TaskRefused SignalKind = "TaskRefused"
	// TaskStarted says that somebody works on a task.
	TaskStarted SignalKind = "TaskStarted"
	// TaskSubmitted says that a task whose result comes later (.sync,
	// .waitForTaskToken) has been handed over; Output is the answer to that.
	TaskSubmitted SignalKind = "TaskSubmitted"
	// TaskSucceeded brings a task's result in Output.
	TaskSucceeded SignalKind = "TaskSucceeded"
	// TaskFailed brings a task's Error and Cause.
	TaskFailed SignalKind = "TaskFailed"
	// TaskHeartbeat says that somebody still works on a task. It is for drivers,
	// who count the time: a Run knows nothing of it.
	TaskHeartbeat SignalKind = "TaskHeartbeat"
	// TaskTimedOut says that a task's timeout, or the time in which it must
	// give a heartbeat, is over.
	TaskTimedOut SignalKind = "TaskTimedOut"
	// TimerFired says that a timer's time has come.
	TimerFired SignalKind = "TimerFired"
	// MapRunStarted says that a map run has got its ARN, in Output.
	MapRunStarted SignalKind = "MapRunStarted"
	// MapRunSucceeded brings the results of a map run in Output, an array.
	MapRunSucceeded SignalKind = "MapRunSucceeded"
	// MapRunFailed brings a map run's Error and Cause.
	MapRunFailed SignalKind = "MapRunFailed"
	// Abort ends the execution from outside, with Error and Cause if given.
	Abort SignalKind = "Abort"
	// Exhaust makes the execution fail with Error and Cause: there is no room for
	// it any more.
	Exhaust SignalKind = "Exhaust"
)

// Signal is something that happened outside an execution. Signals are all that
// an execution depends on besides its definition: applying the same signals
// gives the same events.
type Signal struct {
	Kind SignalKind
	// Effect is the effect that the signal answers.
	Effect int64
	// At is when it happened; it becomes the time of the events it leads to.
	At time.Time
	// Output is JSON text; see the kinds.
	Output string
	// Error and Cause are nil where there is none.
	Error, Cause *string
	// Oversized says that there was more Output than a result may have; Apply has
	// left it out.
	Oversized bool
	// Worker is the name of the worker that started an activity's task.
	Worker string
	// Heartbeat says that it was for want of a heartbeat that a task timed out.
	Heartbeat bool
	// Start is what an execution starts with, of Begin.
	Start *Start
}

// maxWorker is how many characters the name of a worker may have.
const maxWorker = 80

// Bound leaves out of a signal what an execution would make nothing of. Apply does
// so itself, since the history keeps signals; a driver does if it keeps them
// before they are applied.
func (s *Signal) Bound() {
	switch {
	case s.Kind == TaskSucceeded || s.Kind == MapRunSucceeded:
		if len(s.Output) > payload.MaxSize {
			s.Output, s.Oversized = "", true
		}
	case s.Kind != TaskSubmitted && s.Kind != MapRunStarted:
		s.Output = ""
	}
	if f := reported(s.Error, s.Cause); s.Error != nil || s.Cause != nil {
		s.Error, s.Cause = f.nameText(), f.causeText()
	}
	s.Worker = truncate(s.Worker, maxWorker)
}

// Start is what an execution needs to know of itself.
type Start struct {
	// Input is JSON text of at most payload.MaxSize bytes.
	Input            string
	ExecutionArn     string
	Name             string
	RoleArn          string
	StateMachineArn  string
	StateMachineName string
	// Express says that the execution is one of an EXPRESS machine: its context
	// object lacks what only STANDARD ones have.
	Express bool
	// Seed makes what is random in the execution, and its task tokens: fill it
	// from a source nobody can guess.
	Seed [32]byte
	// MaxEvents is how long the history may become; 0 means 25,000. When it is
	// reached the execution fails.
	MaxEvents int
}

// Stale is the error of a signal that is too late or was applied before. It
// changes nothing: whoever delivers signals at least once may ignore it.
type Stale struct {
	Signal SignalKind
	Effect int64
}

func (e *Stale) Error() string {
	return fmt.Sprintf("asl: %s: effect %d is not waited for", e.Signal, e.Effect)
}
