package jsonata

// UndefinedValue is the type of [Undefined].
type UndefinedValue struct{}

// Undefined is the absence of a value: what a path that matches nothing gives.
// Compare with ==.
var Undefined UndefinedValue

// String returns "undefined".
func (UndefinedValue) String() string { return "undefined" }
