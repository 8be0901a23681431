package sigv4

// Request is what of an HTTP request is signed, as it came.
type Request struct {
	Method string
	Path   string // as in the request's line, percent-encoded
	Query  string // the same, without the question mark
	Header Header
}

// Header holds the fields of a request's header.
type Header interface {
	// Get returns the first value of a field, without white space around it; ""
	// if there is none. Names are canonical: X-Amz-Date.
	Get(name string) string
	// Fields calls yield with every field, in the order in which they came, until
	// it returns false. What it is given is valid as long as the request is.
	Fields(yield func(name, value []byte) bool)
}

// Limits.
const (
	maxSignedHeaders = 100     // fields that are listed as signed
	maxParameters    = 1000    // of a query
	maxText          = 8 << 10 // bytes of an Authorization field, or of a token
)
