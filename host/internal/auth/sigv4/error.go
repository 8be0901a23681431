package sigv4

import "fmt"

// Error is why a request is not believed.
type Error struct {
	Kind    Kind
	Message string // for the caller; in AWS's words where they are known
}

func (e *Error) Error() string { return e.Message }

// Kind is what AWS's error codes tell apart. What each is called depends on the
// protocol.
type Kind uint8

// The kinds of errors.
const (
	Missing    Kind = iota + 1 // there is no signature
	Incomplete                 // a part of it is missing, or not of its form
	Invalid                    // it is not that of this request, now
	Unknown                    // its key is unknown
	Expired                    // its session token is
)

func refuse(kind Kind, format string, args ...any) *Error {
	return &Error{kind, fmt.Sprintf(format, args...)}
}

// mismatch is AWS's text for a signature that another key or another request has.
const mismatch = "The request signature we calculated does not match the signature you provided. " +
	"Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
