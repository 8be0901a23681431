// Package function owns functions: their code and configuration, the states
// they pass through, and the synchronous path of an invocation.
//
// It never speaks HTTP and never SQL. What AWS calls a field has that name
// here, but shapes on the wire are package api's business and rows are package
// store's.
package function
