//go:build wasmtime && cgo && linux && amd64

package wasmtime

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strconv"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	. "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/engine/internal/meter"
)

// recursive exports f(n), which calls itself n times and keeps so many values for
// as long as each call takes; nobody knows them before, nor can make them again. The
// n of the innermost call is at address 0.
func recursive(values int) *Builder {
	var b Builder
	typ := b.Type(Types{I32}, Types{I32})
	b.Memory(1, 1)
	var load, add []byte
	for i := range values {
		load = Cat(load, I32Const(int32(8*i)), I64Load(0))
		add = Cat(add, I64Add)
	}
	b.ExportFunc("f", b.Func(typ, nil,
		LocalGet(0), If(I32), I64Const(0), load, I32Const(0), LocalGet(0), I64ExtendU, I64Store(0),
		LocalGet(0), I32Const(1), I32Sub, Call(0), I64ExtendU, add, I64Add, I32WrapI64, Else, I32Const(7), End))
	return &b
}

// TestRunaway: whatever a guest keeps on its stack, it ends by a trap when that is
// used up, and by ours, which comes at the same depth on every engine.
func TestRunaway(t *testing.T) {
	const calls = 100_000_000
	eng := open(t, Config{})
	for _, values := range []int{0, 1, 10, 100, 500, 900} {
		in, err := instantiate(t, eng, recursive(values))
		if err != nil {
			t.Fatal(err)
		}
		err = in.Func("f").Call(context.Background(), []uint64{calls})
		trap, ok := errors.AsType[*engine.Trap](err)
		if !ok || trap.Kind != engine.TrapStackOverflow {
			t.Errorf("keeping %d values: %v, want a stack overflow", values, err)
		}
		if len(trap.Stack) != maxFrames {
			t.Errorf("keeping %d values: the trap has %d frames", values, len(trap.Stack))
		}
		// By our count: one local, and at most three operands beside the values.
		frame := uint32(64 + 16*(1+values+3))
		n, _ := in.Memory().Uint32(0)
		if used := (calls - n) * frame; used < meter.StackLimit-2*frame || used > meter.StackLimit+2*frame {
			t.Errorf("keeping %d values: the stack ended after %d bytes by our count, want %d", values, used, meter.StackLimit)
		}
	}
}

// TestDeepStacksAreTrimmed: a guest that recursed leaves a stack of 256 KiB at most
// when the clock has ticked.
func TestDeepStacksAreTrimmed(t *testing.T) {
	eng := open(t, Config{})
	in, err := instantiate(t, eng, recursive(0))
	if err != nil {
		t.Fatal(err)
	}
	resident := func() int {
		out, err := os.ReadFile("/proc/self/statm")
		if err != nil {
			t.Skip(err)
		}
		pages, err := strconv.Atoi(string(bytes.Fields(out)[1]))
		if err != nil {
			t.Fatal(err)
		}
		return pages * os.Getpagesize()
	}
	eng.clock.stop() // on a machine that is slow it would be faster
	before := resident()
	stack := []uint64{100_000}
	if err := in.Func("f").Call(context.Background(), stack); err != nil || stack[0] != 7 {
		t.Fatal(stack[0], err)
	}
	deep := resident()
	eng.stacks.trim()
	if after := resident(); deep-after < 2<<20 {
		t.Errorf("%d bytes before, %d with a deep stack, %d afterwards", before, deep, after)
	}
	if err := in.Func("f").Call(context.Background(), []uint64{100_000}); err != nil {
		t.Error(err)
	}
}
