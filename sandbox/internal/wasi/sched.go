package wasi

import (
	"context"
	"runtime"

	"github.com/lambent-dev/lambent/engine"
)

// schedYield lets other goroutines of the host run. A guest that does nothing
// else ends when the context does.
func (s *State) schedYield(ctx context.Context, _ engine.Memory, _ []uint64) Errno {
	interrupted(ctx)
	runtime.Gosched()
	return ESUCCESS
}
