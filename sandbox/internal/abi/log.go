package abi

import (
	"context"
	"math"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox/internal/wasi"
)

// log(level, ptr, len) → len: one structured line; level 0 trace, 1 debug,
// 2 info, 3 warn, 4 error. −EINVAL: another level. −E2BIG: 2 GiB or more. −EFAULT.
func (s *State) log(_ context.Context, m engine.Memory, p []uint64) int32 {
	level := int32(uint32(p[0]))
	line, ok := argument(m, p, 1)
	switch {
	case !ok:
		return fail(wasi.EFAULT)
	case level < 0 || level > 4:
		return fail(wasi.EINVAL)
	case len(line) > math.MaxInt32: // the answer could not say so
		return fail(wasi.E2BIG)
	}
	s.WASI.Pay(len(line))
	s.Log(level, line)
	return int32(len(line))
}
