package function_test

import (
	"context"
	"testing"
)

// gate is a Compiler that holds every module until it is told what becomes of it.
type gate struct {
	entered chan struct{}
	verdict chan error
}

func newGate() *gate { return &gate{make(chan struct{}), make(chan error)} }

func (g *gate) compile(ctx context.Context, _ []byte) error {
	select {
	case g.entered <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-g.verdict:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// compileOn is compile that, like a compiler in this process, cannot be
// interrupted.
func (g *gate) compileOn(ctx context.Context, module []byte) error {
	return g.compile(context.WithoutCancel(ctx), module)
}

// held waits until a module is held.
func (g *gate) held() { <-g.entered }

// pass lets the next module pass; it may be held already.
func (g *gate) pass(t testing.TB, verdict error) {
	t.Helper()
	select {
	case <-g.entered:
		g.verdict <- verdict
	case g.verdict <- verdict:
	}
}
