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
func newID(random io.Reader) string {
	b := draw(random)
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// newLogStream makes the name of a log stream as AWS Lambda does.
func newLogStream(now time.Time, version string, random io.Reader) string {
	b := draw(random)
	return fmt.Sprintf("%s/[%s]%s", now.UTC().Format("2006/01/02"), version, hex.EncodeToString(b[:]))
}

func draw(random io.Reader) (b [16]byte) {
	if _, err := io.ReadFull(random, b[:]); err != nil {
		engine.Stop(fmt.Errorf("source of randomness: %w", err))
	}
	return b
}
