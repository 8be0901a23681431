package gateway

import "github.com/lambent-dev/lambent/sandbox"

// newRequestID makes the id of a request, which is its invocation's, too.
func newRequestID() string { return sandbox.NewRequestID() }
