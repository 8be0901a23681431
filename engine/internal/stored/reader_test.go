package stored

import (
	"encoding/binary"
	"errors"
	"testing"
)

// written is one of everything.
func written() []byte {
	b := binary.AppendUvarint(nil, 1<<40)
	b = binary.AppendUvarint(b, 7)
	b = append(b, 'x')
	b = AppendBool(AppendBool(b, true), false)
	b = append(b, "abc"...)
	b = AppendBytes(b, "text")
	b = AppendBytes(b, []byte{})
	b = binary.AppendUvarint(b, 2)
	return append(b, 1, 2, 3, 4)
}

func TestReader(t *testing.T) {
	r := NewReader(written())
	if n := r.Number(); n != 1<<40 {
		t.Errorf("Number = %d", n)
	}
	if n := r.Uint32(); n != 7 {
		t.Errorf("Uint32 = %d", n)
	}
	if b := r.Byte(); b != 'x' {
		t.Errorf("Byte = %q", b)
	}
	if a, b := r.Bool(), r.Bool(); !a || b {
		t.Errorf("Bool = %t, %t", a, b)
	}
	if b := r.Fixed(3); string(b) != "abc" || cap(b) != 3 {
		t.Errorf("Fixed = %q with room for %d", b, cap(b))
	}
	if a, b := r.Bytes(), r.Bytes(); string(a) != "text" || cap(a) != 4 || len(b) != 0 {
		t.Errorf("Bytes = %q, %q", a, b)
	}
	if !r.More() {
		t.Error("the rest is missing")
	}
	if n := r.Count(2); n != 2 {
		t.Errorf("Count = %d", n)
	}
	if err := r.End(); !errors.Is(err, ErrDamaged) {
		t.Errorf("with 4 bytes left: %v", err)
	}
	r.Fixed(4)
	if r.More() {
		t.Error("there is more than everything")
	}
	if err := r.End(); err != nil {
		t.Error(err)
	}
}

// TestDamage: a value that is not there is zero, and so is what would follow.
func TestDamage(t *testing.T) {
	huge := binary.AppendUvarint(nil, 1<<62)
	for name, read := range map[string]func() (*Reader, bool){
		"no number":         func() (*Reader, bool) { r := NewReader(nil); return r, r.Number() == 0 },
		"an endless number": func() (*Reader, bool) { r := NewReader([]byte{0xff}); return r, r.Number() == 0 },
		"33 bits":           func() (*Reader, bool) { r := NewReader(huge); return r, r.Uint32() == 0 },
		"no byte":           func() (*Reader, bool) { r := NewReader(nil); return r, r.Byte() == 0 },
		"bool 2":            func() (*Reader, bool) { r := NewReader([]byte{2}); return r, !r.Bool() },
		"short":             func() (*Reader, bool) { r := NewReader([]byte{1}); return r, r.Fixed(2) == nil },
		"negative":          func() (*Reader, bool) { r := NewReader([]byte{1}); return r, r.Fixed(-1) == nil },
		"long bytes":        func() (*Reader, bool) { r := NewReader(huge); return r, r.Bytes() == nil },
		"many items":        func() (*Reader, bool) { r := NewReader(append(huge, 1, 2)); return r, r.Count(1) == 0 },
		"items too large":   func() (*Reader, bool) { r := NewReader([]byte{2, 1, 1, 1}); return r, r.Count(2) == 0 },
	} {
		r, zero := read()
		if !zero {
			t.Errorf("%s: not zero", name)
		}
		if r.Number() != 0 || r.Bytes() != nil || r.Byte() != 0 {
			t.Errorf("%s: something follows", name)
		}
		if err := r.End(); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
