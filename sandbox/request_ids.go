package sandbox

import (
	"crypto/rand"
	"sync"
)

// RequestIDs makes request ids as NewRequestID does, from randomness that it
// draws for many of them at once. The zero value is ready, and safe for
// concurrent use.
type RequestIDs struct {
	batches sync.Pool // of *batch
}

// batch is randomness for some ids; what is from used on was not used yet.
type batch struct {
	random [32 * 16]byte
	used   int
}

// New returns a request id.
func (r *RequestIDs) New() string {
	b, ok := r.batches.Get().(*batch)
	if !ok {
		b = &batch{used: len(b.random)}
	}
	if b.used == len(b.random) {
		rand.Read(b.random[:]) // never fails
		b.used = 0
	}
	id := [16]byte(b.random[b.used:])
	b.used += len(id)
	r.batches.Put(b)
	return formatID(id)
}
