// Package api speaks the wire protocols of AWS Lambda and AWS Step Functions: it finds the operation that a
// request names, takes function names and ARNs apart, checks what the service
// model says of every field, decodes JSON, and writes answers and errors in
// AWS's shapes.
//
// It has no logic of its own: what an operation means is the business of packages
// function and workflow. It knows no listener and no HTTP library either; package gateway
// brings requests, under the limits that an Operation states, and sends the
// responses.
//
// Where a message or a pattern here differs from the published service model, it
// was recorded from AWS (see testdata/conformance).
package api
