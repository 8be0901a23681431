// Package api speaks the wire protocols of AWS Lambda and AWS Step Functions: it
// finds the operation that a request names, takes function names and ARNs apart,
// checks what the service model says of every field, decodes JSON, and writes
// answers and errors in AWS's shapes.
//
// It has no logic of its own: what an operation means is the business of packages
// function and workflow. It knows no listener and no HTTP library either; package
// gateway brings requests, under the limits that an Operation states, and sends the
// responses.
//
// # Names and qualifiers
//
// An operation finds out what it is about with target(true), if it takes a version
// or an alias, in the name or as Qualifier; with whole, if functions alone have what
// it changes. Both check the name as the service model says and take ARNs apart;
// what the qualifier names, and whether that is there, package function decides.
//
// Where a message or a pattern here differs from the published service model, it
// was recorded from AWS (see package hosttest/replay).
package api
