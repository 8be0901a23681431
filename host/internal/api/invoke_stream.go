package api

import (
	"encoding/base64"
	"encoding/json"

	"github.com/lambent-dev/lambent/host/internal/fault"
)

// invokeWithResponseStream is Invoke with the response as an event stream. The
// function is waited for: what it answers comes in chunks, when it is whole.
func (c *call) invokeWithResponseStream() Response {
	in, kind, err := c.invocation()
	if err == nil && kind == "Event" {
		var v violations
		v.enum("invocationType", &kind, "RequestResponse", "DryRun")
		err = v.err()
	}
	if err != nil {
		return c.fail(err)
	}
	if kind == "DryRun" {
		return c.dryRun(in.Ref)
	}
	out, failed := c.api.functions.Invoke(c.ctx, in)
	if failed != nil {
		return c.fail(failed)
	}
	var complete struct {
		ErrorCode, ErrorDetails, LogResult string `json:",omitempty"`
	}
	if in.Tail {
		complete.LogResult = base64.StdEncoding.EncodeToString(out.LogTail)
	}
	var stream []byte
	if out.Failed {
		complete.ErrorCode, complete.ErrorDetails = "Unhandled", string(out.Payload)
	} else {
		for rest := out.Payload; len(rest) > 0; {
			n := min(len(rest), maxPayload)
			stream = appendMessage(stream, "PayloadChunk", "application/octet-stream", rest[:n])
			rest = rest[n:]
		}
	}
	last, _ := json.Marshal(complete) // strings encode
	return Response{
		Status: 200,
		Header: []Field{
			{contentType, "application/vnd.amazon.eventstream"},
			{requestID, in.RequestID},
			{"X-Amz-Executed-Version", out.Version},
		},
		Body: appendMessage(stream, "InvokeComplete", asJSON, last),
	}
}

// invokeAsync says what is missing: an event that is taken has to be kept.
func (c *call) invokeAsync() Response {
	if _, err := c.target(true); err != nil {
		return c.fail(err)
	}
	return c.fail(errNotAsynchronous)
}

var errNotAsynchronous = fault.New(fault.NotImplemented,
	"Lambent does not have asynchronous invocation (Invoke with the InvocationType Event, or InvokeAsync) yet; use RequestResponse.")
