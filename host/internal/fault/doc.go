// Package fault is the error that every part of the host answers callers with:
// AWS's code, a message that says what was seen and what is allowed, and the
// cause, which stays inside. It decides nothing, not even an HTTP status: that
// belongs to the wire.
package fault
