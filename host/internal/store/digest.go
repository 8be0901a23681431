package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Digest is the sha256 of a code package: its name.
type Digest [sha256.Size]byte

// DigestOf returns the digest of code.
func DigestOf(code []byte) Digest { return sha256.Sum256(code) }

// ParseDigest reads what String writes: 64 lower-case hexadecimal digits.
func ParseDigest(s string) (Digest, error) {
	var d Digest
	if b, err := hex.DecodeString(s); err == nil && len(b) == len(d) {
		if copy(d[:], b); d.String() == s {
			return d, nil
		}
	}
	return Digest{}, fmt.Errorf("%w: digest is %.80q, allowed are %d lower-case hexadecimal digits", ErrInvalid, s, 2*len(d))
}

func (d Digest) String() string { return hex.EncodeToString(d[:]) }
