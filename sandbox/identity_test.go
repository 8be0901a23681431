package sandbox

import (
	"bytes"
	"testing"
	"time"
)

func TestIdentity(t *testing.T) {
	random := []byte{0: 0x01, 1: 0x23, 6: 0xff, 7: 0xee, 8: 0xff, 9: 0xdd, 15: 0x9a}
	if got, want := newID(bytes.NewReader(random)), "01230000-0000-4fee-bfdd-00000000009a"; got != want {
		t.Errorf("the request id is %s, want %s", got, want)
	}
	now := time.Date(2026, 3, 4, 1, 0, 0, 0, time.FixedZone("", 2*3600)) // the day before, in UTC
	if got, want := newLogStream(now, "$LATEST", bytes.NewReader(random)), "2026/03/03/[$LATEST]012300000000ffeeffdd00000000009a"; got != want {
		t.Errorf("the log stream is %s, want %s", got, want)
	}
	if a, b := NewRequestID(), NewRequestID(); a == b || len(a) != 36 {
		t.Errorf("%s and %s", a, b)
	}
}
