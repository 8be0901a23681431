package wasi

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/lambent-dev/lambent/engine"
)

func TestRandomGet(t *testing.T) {
	g := newGuest(t)
	buf := g.alloc(10)
	g.ok("random_get", buf, 9)
	if got, want := g.mem[buf:buf+10], []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 0xa5}; !bytes.Equal(got, want) {
		t.Errorf("memory is %x, want %x", got, want)
	}
	g.ok("random_get", memorySize, 0)
	if g.world.filled != 9 {
		t.Errorf("%d random bytes were taken, want 9", g.world.filled)
	}
	g.want(EFAULT, "random_get", memorySize-3, 4)
	if g.world.filled != 9 {
		t.Error("a refused call took random bytes")
	}
}

// All of memory is filled in pieces, between which the context counts.
func TestRandomGetInPieces(t *testing.T) {
	g := newGuest(t)
	g.mem = make(engine.Memory, 3*maxChunk)
	g.ok("random_get", 0, 3*maxChunk)
	if g.world.filled != 3*maxChunk || g.world.largest != maxChunk {
		t.Errorf("%d bytes in pieces of %d, want %d in pieces of %d", g.world.filled, g.world.largest, 3*maxChunk, maxChunk)
	}

	cause := errors.New("over")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(cause)
	g.ctx = ctx
	g.world.filled = 0
	err := stopped(func() { g.call("random_get", 0, 3*maxChunk) })
	if !errors.Is(err, engine.ErrInterrupted) || !errors.Is(err, cause) {
		t.Errorf("the guest was stopped by %v, want an interruption for %v", err, cause)
	}
	if g.world.filled > maxChunk {
		t.Errorf("%d bytes after the end of the context, want one piece at most", g.world.filled)
	}
}
