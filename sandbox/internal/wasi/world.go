package wasi

import (
	"context"
	"time"
)

// World is where the answers come from that a guest could not compute itself:
// time, chance, and which of several things happened first. Nothing else in
// this package asks the outside, so what stands behind World can record an
// invocation and replay it bit by bit.
type World interface {
	// Wall returns nanoseconds since the Unix epoch.
	Wall() int64

	// Monotonic returns nanoseconds since some fixed instant; it never falls.
	Monotonic() int64

	// Random fills p from a cryptographic source.
	Random(p []byte)

	// Wait returns, for each channel, whether it is closed, as soon as one is
	// or timeout is over; a negative timeout has no end, 0 asks and does not
	// wait. If ctx is done first it stops the guest and does not return. The
	// result is valid until the next call.
	Wait(ctx context.Context, ready []<-chan struct{}, timeout time.Duration) []bool
}
