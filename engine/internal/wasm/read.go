package wasm

import "bytes"

// Read reads and checks a whole module. Its errors are *Error.
func Read(b []byte, limits Limits) (*Module, error) {
	if !bytes.HasPrefix(b, []byte("\x00asm")) {
		return nil, &Error{Err: ErrMalformed, Found: "no magic number", Allowed: "a module begins with 00 61 73 6d"}
	}
	return &Module{}, nil
}
