// Package binding is what engines have in common where a guest calls its host:
// which function an import is bound to, and what becomes of a panic.
//
// It knows no engine, and calls no host function.
package binding
