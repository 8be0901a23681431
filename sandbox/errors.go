package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Errors of Run that are not the function's, matched with errors.Is.
var (
	// ErrEventNotJSON: the event is not a JSON value.
	ErrEventNotJSON = errors.New("could not parse the event as JSON")
	// ErrEventTooLarge: the event exceeds Limits.Event.
	ErrEventTooLarge = errors.New("event is too large")
	// ErrRequest: a field of the Request cannot be given to a function; the
	// message names it.
	ErrRequest = errors.New("invalid request")
	// ErrClosed: the Sandbox is closed.
	ErrClosed = errors.New("sandbox is closed")
	// ErrTapeFull: the answers would exceed Recorder.Limit.
	ErrTapeFull = errors.New("tape is full")
)

// Errors of New and ReadPackage, matched with errors.Is.
var (
	// ErrConfig: the configuration cannot be met; the message names the field.
	ErrConfig = errors.New("invalid configuration")
	// ErrPackage: a zip file that is not a package Lambent can run.
	ErrPackage = errors.New("invalid package")
	// ErrUnzip, wrapped with ErrPackage: it is not a zip file, or is damaged.
	ErrUnzip = errors.New("could not unzip")
	// ErrTooLarge, wrapped with ErrPackage: what comes out of it exceeds
	// PackageLimits.Unzipped.
	ErrTooLarge = errors.New("unzipped size")
	// ErrNoModule, wrapped with ErrPackage: it holds no WebAssembly module.
	ErrNoModule = errors.New("no WebAssembly module")
	// ErrModule: a valid module that is not a function: an export is missing
	// or has the wrong type.
	ErrModule = errors.New("not a function")
)

// Types of FunctionError that are Lambent's own; a function may report any
// other.
const (
	TypeTrap             = "Runtime.Trap"
	TypeExit             = "Runtime.ExitError"
	TypeBadExit          = "Runtime.BadExit"
	TypeTimeout          = "Sandbox.Timedout"
	TypeOutOfFuel        = "Runtime.OutOfFuel"
	TypeResponseTooLarge = "Function.ResponseSizeTooLarge"
)

// FunctionError is the error of an invocation that reached the function and
// failed there: the function reported an error, trapped, exited, ran out of
// time or fuel. Get it with errors.As.
type FunctionError struct {
	// Type and Message are errorType and errorMessage, as on AWS Lambda: one of
	// the constants Type…, or what the function reported.
	Type, Message string

	// Payload is the answer to the caller: a JSON object with errorType,
	// errorMessage and whatever else the function reported.
	Payload json.RawMessage

	// Err is the cause, if the function did not report the error itself: a
	// *engine.Trap, engine.ErrTimeout, engine.ErrOutOfFuel, or how it exited.
	Err error
}

func (e *FunctionError) Error() string { return e.Type + ": " + e.Message }
func (e *FunctionError) Unwrap() error { return e.Err }

// newFunctionError makes the error that Lambent reports for a function.
func newFunctionError(errorType, message string, cause error) *FunctionError {
	payload, err := json.Marshal(reported{errorType, message})
	if err != nil { // two strings always marshal
		panic(err)
	}
	return &FunctionError{Type: errorType, Message: message, Payload: payload, Err: cause}
}

// reportedError makes the error that a function reported as payload, a JSON
// object. A missing errorType is "Error", as AWS's own runtimes have it.
func reportedError(payload json.RawMessage) *FunctionError {
	var r reported
	// Fields of another type than string are the function's own affair: they
	// stay in the payload.
	_ = json.Unmarshal(payload, &r)
	if r.Type == "" {
		r.Type = "Error"
	}
	return &FunctionError{Type: r.Type, Message: r.Message, Payload: payload}
}

type reported struct {
	Type    string `json:"errorType"`
	Message string `json:"errorMessage"`
}

// InitError is the error of New when the module's init phase failed.
type InitError struct {
	Err error // a *FunctionError, or an error of the host
}

func (e *InitError) Error() string { return fmt.Sprintf("init: %v", e.Err) }
func (e *InitError) Unwrap() error { return e.Err }

// hostError is an error that is not the function's. errors.Is finds what it
// wraps; errors.As does, too, but for a *FunctionError and an *InitError: those
// are of another invocation, which the caller cancelled this one for.
type hostError struct{ err error }

func (e *hostError) Error() string        { return "sandbox: " + e.err.Error() }
func (e *hostError) Is(target error) bool { return errors.Is(e.err, target) }

func (e *hostError) As(target any) bool {
	switch target.(type) {
	case **FunctionError, **InitError:
		return false
	}
	return errors.As(e.err, target)
}
