package wasi

import (
	"context"

	"github.com/lambent-dev/lambent/engine"
)

// What is done for a guest that no byte crosses the border for, in bytes that
// could be copied meanwhile.
const (
	subscriptionWork = 4096 // a subscription of pollOneoff
	entryWork        = 2048 // an entry that fdReaddir finds
	randomWork       = 16   // a byte of randomGet
)

// Begin begins a call of a host function, for which meter pays until the next
// one begins. The functions of this module begin themselves; other modules'
// must call it.
//
// What each call costs covers results of fixed size, which have at most 64
// bytes; strings, buffers and lists are paid for by the byte, before they move.
func (s *State) Begin(ctx context.Context, meter *engine.Meter) {
	s.Calls++
	s.ctx, s.meter = ctx, meter
}

// Pay takes what n bytes cost that are about to cross the border, and counts
// them. It does not return if the guest has to end.
func (s *State) Pay(n int) {
	s.Bytes += uint64(n)
	s.Work(n)
}

// Work takes what work costs that is about as much as copying n bytes. It does
// not return if the guest has to end. Outside of calls work is free.
func (s *State) Work(n int) {
	const begun = 15 // a unit that is begun counts
	if s.meter != nil {
		s.meter.ChargeBytes(s.ctx, uint64(n)+begun)
	}
}

// Copy copies min(len(dst), len(src)) bytes across the border and pays for them.
// It ends the guest between two pieces if the context is done.
func (s *State) Copy(dst, src []byte) int {
	n := min(len(dst), len(src))
	for at := 0; at < n; at += maxChunk {
		piece := min(n-at, maxChunk)
		s.Pay(piece)
		copy(dst[at:at+piece], src[at:])
		interrupted(s.ctx)
	}
	return n
}
