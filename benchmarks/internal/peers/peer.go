package peers

import (
	"context"
	"time"
)

// Peer answers events. It is safe for concurrent use.
type Peer interface {
	Answer(ctx context.Context, event []byte) ([]byte, error)
	Close() error
}

// The limits of those that have them, Lambent's defaults.
const (
	memoryPages = 128 << 20 >> 16 // of 64 KiB
	timeout     = 3 * time.Second
)
