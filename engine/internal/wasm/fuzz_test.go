package wasm

import (
	"errors"
	"testing"
)

// Read answers any bytes with a module or with one of its errors.
func FuzzRead(f *testing.F) {
	f.Add(full().Bytes())
	for _, row := range operationRows {
		f.Add(withFunction(decodeHex(f, row.before), decodeHex(f, row.bytes)))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Read(b, Limits{})
		if (m == nil) == (err == nil) {
			t.Fatalf("module %v, error %v", m, err)
		}
		if err == nil {
			for _, s := range m.Sections {
				if s.Start > s.End || s.End > len(b) {
					t.Fatalf("section %+v of %d bytes", s, len(b))
				}
			}
			return
		}
		var e *Error
		if !errors.As(err, &e) || e.Offset < 0 || e.Offset > len(b) || e.Found == "" || e.Allowed == "" {
			t.Fatalf("%#v", err)
		}
		if !errors.Is(err, ErrMalformed) && !errors.Is(err, ErrUnsupported) && !errors.Is(err, ErrTooLarge) && !errors.Is(err, ErrInvalid) {
			t.Fatalf("%v wraps no sentinel", err)
		}
	})
}
