package meter

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero/api"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// moving builds a module with a memory of 10 MiB whose function "run" gets
// three numbers for one operation, and a passive segment of 3 MiB and some.
func moving(operation ...[]byte) []byte {
	var b wb.Builder
	b.Memory(160, 200)
	b.ExportMemory()
	b.Table(wb.FuncRef, 10, 20)
	b.PassiveData(segmentBytes)
	b.PassiveElem(0, 0, 0)
	b.ExportFunc("run", b.Func(b.Type(wb.Types{wb.I32, wb.I32, wb.I32}, nil), nil, operation...))
	return b.Bytes()
}

var segmentBytes = bytes.Repeat([]byte("0123456789abcdef-"), (3*piece+12345)/17)

func operands() []byte { return wb.Cat(wb.LocalGet(0), wb.LocalGet(1), wb.LocalGet(2)) }

// Long operations in pieces do what they do at once: the same bytes, the same
// trap, nothing written if it traps, and a charge by length.
func TestPieces(t *testing.T) {
	const size, mb = 160 << 16, piece
	long := uint32(len(segmentBytes))
	pattern := make([]byte, size)
	for i := range pattern {
		pattern[i] = byte(i*7 + i>>13)
	}
	ctx := context.Background()
	for _, c := range []struct {
		name      string
		operation []byte
		args      [][3]uint32
	}{
		{"fill", wb.Cat(operands(), wb.MemoryFill), [][3]uint32{
			{0, 1, 0}, {5, 2, 4095}, {5, 2, 4096}, {5, 2, 4097}, {size - 4095, 2, 4096}, {5, 2, mb}, {5, 3, mb + 1}, {7, 4, 3*mb + 17}, {0, 5, size}, {size, 6, 0}, {size - mb, 6, mb},
			{1, 7, size}, {size + 1, 8, 0}, {0, 9, 0xffffffff}, {0xffffffff, 9, 0xffffffff}, {size - 5, 10, 6}, {0, 11, size + 1},
		}},
		{"copy", wb.Cat(operands(), wb.MemoryCopy), [][3]uint32{
			{0, 100, 0}, {0, 100, 4096}, {100, 0, 4096}, {100, 0, 4097}, {size - 4095, 0, 4096}, {100, 0, 3*mb + 17}, {0, 100, 3*mb + 17}, {mb, 0, 5 * mb}, {0, mb, 5 * mb}, {0, 2*mb + 1, 2 * mb}, {3, 3, 4 * mb},
			{0, 1, size}, {1, 0, size}, {0, 1, size - 1}, {1, 0, size - 1}, {0, 0, 0xffffffff}, {0, 0xffffffff, 2 * mb}, {0xffffffff, 0, 2 * mb},
		}},
		{"init", wb.Cat(operands(), wb.MemoryInit(0)), [][3]uint32{
			{0, 0, long}, {3, 5, long - 5}, {3, 5, long - 4}, {0, 0, mb}, {9, 1, mb + 1}, {size - long + 1, 0, long},
			{size - long, 0, long}, {0, 0xffffffff, 2 * mb}, {0, long, 0}, {0, 0, 0xffffffff},
		}},
		{"init after drop", wb.Cat(wb.Raw(0xfc, 0x09, 0), operands(), wb.MemoryInit(0)), [][3]uint32{{0, 0, long}, {0, 0, 0}}},
	} {
		h := newHost(t, 1_000_000, 1<<50)
		plain, metered := moving(c.operation), instrument(t, moving(c.operation))
		var instances [2]api.Module
		for i, binary := range [][]byte{plain, metered} {
			m, err := h.instance(t, binary)
			if err != nil {
				t.Fatal(err)
			}
			defer m.Close(ctx)
			instances[i] = m
		}
		for _, args := range c.args {
			var memories [2][]byte
			var traps [2]string
			before := h.used(t, instances[1])
			h.asked = 0
			for i, m := range instances {
				memories[i], _ = m.Memory().Read(0, size)
				copy(memories[i], pattern)
				if _, err := m.ExportedFunction("run").Call(ctx, uint64(args[0]), uint64(args[1]), uint64(args[2])); err != nil {
					traps[i], _, _ = strings.Cut(err.Error(), "\n")
				}
			}
			used := h.used(t, instances[1]) - before
			if traps[0] != traps[1] || !bytes.Equal(memories[0], memories[1]) {
				t.Errorf("%s %v: traps %q, plain %q; same memory: %v", c.name, args, traps[1], traps[0], bytes.Equal(memories[0], memories[1]))
			}
			want := costEntry + 3 + costBulk + int64(args[2])>>4
			if c.name == "init after drop" {
				want = costEntry + 4 + costBulk + min(int64(args[2]), piece)>>4 // it traps at the first piece
			}
			if used != want {
				t.Errorf("%s %v: used %d, want %d", c.name, args, used, want)
			}
			if pieces := int(args[2]-1) / piece; traps[0] == "" && args[2] > 0 && h.asked < pieces {
				t.Errorf("%s %v: asked %d times, for %d pieces", c.name, args, h.asked, pieces)
			}
		}
	}
}

