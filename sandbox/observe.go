package sandbox

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"github.com/lambent-dev/lambent/engine"
)

// Observation is all that can be seen of one invocation. With the same tape it is
// the same whenever and wherever a module runs with one configuration, compiled or
// interpreted: where it is not, an engine is wrong, or the module depends on what
// WebAssembly leaves open, such as the bits of a NaN.
type Observation struct {
	Result // but for Usage's times, and where the instance did not come to be

	// Log has a line for each that was logged: source, level and message.
	Log []byte

	// MemorySize is the size of the linear memory at the end, in bytes, and Memory
	// the SHA-256 of what lies there, but that NaNs are alike which operations make.
	MemorySize int
	Memory     [sha256.Size]byte
}

// Observe is Do, and looks at everything that r's Tape does not decide: r must have
// one, and its Log is not called. The Observation is there, too, if the error is the
// function's, or a *TapeError.
//
// Errors are those of Do; ErrRequest if there is no Tape.
func (s *Sandbox) Observe(ctx context.Context, r Request) (Observation, error) {
	if r.Tape == nil {
		return Observation{}, fmt.Errorf("%w: Tape is nil; two invocations can be compared only if the host answers both alike", ErrRequest)
	}
	var o Observation
	r.Log = func(l LogLine) {
		o.Log = fmt.Appendf(o.Log, "%v %v %s\n", l.Source, l.Level, l.Message)
	}
	var err error
	o.Result, err = s.do(ctx, r, func(in *instance) {
		if in.live != nil {
			memory := in.live.Memory()
			o.MemorySize, o.Memory = len(memory), digestOf(memory)
		}
	})
	return o, err
}

// digestOf is the SHA-256 of a memory in which the NaNs that operations make are
// alike: which of them one leaves is the engine's choice.
func digestOf(memory engine.Memory) (digest [sha256.Size]byte) {
	sum, piece := sha256.New(), make([]byte, 0, 64<<10)
	for len(memory) > 0 {
		n := min(len(memory), cap(piece))
		piece = append(piece[:0], memory[:n]...)
		memory = memory[n:]
		for at := 0; at+8 <= n; at += 8 {
			unify(piece[at : at+8])
		}
		_, _ = sum.Write(piece) // never fails
	}
	sum.Sum(digest[:0])
	return digest
}

// unify makes an aligned word that is a NaN, or each half of it that is one, the
// NaN that WebAssembly calls canonical. None of those with a payload is: programs
// keep other things in them.
func unify(word []byte) {
	const (
		sign32, canonical32 = 1 << 31, 0x7fc0_0000
		sign64, canonical64 = 1 << 63, 0x7ff8_0000_0000_0000
		payload             = 1 // of the NaN that Go's package math makes, which an interpreter may use
	)
	if bits := binary.LittleEndian.Uint64(word); bits&^(sign64|payload) == canonical64 {
		binary.LittleEndian.PutUint64(word, canonical64)
		return
	}
	for half := word; len(half) > 0; half = half[4:] {
		if bits := binary.LittleEndian.Uint32(half); bits&^sign32 == canonical32 {
			binary.LittleEndian.PutUint32(half, canonical32)
		}
	}
}
