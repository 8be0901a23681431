package lambent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// Errors of [Call], matched with errors.Is.
var (
	// ErrUnknownCall: the embedder offers no function of that name.
	ErrUnknownCall = errors.New("no such function")
	// ErrForbiddenCall: the policy forbids this call.
	ErrForbiddenCall = errors.New("forbidden by the policy")
	// ErrTooManyCalls: as many calls are under way as may be at once.
	ErrTooManyCalls = errors.New("too many calls at once")
	// ErrCallTooLarge: the argument is larger than calls may take.
	ErrCallTooLarge = errors.New("argument too large")
)

// CallError is the error that a function of the embedder returned. Get it with
// errors.As.
type CallError struct {
	Name          string // of the function
	Type, Message string
}

func (e *CallError) Error() string {
	return fmt.Sprintf("lambent: call %q: %s: %s", e.Name, e.Type, e.Message)
}

// Call calls the Go function that the program around Lambent offers under name,
// and returns its answer. Only this goroutine waits. If ctx ends first the call
// is cancelled and the error is that of ctx.
//
// Functions are offered by who embeds Lambent (sandbox.Calls). Elsewhere there
// are none, but tests can offer some: see [WithCalls].
func Call(ctx context.Context, name string, in []byte) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, callFailed(name, err)
	}
	if calls, ok := ctx.Value(callsKey{}).(map[string]CallFunc); ok {
		return callLocal(ctx, calls, name, in)
	}
	status, body, err := callHost(ctx, name, in)
	if err != nil {
		return nil, callFailed(name, err)
	}
	if status >= 400 {
		return nil, newCallError(name, body)
	}
	return body, nil
}

// CallFunc is a function that [Call] calls.
type CallFunc func(ctx context.Context, in []byte) ([]byte, error)

type callsKey struct{}

// WithCalls returns a context under which [Call] calls these functions and no
// others: for tests of handlers.
func WithCalls(ctx context.Context, calls map[string]CallFunc) context.Context {
	return context.WithValue(ctx, callsKey{}, calls)
}

func callLocal(ctx context.Context, calls map[string]CallFunc, name string, in []byte) ([]byte, error) {
	call := calls[name]
	if call == nil {
		return nil, callFailed(name, ErrUnknownCall)
	}
	out, err := call(ctx, in)
	if ctx.Err() != nil {
		return nil, callFailed(name, ctx.Err())
	}
	if err != nil {
		return nil, &CallError{Name: name, Type: typeName(err), Message: err.Error()}
	}
	return out, nil
}

func callFailed(name string, err error) error {
	return fmt.Errorf("lambent: call %q: %w", name, err)
}

// newCallError reads the body of an answer that says the call failed.
func newCallError(name string, body []byte) *CallError {
	var reported struct {
		Type    string `json:"errorType"`
		Message string `json:"errorMessage"`
	}
	if json.Unmarshal(body, &reported) != nil || reported.Type == "" {
		return &CallError{Name: name, Type: "Error", Message: string(body)}
	}
	return &CallError{Name: name, Type: reported.Type, Message: reported.Message}
}