// What is charged by an operand, is charged before it is done.
func TestDynamicCharges(t *testing.T) {
	null := wb.RefNull(wb.FuncRef)
	for _, c := range []struct {
		name      string
		operation []byte
		n         uint64
		want      int64
	}{
		{"memory.grow", wb.Cat(wb.LocalGet(2), wb.MemoryGrow, wb.Drop), 3, 2 + 1 + 100 + 3*4096},
		{"memory.grow in vain", wb.Cat(wb.LocalGet(2), wb.MemoryGrow, wb.Drop), 65535, 2 + 1 + 100 + 65535*4096},
		{"memory.grow by all there can be", wb.Cat(wb.LocalGet(2), wb.MemoryGrow, wb.Drop), 65536, 2 + 1 + 100 + 1<<28},
		{"memory.grow by more", wb.Cat(wb.LocalGet(2), wb.MemoryGrow, wb.Drop), 65537, 2 + 1 + 100 + 1<<28},
		{"memory.grow by most", wb.Cat(wb.LocalGet(2), wb.MemoryGrow, wb.Drop), 0xffffffff, 2 + 1 + 100 + 1<<28},
		{"table.grow", wb.Cat(null, wb.LocalGet(2), wb.Raw(0xfc, 0x0f, 0), wb.Drop), 5, 2 + 2 + 10},
		{"table.grow in vain", wb.Cat(null, wb.LocalGet(2), wb.Raw(0xfc, 0x0f, 0), wb.Drop), 1 << 20, 2 + 2 + 10 + 1<<16},
		{"table.fill", wb.Cat(wb.LocalGet(0), null, wb.LocalGet(2), wb.Raw(0xfc, 0x11, 0)), 10, 2 + 3 + 10},
		{"table.copy", wb.Cat(operands(), wb.Raw(0xfc, 0x0e, 0, 0)), 10, 2 + 3 + 10},
		{"table.init", wb.Cat(operands(), wb.Raw(0xfc, 0x0c, 0, 0)), 3, 2 + 3 + 10},
		{"table.fill that traps", wb.Cat(wb.LocalGet(0), null, wb.LocalGet(2), wb.Raw(0xfc, 0x11, 0)), 1600, 2 + 3 + 10 + 100},
	} {
		h := newHost(t, 1000, 1<<50)
		m, err := h.instance(t, instrument(t, moving(c.operation)))
		if err != nil {
			t.Fatal(err)
		}
		_, err = m.ExportedFunction("run").Call(context.Background(), 0, 0, c.n)
		if traps := strings.Contains(c.name, "traps"); (err != nil) != traps {
			t.Errorf("%s: %v", c.name, err)
		}
		if got := h.used(t, m); got != c.want {
			t.Errorf("%s: used %d, want %d", c.name, got, c.want)
		}
	}
}

