//go:build wasmtime && cgo && linux && amd64

package wasmtime

// #include "guest.h"
import "C"

import (
	"errors"
	"sync"
	"unsafe"
)

const (
	// mostStack is how much of a stack guests may use, in bytes: more than
	// meter.StackLimit lets them, but for functions that keep hundreds of values.
	mostStack = 48 << 20
	// hostStack is what wasmtime has of it beyond.
	hostStack = 1 << 20
	stackSize = mostStack + hostStack

	// restingStack is how much memory a stack keeps that nobody uses, in bytes.
	restingStack = 256 << 10
	// restingStacks is how many of them wait for calls.
	restingStacks = 64
)

var errStack = errors.New("wasmtime: no addresses for a guest's stack can be had")

// stacks are the stacks of an engine's guests. They are where calls are: an
// instance that rests has none.
type stacks struct {
	mu     sync.Mutex // before nothing else
	rest   []resting  // the last used last
	closed bool
}

// resting is a stack that nobody uses.
type resting struct {
	end  unsafe.Pointer
	used bool // since it was trimmed
}

// take returns the end of a stack.
func (s *stacks) take() (unsafe.Pointer, error) {
	s.mu.Lock()
	if n := len(s.rest); n > 0 {
		end := s.rest[n-1].end
		s.rest = s.rest[:n-1]
		s.mu.Unlock()
		return end, nil
	}
	s.mu.Unlock()
	end := C.lambent_stack_new(stackSize)
	if end == nil {
		return nil, errStack
	}
	return end, nil
}

// put gives a stack back.
func (s *stacks) put(end unsafe.Pointer) {
	s.mu.Lock()
	if !s.closed && len(s.rest) < restingStacks {
		s.rest = append(s.rest, resting{end, true})
		s.mu.Unlock()
		return
	}
	s.mu.Unlock()
	C.lambent_stack_delete(end, stackSize)
}

// trim gives the memory back that calls took which went deep.
func (s *stacks) trim() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.rest {
		if r := &s.rest[i]; r.used {
			C.lambent_stack_trim(r.end, stackSize, restingStack)
			r.used = false
		}
	}
}

// close gives all back; those in use follow when they are put.
func (s *stacks) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.rest {
		C.lambent_stack_delete(r.end, stackSize)
	}
	s.rest, s.closed = nil, true
}
