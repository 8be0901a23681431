package stored

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrDamaged: the bytes are not what was written.
var ErrDamaged = errors.New("stored data is damaged")

// Reader reads values from the front of a byte string. After the first that is
// not there, all are zero, and End returns an error.
type Reader struct {
	rest   []byte
	size   int
	failed bool
	at     int // of the first value that was not there
}

// NewReader reads b, which must not change.
func NewReader(b []byte) *Reader { return &Reader{rest: b, size: len(b)} }

func (r *Reader) fail() {
	if !r.failed {
		r.failed, r.at = true, r.size-len(r.rest)
	}
	r.rest = nil
}

// Number reads what binary.AppendUvarint wrote.
func (r *Reader) Number() uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 {
		r.fail()
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

// Uint32 reads a Number that has to fit 32 bits.
func (r *Reader) Uint32() uint32 {
	v := r.Number()
	if v > 1<<32-1 {
		r.fail()
		return 0
	}
	return uint32(v)
}

// Byte reads one byte.
func (r *Reader) Byte() byte {
	b := r.Fixed(1)
	if len(b) == 0 {
		return 0
	}
	return b[0]
}

// Bool reads a byte that has to be 0 or 1.
func (r *Reader) Bool() bool {
	b := r.Byte()
	if b > 1 {
		r.fail()
	}
	return b == 1
}

// Fixed reads n bytes, as a view, or returns nil.
func (r *Reader) Fixed(n int) []byte {
	if n < 0 || n > len(r.rest) {
		r.fail()
		return nil
	}
	b := r.rest[:n:n]
	r.rest = r.rest[n:]
	return b
}

// Bytes reads what AppendBytes wrote, as a view.
func (r *Reader) Bytes() []byte {
	n := r.Number()
	if n > uint64(len(r.rest)) {
		r.fail()
		return nil
	}
	return r.Fixed(int(n))
}

// Count reads how many items follow, each of at least least bytes, which is not
// 0.
func (r *Reader) Count(least int) int {
	n := r.Number()
	if n > uint64(len(r.rest)/least) {
		r.fail()
		return 0
	}
	return int(n)
}

// More says whether something is left to read.
func (r *Reader) More() bool { return len(r.rest) > 0 }

// End returns an error that wraps ErrDamaged if something was not there, or if
// something is left.
func (r *Reader) End() error {
	switch {
	case r.failed:
		return fmt.Errorf("%w: at byte %d of %d", ErrDamaged, r.at, r.size)
	case len(r.rest) > 0:
		return fmt.Errorf("%w: %d bytes too many, of %d", ErrDamaged, len(r.rest), r.size)
	}
	return nil
}

// AppendBytes appends the length of a byte string, then the byte string.
func AppendBytes[T ~[]byte | ~string](out []byte, b T) []byte {
	return append(binary.AppendUvarint(out, uint64(len(b))), b...)
}

// AppendBool appends 0 or 1.
func AppendBool(out []byte, b bool) []byte {
	if b {
		return append(out, 1)
	}
	return append(out, 0)
}
