package wasi

import (
	"context"

	"github.com/lambent-dev/lambent/engine"
)

// environGet writes the guest's environment as argsGet does its arguments,
// each variable as "NAME=value". The host's environment is never part of it.
//
//	environ     → one u32 for each variable, pointing into environ_buf
//	environ_buf → the variables, each followed by a NUL
//
// EFAULT: either does not fit where it points.
func (s *State) environGet(_ context.Context, m engine.Memory, p []uint64) Errno {
	return s.putStrings(m, s.environment(), uint32(p[0]), uint32(p[1]))
}

// environSizesGet writes how much environGet will.
//
//	environc         → u32, how many variables there are
//	environ_buf_size → u32, the bytes of all of them with their NULs
//
// EFAULT.
func (s *State) environSizesGet(_ context.Context, m engine.Memory, p []uint64) Errno {
	return putSizes(m, s.environment(), uint32(p[0]), uint32(p[1]))
}

func (s *State) environment() []string {
	if s.cfg.Env == nil {
		return nil
	}
	return s.cfg.Env()
}
