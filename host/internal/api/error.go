package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"

	"github.com/lambent-dev/lambent/host/internal/fault"
)

// wire is how a code is answered.
type wire struct {
	status int
	member string // that holds the message: the service model has both spellings
	typ    string // User, Service; "" for codes that the model does not have
	reason string
}

var codes = map[fault.Code]wire{
	fault.InvalidParameterValue:                {400, "message", "User", ""},
	fault.InvalidRequestContent:                {400, "message", "User", ""},
	fault.Validation:                           {400, "message", "", ""},
	fault.Serialization:                        {400, "Message", "User", ""},
	fault.UnrecognizedClient:                   {403, "message", "", ""},
	fault.MissingAuthentication:                {403, "message", "", ""},
	fault.IncompleteSignature:                  {403, "message", "", ""},
	fault.InvalidSignature:                     {403, "message", "", ""},
	fault.ExpiredToken:                         {403, "message", "", ""},
	fault.AccessDenied:                         {403, "Message", "User", ""},
	fault.ResourceNotFound:                     {404, "Message", "User", ""},
	fault.ProvisionedConcurrencyConfigNotFound: {404, "message", "User", ""},
	fault.UnknownOperation:                     {404, "message", "", ""},
	fault.ResourceInUse:                        {400, "Message", "User", ""},
	fault.ResourceConflict:                     {409, "message", "User", ""},
	fault.PreconditionFailed:                   {412, "message", "User", ""},
	fault.RequestTooLarge:                      {413, "message", "User", ""},
	fault.RequestEntityTooLarge:                {413, "message", "", ""},
	fault.UnsupportedMediaType:                 {415, "message", "User", ""},
	fault.TooManyRequests:                      {429, "message", "User", "ConcurrentInvocationLimitExceeded"},
	fault.Service:                              {500, "Message", "Service", ""},
	// 501 is a status that no SDK takes for a reason to try again.
	fault.NotImplemented:     {501, "Message", "User", ""},
	fault.InvalidRuntime:     {502, "Message", "User", ""},
	fault.InvalidZipFile:     {502, "Message", "User", ""},
	fault.ResourceNotReady:   {502, "message", "User", ""},
	fault.ServiceUnavailable: {503, "Message", "Service", ""},
}

// Fail is the response to a request that failed. An error that is no
// *fault.Error says nothing to the caller but the request's id.
func Fail(id string, err error) Response {
	f := asFault(err)
	w, ok := codes[f.Code]
	if !ok {
		w = wire{400, "message", "User", ""}
	}
	body := map[string]any{w.member: f.Message}
	if f.Message == "" {
		body[w.member] = nil
	}
	if w.typ != "" && !f.Untyped {
		body["Type"] = w.typ
	}
	if reason := cmp.Or(f.Reason, w.reason); reason != "" {
		body["Reason"] = reason
	}
	text, _ := json.Marshal(body) // strings encode
	r := Response{Status: w.status, Body: text, Header: []Field{
		{contentType, asJSON}, {requestID, id}, {errorType, string(f.Code)},
	}}
	if w.status >= 500 && w.status != 501 {
		r.Err = err
	}
	if w.status == 429 || w.status == 503 {
		r.Header = append(r.Header, Field{"Retry-After", "1"})
	}
	return r
}

// FailAs is Fail with a status that its code does not have: for what goes wrong
// before there is an operation.
func FailAs(id string, status int, err *fault.Error) Response {
	r := Fail(id, err)
	r.Status = status
	return r
}

func asFault(err error) *fault.Error {
	var f *fault.Error
	switch {
	case errors.As(err, &f):
		return f
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fault.New(fault.ServiceUnavailable, "The host is shutting down.")
	}
	return &fault.Error{Code: fault.Service, Message: "The host failed; its log says why.", Err: err}
}
