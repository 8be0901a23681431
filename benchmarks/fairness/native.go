package main

import (
	"context"
	"sync/atomic"
)

// sink takes results, so that computing them is not left out.
var sink atomic.Uint64

// compute takes about as long as a guest's slice.
func compute() {
	x := sink.Load() | 1
	for range 50_000 {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	sink.Store(x)
}

// computes keeps a processor busy as guests do that compute.
func computes(ctx context.Context) error {
	for ctx.Err() == nil {
		compute()
	}
	return nil
}

// fills keeps a processor busy as guests do that fill their memory, in the
// pieces that these are filled in.
func fills(ctx context.Context) error {
	const piece = 1 << 20
	room := make([]byte, memory)
	for at := 0; ctx.Err() == nil; at = (at + piece) % memory {
		clear(room[at : at+piece])
	}
	sink.Store(uint64(room[0]))
	return nil
}
