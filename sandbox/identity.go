package sandbox

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"time"

	"github.com/lambent-dev/lambent/engine"
)

// NewRequestID makes a request id for a caller that needs to know it before the
// invocation.
func NewRequestID() string { return newID(rand.Reader) }

// newID makes a request id: a random UUID (RFC 9562, version 4).
func newID(random io.Reader) string { return formatID(draw(random)) }

func formatID(b [16]byte) string {
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	var s [36]byte
	hex.Encode(s[0:], b[0:4])
	hex.Encode(s[9:], b[4:6])
	hex.Encode(s[14:], b[6:8])
	hex.Encode(s[19:], b[8:10])
	hex.Encode(s[24:], b[10:16])
	s[8], s[13], s[18], s[23] = '-', '-', '-', '-'
	return string(s[:])
}

// newLogStream makes the name of a log stream as AWS Lambda does.
func newLogStream(now time.Time, version string, random io.Reader) string {
	b := draw(random)
	s := now.UTC().AppendFormat(make([]byte, 0, 64), "2006/01/02/")
	s = append(append(append(s, '['), version...), ']')
	return string(hex.AppendEncode(s, b[:]))
}

func draw(random io.Reader) (b [16]byte) {
	if _, err := io.ReadFull(random, b[:]); err != nil {
		engine.Stop(fmt.Errorf("source of randomness: %w", err))
	}
	return b
}
