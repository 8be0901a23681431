package api

import (
	"github.com/lambent-dev/lambent/host/internal/auth"
	"github.com/lambent-dev/lambent/host/internal/auth/sigv4"
)

// Request is an HTTP request whose body was read already.
type Request struct {
	ID    string // of the request; answered as x-amzn-RequestId
	Host  string // as the client named it, with port
	Query string // raw, without the question mark
	// Header holds the header fields.
	Header Header
	// Body must not change until Serve has returned.
	Body []byte

	// Client is where it comes from.
	Client Client
	// Signed is the request as it came, for its signature; needed where signatures
	// are enforced.
	Signed *sigv4.Request
	// Caller and Service are set by Finish: who makes the request, and the service
	// that it was signed for, "" if it is not known.
	Caller  *auth.Caller
	Service string
}

// Header answers the value of a header field, "" if there is none; names are
// canonical: X-Amz-Log-Type. A net/http.Header is one.
type Header interface {
	Get(name string) string
}

// Response is what to answer. Body is the receiver's.
type Response struct {
	Status int
	Header []Field
	Body   []byte
	// Err is why Status is 500 or more, for the log. It is not for the caller.
	Err error
}

// Field is a header field.
type Field struct{ Name, Value string }

// Get returns the value of a header field, "" if there is none.
func (r *Response) Get(name string) string {
	for _, f := range r.Header {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

const (
	contentType = "Content-Type"
	requestID   = "X-Amzn-Requestid"
	errorType   = "X-Amzn-Errortype"
	asJSON      = "application/json"
)
