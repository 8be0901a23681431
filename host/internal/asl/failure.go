package asl

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

// output is what a catcher makes of the failure.
func (f *failure) output() any { return object("Error", f.name, "Cause", f.cause) }

func truncate(s string, characters int) string {
	if len(s) <= characters {
		return s
	}
	n := 0
	for i := range s {
		if n == characters {
			return s[:i]
		}
		n++
	}
	return s
}
