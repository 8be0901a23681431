package sandbox

import (
	"context"
	"log/slog"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox/internal/abi"
	"github.com/lambent-dev/lambent/sandbox/internal/memfs"
)

// pool hands out pristine instances for one event each. For now every take
// makes one, and every event ends with its destruction; nothing outside of this
// package depends on that.
type pool struct {
	config *Config
	life   context.Context // done when the Sandbox closes
	model  abi.Model
	module engine.Module
	files  *memfs.Base

	environment []string // that every event finds
}

// destroy releases an instance. Any doubt about one ends here.
func (p *pool) destroy(in *instance) {
	in.abi.WASI.Close() // cancels calls under way
	if in.live == nil {
		return
	}
	if err := in.live.Close(); err != nil {
		// The engine could not give memory back: nothing that a caller could
		// do about it, and nothing that may stay unseen.
		slog.Error("lambent: an instance could not be closed", "error", err)
	}
}