// Calls cost more beside many mutable globals, and what is not called does not.
func TestGlobalsBesideCalls(t *testing.T) {
	zero := wb.I32Const(0)
	for _, c := range []struct {
		name    string
		mutable int
		code    []byte
		want    int64
	}{
		{"255 globals", 255, wb.Call(0), 2 + 3 + 2},
		{"a call beside 512", 512, wb.Call(0), 2 + 3 + 2 + 2},
		{"a call through a table", 512, wb.Cat(zero, wb.CallIndirect(0, 0)), 2 + 1 + 5 + 2 + 2},
		{"memory.grow", 512, wb.Cat(zero, wb.MemoryGrow, wb.Drop), 2 + 1 + 100 + 2},
		{"memory.fill", 512, wb.Cat(zero, zero, zero, wb.MemoryFill), 2 + 3 + 10 + 2},
		{"global.get", 512, wb.Cat(wb.GlobalGet(0), wb.Drop), 2 + 1},
	} {
		var b wb.Builder
		b.Memory(1, 1)
		b.Table(wb.FuncRef, 1, 1)
		typ := b.Type(nil, nil)
		for range 1000 {
			b.Global(wb.I32, false, zero)
		}
		for range c.mutable {
			b.Global(wb.I32, true, zero)
		}
		b.Elem(0, b.Func(typ, nil))
		b.ExportFunc("run", b.Func(typ, nil, c.code))
		h := newHost(t, 1000, 1<<50)
		m, err := h.instance(t, instrument(t, b.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.ExportedFunction("run").Call(context.Background()); err != nil {
			t.Fatal(err)
		}
		if got := h.used(t, m); got != c.want {
			t.Errorf("%s: used %d, want %d", c.name, got, c.want)
		}
	}
}

// Whatever spins is stopped when its budget is spent.
func TestSpinning(t *testing.T) {
	work := wb.Cat(wb.I32Const(0), wb.Drop)
	for name, build := range map[string]func(b *wb.Builder, typ uint32) uint32{
		"loop": func(b *wb.Builder, typ uint32) uint32 {
			return b.Func(typ, nil, wb.Loop(wb.Empty), wb.Br(0), wb.End)
		},
		"loop by br_table": func(b *wb.Builder, typ uint32) uint32 {
			return b.Func(typ, nil, wb.Loop(wb.Empty), work, wb.I32Const(1), wb.BrTable(0, 0, 0), wb.End)
		},
		"tail calls": func(b *wb.Builder, typ uint32) uint32 {
			b.Func(typ, nil, work, wb.ReturnCall(1))
			return b.Func(typ, nil, wb.ReturnCall(0))
		},
		"tail calls through a table": func(b *wb.Builder, typ uint32) uint32 {
			b.Table(wb.FuncRef, 1, 1)
			b.Elem(0, 0)
			return b.Func(typ, nil, wb.I32Const(0), wb.Raw(0x13), wb.Uint(uint64(typ)), wb.Raw(0))
		},
		"tree of calls": func(b *wb.Builder, typ uint32) uint32 {
			for i := range uint32(50) {
				b.Func(typ, nil, wb.Call(i+1), wb.Call(i+1))
			}
			b.Func(typ, nil, work)
			return 0
		},
		"memory.grow of 0": func(b *wb.Builder, typ uint32) uint32 {
			b.Memory(1, 2)
			return b.Func(typ, nil, wb.Loop(wb.Empty), wb.I32Const(0), wb.MemoryGrow, wb.Drop, wb.Br(0), wb.End)
		},
		"fills of 64 MiB": func(b *wb.Builder, typ uint32) uint32 {
			b.Memory(1024, 1024)
			return b.Func(typ, nil, wb.Loop(wb.Empty), wb.I32Const(0), wb.I32Const(1), wb.I32Const(64<<20), wb.MemoryFill, wb.Br(0), wb.End)
		},
		"catching": func(b *wb.Builder, typ uint32) uint32 {
			tag := b.Tag(typ)
			return b.Func(typ, nil, wb.Loop(wb.Empty), wb.Raw(0x1f, wb.Empty, 1, 2, 0), wb.Throw(tag), wb.End, wb.End)
		},
	} {
		for _, start := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, in start %v", name, start), func(t *testing.T) {
				var b wb.Builder
				f := build(&b, b.Type(nil, nil))
				if b.ExportFunc("run", f); start {
					b.Start(f)
				}
				h := newHost(t, 1000, 1_000_000)
				m, err := h.instance(t, instrument(t, b.Bytes()))
				if !start {
					if err != nil {
						t.Fatal(err)
					}
					_, err = m.ExportedFunction("run").Call(context.Background())
				}
				if !errors.Is(err, errSpent) && (err == nil || !strings.Contains(err.Error(), errSpent.Error())) {
					t.Errorf("it ended with %v", err)
				}
			})
		}
	}
}

// A module cannot be metered twice, nor name what is added.
func TestReserved(t *testing.T) {
	out := instrument(t, newProgram(1))
	if _, err := wasm.Read(out, wasm.Limits{}); !errors.Is(err, wasm.ErrUnsupported) {
		t.Errorf("a metered module: %v", err)
	}
	for name, code := range map[string][]byte{
		"the global": wb.Cat(wb.GlobalGet(0), wb.Drop),
		"a routine":  wb.Call(1),
	} {
		var b wb.Builder
		b.Func(b.Type(nil, nil), nil, code)
		if _, err := wasm.Read(b.Bytes(), wasm.Limits{}); !errors.Is(err, wasm.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Code made to grow stays within the bound, and is charged the same.
func TestDenseCode(t *testing.T) {
	loops := bytes.Repeat(wb.Cat(wb.Loop(wb.Empty), wb.End), 300)
	var b wb.Builder
	typ := b.Type(nil, nil)
	for range 200 { // numbers of two bytes
		b.Global(wb.I32, false, wb.I32Const(0))
	}
	for range 20 {
		b.Func(typ, nil, loops)
	}
	b.ExportFunc("run", 0)
	binary := b.Bytes()
	out := instrument(t, binary)
	if len(out) > 4*len(binary) { // 8 times, if charges were no calls
		t.Errorf("%d bytes became %d", len(binary), len(out))
	}
	h := newHost(t, 1000, 1<<50)
	m, err := h.instance(t, out)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.ExportedFunction("run").Call(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got := h.used(t, m); got != costEntry+300 {
		t.Errorf("used %d, want %d", got, costEntry+300)
	}
}

// A host call in the middle sees the count, and may stop the module.
func TestHostCall(t *testing.T) {
	var b wb.Builder
	typ := b.Type(nil, nil)
	b.ImportFunc("env", "stop", typ)
	b.ExportFunc("run", b.Func(typ, nil, wb.Call(0)))
	h := newHost(t, 1000, 1<<50)
	stopped := errors.New("stopped")
	var seen int64
	_, err := h.NewHostModuleBuilder("env").NewFunctionBuilder().WithFunc(func(_ context.Context, m api.Module) {
		seen = h.used(t, m)
		panic(stopped)
	}).Export("stop").Instantiate(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	m, err := h.instance(t, instrument(t, b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.ExportedFunction("run").Call(context.Background()); !errors.Is(err, stopped) {
		t.Errorf("it ended with %v", err)
	}
	if seen != costEntry+costCall {
		t.Errorf("used %d before the call, want %d", seen, costEntry+costCall)
	}
}
