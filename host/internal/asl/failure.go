package asl

import "strings"

// The names of errors that the interpreter itself raises.
const (
	errTimeout         = "States.Timeout"
	errHeartbeat       = "States.HeartbeatTimeout"
	errRuntime         = "States.Runtime"
	errQuery           = "States.QueryEvaluationError"
	errNoChoice        = "States.NoChoiceMatched"
	errDataLimit       = "States.DataLimitExceeded"
	errIntrinsic       = "States.IntrinsicFailure"
	errResultPathMatch = "States.ResultPathMatchFailure"
	errThreshold       = "States.ExceedToleratedFailureThreshold"
	errItemReader      = "States.ItemReaderFailed"
)

const (
	maxErrorName = 256       // in characters
	maxCause     = 32 * 1024 // in characters
)

// failure is an error of a state, of its task or of a branch.
type failure struct {
	name, cause string
	// noName and noCause say that there is none at all, which is not the same as
	// an empty one: a Fail state may leave both out.
	noName, noCause bool
	// internal says that the interpreter found the error in a state: the cause
	// is to name it.
	internal bool
	// query says that evaluating a field went wrong, in the field location; the
	// history has an event of its own for that.
	query    bool
	location string
	// heartbeat says that it was for want of a heartbeat that a task timed out:
	// the error is States.Timeout all the same, as AWS has it, but can be caught
	// as States.HeartbeatTimeout too.
	heartbeat bool
}

// catchable reports whether Retry and Catch see the failure.
func (f *failure) catchable() bool { return f.name != errRuntime }

// reported makes a failure of what the outside says.
func reported(name, cause *string) *failure {
	f := &failure{noName: name == nil, noCause: cause == nil}
	if name != nil {
		f.name = truncate(*name, maxErrorName)
	}
	if cause != nil {
		f.cause = truncate(*cause, maxCause)
	}
	return f
}

func (f *failure) nameText() *string {
	if f.noName {
		return nil
	}
	return &f.name
}

func (f *failure) causeText() *string {
	if f.noCause {
		return nil
	}
	return &f.cause
}

// output is what a catcher makes of the failure. A timeout, which has no cause,
// gets an empty one; anything else that is not there is null.
func (f *failure) output() any {
	name, cause := any(f.name), any(f.cause)
	if f.noName {
		name = nil
	}
	if f.noCause && f.name != errTimeout {
		cause = nil
	}
	return object("Error", name, "Cause", cause)
}

// truncate returns no more of a text than a number of characters. What it leaves
// out is not kept.
func truncate(s string, characters int) string {
	if len(s) <= characters {
		return s
	}
	n := 0
	for i := range s {
		if n == characters {
			return strings.Clone(s[:i])
		}
		n++
	}
	return s
}
