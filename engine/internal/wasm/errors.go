package wasm

import (
	"errors"
	"fmt"
)

// Errors of Read, matched with errors.Is. Every error of Read is an *Error that
// wraps one of them.
var (
	// ErrMalformed: the bytes are not a WebAssembly module, or are cut short.
	ErrMalformed = errors.New("malformed WebAssembly module")
	// ErrUnsupported: a well-formed binary of a kind that is not run here.
	ErrUnsupported = errors.New("unsupported WebAssembly module")
	// ErrTooLarge: the module exceeds one of Limits.
	ErrTooLarge = errors.New("WebAssembly module too large")
	// ErrInvalid: well-formed, but it does not validate.
	ErrInvalid = errors.New("invalid WebAssembly module")
)

// Error says what was found where, and what is allowed.
type Error struct {
	// Err is one of the sentinels of this package.
	Err error
	// Offset is the byte of the module where Found begins.
	Offset int
	// Where names the part of the module: "function 12", "" for the whole.
	Where string
	// Found is what was seen: "local index 9".
	Found string
	// Allowed is what would have been right: "the function has 3 locals".
	Allowed string
}

// Error writes "function 12: local index 9 at 0x1f3a: the function has 3
// locals".
func (e *Error) Error() string {
	where := ""
	if e.Where != "" {
		where = e.Where + ": "
	}
	return fmt.Sprintf("%s%s at 0x%x: %s", where, e.Found, e.Offset, e.Allowed)
}

func (e *Error) Unwrap() error { return e.Err }
