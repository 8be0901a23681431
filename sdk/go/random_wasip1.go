package lambent

import (
	"errors"
	"math/rand/v2"
	"syscall"
	"unsafe"
)

// Go's runtime seeds its random state when a program starts, and has no way to
// do so again. Two instances restored from one image would draw the same values
// from it: those of the functions of math/rand and math/rand/v2, the order of
// maps and of select. So we look for the state, once, before the image is made,
// and overwrite it whenever an instance was restored from one.
//
// That depends on how Go's runtime lays its state out. Nothing is overwritten of
// which it was not seen that the runtime draws from it; if it is not found, the
// program does not let itself be frozen (see lambentInit).

// generator is the runtime's random state (internal/chacha8rand.State). WebAssembly
// has one thread, and the runtime has a state for each.
type generator struct {
	buf  [32]uint64 // values to hand out
	seed [4]uint64  // what the values after them are made of
	i, n uint32     // the next value is buf[i]; with i == n there is none
	c    uint32     // 0, 4, 8, 12: how often seed was used; buf then ends with the next seed
	_    uint32
	fast [2]uint32 // runtime.m.cheaprand, which follows: the order of select
}

// Where the state is looked for: the runtime's structure g has a pointer to its
// structure m within this many words, and m has the state within this many.
const (
	wordsOfG = 32
	wordsOfM = 512
	word     = unsafe.Sizeof(uintptr(0))
)

// currentG returns the runtime's structure of this goroutine.
func currentG() unsafe.Pointer

// memoryPages returns the size of linear memory in pages of 64 KiB.
func memoryPages() uint32

// errNoGenerator: what Go was changed to is not known to this package.
var errNoGenerator = errors.New("the random state of this version of Go is not where this version of the library looks for it")

// findGenerator looks for the runtime's random state.
func findGenerator() (*generator, error) {
	const reach = wordsOfM*word + unsafe.Sizeof(generator{})
	g := currentG()
	end := uintptr(memoryPages()) << 16
	if g == nil || uintptr(g) > end-wordsOfG*word {
		return nil, errNoGenerator
	}
	for _, m := range unsafe.Slice((*uintptr)(g), wordsOfG) {
		if m == 0 || m%word != 0 || m > end-reach {
			continue
		}
		for i := range wordsOfM {
			// Not unsafe.Pointer(m): m may be anything.
			s := (*generator)(unsafe.Add(g, m-uintptr(g)+uintptr(i)*word))
			if s.plausible() && s.drawn() && s.chosen() {
				return s, nil
			}
		}
	}
	return nil, errNoGenerator
}

// plausible says whether s may be a state.
func (s *generator) plausible() bool {
	return s.i <= s.n && (s.n == 32 && (s.c == 0 || s.c == 4 || s.c == 8) || s.n == 28 && s.c == 12)
}

// drawn says whether the runtime draws from s: draws enough to see it refilled.
func (s *generator) drawn() bool {
	for range len(s.buf) + 1 {
		i, n := s.i, s.n
		value := rand.Uint64()
		if i == n { // refilled
			i = 0
		}
		if s.i != i+1 || s.i > s.n || value != s.buf[i] {
			return false
		}
	}
	return s.plausible()
}

// chosen says whether the runtime draws from s.fast what select takes first.
func (s *generator) chosen() bool {
	const steps = 16 // at most, of which two are known to be taken
	either := make(chan bool, 1)
	either <- true
	fast := s.fast
	select {
	case <-either:
	case either <- true:
	}
	if s.fast == fast {
		return false
	}
	for range steps {
		// xorshift64+, which the runtime has for processors like this one.
		s1, s0 := fast[0], fast[1]
		s1 ^= s1 << 17
		fast = [2]uint32{s0, s1 ^ s0 ^ s1>>7 ^ s0>>16}
		if s.fast == fast {
			return true
		}
	}
	return false
}

// renew overwrites s with randomness of the host. Nothing here can make the
// runtime switch to another goroutine, which would draw from s as it was.
//
//go:nosplit
func (s *generator) renew() error {
	const size = unsafe.Sizeof(s.buf) + unsafe.Sizeof(s.seed)
	if errno := wasiRandomGet(unsafe.Pointer(s), uint32(size)); errno != 0 {
		return syscall.Errno(errno)
	}
	first := s.buf[0]
	s.i = 1
	s.fast = [2]uint32{uint32(first) | 1, uint32(first >> 32)} // not both 0: they would stay so
	return nil
}
