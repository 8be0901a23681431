package host

import (
	"context"
	"encoding/json"

	"github.com/lambent-dev/lambent/host/internal/function"
)

// Invocation is one event for a function. Function is required.
type Invocation struct {
	// Function is its name, which means $LATEST, or NAME:VERSION or NAME:ALIAS.
	Function string

	// Event is the payload: JSON, at most 6,291,456 bytes. It is not copied; do
	// not change it before Invoke returns. Default: {}.
	Event []byte

	// RequestID is what the function and its log say. Default: a random UUID.
	RequestID string

	// ClientContext is JSON for the function, or empty.
	ClientContext json.RawMessage

	// Tail asks for the last 4 KiB of the log, with START, END and REPORT lines.
	Tail bool
}

// Result is what an Invocation came to. Payload is JSON: what the function
// answered or, if Failed, an object with errorType and errorMessage.
type Result = function.InvokeOutput

// Invoke gives an event to a function, in an instance that no other event has
// seen, and waits for what it answers; the guest runs on the calling goroutine. A
// function that fails is a Result, not an error.
//
// Errors: CodeResourceNotFound, CodeResourceConflict (the function is Pending for
// longer than Limits.Patience, or Failed), CodeInvalidRequestContent,
// CodeRequestTooLarge, CodeServiceUnavailable, CodeService, the cause of ctx.
func (h *Host) Invoke(ctx context.Context, in Invocation) (Result, error) {
	ref, arn := refTo(in.Function), ""
	if ref.Qualifier != "" {
		arn = h.service.ARN(ref)
	}
	return h.service.Invoke(ctx, function.InvokeInput{
		Ref:           ref,
		InvokedARN:    arn,
		RequestID:     in.RequestID,
		Event:         in.Event,
		ClientContext: in.ClientContext,
		Tail:          in.Tail,
	})
}
