package intrinsic

import (
	"fmt"
	"iter"

	"github.com/lambent-dev/lambent/host/internal/asl/path"
	"github.com/lambent-dev/lambent/host/internal/asl/payload"
)

const (
	// MaxNesting is how deep calls may be nested, as AWS has it.
	MaxNesting = 10
	// MaxResult is the length of text that a call may give, and that an argument
	// may have, in bytes: more than any payload may have.
	MaxResult = 1 << 20
)

// Call is a parsed call of an intrinsic function. It is immutable.
type Call struct {
	name string // with "States."
	args []arg
	text string
}

// arg is a literal, a path or a call.
type arg struct {
	literal any
	raw     string // of a literal text: as it was written, escapes and all
	path    *path.Path
	call    *Call
}

// String returns the call as it was written.
func (c *Call) String() string { return c.text }

// Name returns the name of the function that is called, as "States.Format".
func (c *Call) Name() string { return c.name }

// Paths gives the paths among the arguments of the call and of those in it.
func (c *Call) Paths() iter.Seq[*path.Path] {
	return func(yield func(*path.Path) bool) { c.paths(yield) }
}

func (c *Call) paths(yield func(*path.Path) bool) bool {
	for _, a := range c.args {
		if a.path != nil && !yield(a.path) || a.call != nil && !a.call.paths(yield) {
			return false
		}
	}
	return true
}

// Env is what evaluating needs.
type Env struct {
	// Path gives the value of a path; its error ends the evaluation as it is.
	Path func(*path.Path) (any, error)
	// Random returns the next random number, 0 ≤ n < 1.
	Random func() float64
	// Spend is told of work that is about to be done, in bytes of JSON text that
	// a call looks at; its error ends the evaluation. It may be nil.
	Spend func(bytes int) error
}

// Error says that a call failed: States.IntrinsicFailure.
type Error struct {
	Call    *Call
	Message string
}

func (e *Error) Error() string {
	return fmt.Sprintf("The function '%s' had the following error: %s", e.Call.text, e.Message)
}

// Eval evaluates the call. The result may share parts with what Env.Path gave
// and must not be changed.
func (c *Call) Eval(env Env) (any, error) {
	values := make([]any, len(c.args))
	for i, a := range c.args {
		var err error
		switch {
		case a.path != nil:
			values[i], err = env.Path(a.path)
		case a.call != nil:
			values[i], err = a.call.Eval(env)
		default:
			values[i] = a.literal
		}
		if err != nil {
			return nil, err
		}
	}
	signature := signatures[c.name]
	for i, v := range values {
		if want := signature.kind(i); !want.accepts(v) {
			return nil, c.fail("argument %d must be %s", i+1, want)
		}
		// One value may stand in another many times: what functions walk
		// through must not be larger than what they may give.
		size := payload.Size(v, MaxResult)
		if size == MaxResult {
			return nil, c.fail("argument %d is longer than %d bytes", i+1, MaxResult)
		}
		if env.Spend == nil {
			continue
		}
		if err := env.Spend(size); err != nil {
			return nil, err
		}
	}
	return signature.call(c, env, values)
}

func (c *Call) fail(format string, args ...any) error {
	return &Error{Call: c, Message: fmt.Sprintf(format, args...)}
}
