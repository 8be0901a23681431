package abi

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox/internal/wasi"
)

// handlerWork is what comparing a handler's name costs, in bytes copied.
const handlerWork = 64

// register(nptr, nlen) → index of the handler: names a handler, during init
// only. −EPERM: init is over. −EINVAL: an empty name, more than MaxHandlerName
// bytes, white space, not UTF-8. −EEXIST: given before. −E2BIG: MaxHandlers
// are there. −EFAULT.
func (s *State) register(_ context.Context, m engine.Memory, p []uint64) int32 {
	b, ok := argument(m, p, 0)
	switch {
	case !ok:
		return fail(wasi.EFAULT)
	case s.ready:
		return fail(wasi.EPERM)
	case len(b) == 0 || len(b) > MaxHandlerName || !utf8.Valid(b):
		return fail(wasi.EINVAL)
	case len(s.Handlers) == MaxHandlers:
		return fail(wasi.E2BIG)
	}
	s.WASI.Pay(len(b))
	s.WASI.Work(handlerWork * len(s.Handlers))
	name := string(b)
	if len(strings.Fields(name)) != 1 || strings.TrimSpace(name) != name {
		return fail(wasi.EINVAL)
	}
	if slices.Contains(s.Handlers, name) {
		return fail(wasi.EEXIST)
	}
	s.Handlers = append(s.Handlers, name)
	return int32(len(s.Handlers) - 1)
}

// maxKey is more bytes than any key of Context has.
const maxKey = 64

// ctx_get(kptr, klen, ptr, cap) → length of the value: writes min(cap, length)
// bytes of it to ptr. −ENOENT: no such key. −EFAULT.
func (s *State) ctxGet(_ context.Context, m engine.Memory, p []uint64) int32 {
	key, ok := argument(m, p, 0)
	if !ok {
		return fail(wasi.EFAULT)
	}
	if len(key) > maxKey {
		return fail(wasi.ENOENT) // before it is looked up
	}
	s.WASI.Pay(len(key))
	value, ok := s.Context(string(key))
	if !ok {
		return fail(wasi.ENOENT)
	}
	n := min(uint32(len(value)), uint32(p[3]))
	dst, ok := m.Slice(uint32(p[2]), n)
	if !ok {
		return fail(wasi.EFAULT)
	}
	s.WASI.Pay(len(dst))
	copy(dst, value)
	return int32(len(value))
}

// deadline_ms() → i64: when the invocation's time ends, in milliseconds since
// the Unix epoch.
func (s *State) deadlineMs() int64 { return s.World.Deadline() / int64(time.Millisecond) }

// remaining_ms() → i64: milliseconds until then, never negative.
func (s *State) remainingMs() int64 {
	return max(0, (s.World.Deadline()-s.World.Wall())/int64(time.Millisecond))
}

// feature(ptr, len) → 1 if this host offers the feature of that name, else 0.
// Names are those of the functions of this module which a host may lack:
// "call", "http". −EFAULT.
func (s *State) feature(_ context.Context, m engine.Memory, p []uint64) int32 {
	name, ok := argument(m, p, 0)
	if !ok {
		return fail(wasi.EFAULT)
	}
	if string(name) == "call" {
		return 1
	}
	return 0
}
