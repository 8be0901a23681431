// Package payload holds JSON texts that go into and out of states, and what
// the packages below asl need to compare and bound their values.
//
// It is pure. Values are those of package jsonata; they are never changed once
// they are part of a payload.
package payload
