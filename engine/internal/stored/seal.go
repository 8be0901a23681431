package stored

import (
	"bytes"
	"crypto/sha256"
	"fmt"
)

// Key names what a sealed byte string is of.
type Key = [sha256.Size]byte

// Seal returns what content appends, sealed as
//
//	magic
//	32 bytes: the key
//	what content appends
//	32 bytes: the SHA-256 of all before
//
// so that Unseal finds damage, and whatever else is found in its place.
func Seal(magic string, key Key, content func(out []byte) []byte) []byte {
	out := content(append([]byte(magic), key[:]...))
	sum := sha256.Sum256(out)
	return append(out, sum[:]...)
}

// Unseal returns a Reader of what Seal's content appended. It has views of b, which
// must not change. Errors wrap ErrDamaged.
func Unseal(b []byte, magic string, key Key) (*Reader, error) {
	body := b[:max(len(b)-sha256.Size, 0)]
	if sum := sha256.Sum256(body); !bytes.Equal(sum[:], b[len(body):]) {
		return nil, fmt.Errorf("%w: the checksum is another", ErrDamaged)
	}
	r := NewReader(body)
	if begins := r.Fixed(len(magic)); string(begins) != magic {
		return nil, fmt.Errorf("%w: it begins with %q, want %q", ErrDamaged, begins, magic)
	}
	if !bytes.Equal(r.Fixed(len(key)), key[:]) {
		return nil, fmt.Errorf("%w: it is of something else", ErrDamaged)
	}
	return r, nil
}
