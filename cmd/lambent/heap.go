package main

import "runtime"

// heapFloor is how many bytes of garbage a server makes, at least, before it looks
// for them.
const heapFloor = 64 << 20

// spaceCollections has the garbage collector wait for heapFloor until end is called.
// It runs when the heap has doubled; that of a server with few functions has a few
// MiB, so that it would run many times a second for what requests leave behind.
// The bytes are never touched: they take addresses and no memory. GOGC and
// GOMEMLIMIT mean what they always mean.
func spaceCollections() (end func()) {
	ballast := make([]byte, heapFloor)
	return func() { runtime.KeepAlive(ballast) }
}
