package enginetest

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	. "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

const page = 64 << 10

// memoryModule exports grow(pages), size(), load(address), store(address, byte)
// and the host functions of list.
func memoryModule(initial, largest int64, list ...Trampoline) *Builder {
	var b Builder
	b.Trampolines(list...)
	b.Memory(initial, largest)
	b.ExportMemory()
	one := b.Type(Types{I32}, Types{I32})
	b.ExportFunc("grow", b.Func(one, nil, LocalGet(0), MemoryGrow))
	b.ExportFunc("size", b.Func(b.Type(nil, Types{I32}), nil, MemorySize))
	b.ExportFunc("load", b.Func(one, nil, LocalGet(0), I32Load8U(0)))
	b.ExportFunc("store", b.Func(b.Type(Types{I32, I32}, nil), nil, LocalGet(0), LocalGet(1), I32Store8(0)))
	return &b
}

func testMemory(t *testing.T, eng engine.Engine) {
	in := start(t, eng, memoryModule(2, NoMax))
	if n := len(in.Memory()); n != 2*page {
		t.Fatalf("memory has %d bytes, want %d", n, 2*page)
	}
	must(t, in, "store", 5, 55)
	must(t, in, "store", 2*page-1, 66)
	m := in.Memory()
	if m[5] != 55 || m[2*page-1] != 66 {
		t.Error("the view does not show what the guest wrote")
	}
	m[6] = 56
	if v := must(t, in, "load", 6); uint32(v) != 56 {
		t.Errorf("the guest reads %d where the host wrote 56", v)
	}
	if _, ok := m.Slice(2*page-1, 2); ok {
		t.Error("the view reaches beyond the memory")
	}
	if cap(m) != len(m) {
		t.Errorf("the view's capacity is %d, its length %d", cap(m), len(m))
	}
}

func testMemoryGrowth(t *testing.T, eng engine.Engine) {
	in := instantiate(t, compile(t, eng, memoryModule(1, NoMax)), engine.InstanceConfig{MemoryLimit: 10*page + 1})
	must(t, in, "store", 100, 7)
	for _, step := range []struct{ pages, want uint64 }{
		{0, 1}, {2, 1}, {0, 3}, {math.MaxUint32, math.MaxUint32}, {1 << 31, math.MaxUint32}, {65536, math.MaxUint32},
		{8, math.MaxUint32}, {7, 3}, {1, math.MaxUint32}, {0, 10},
	} {
		if got := must(t, in, "grow", step.pages); uint32(got) != uint32(step.want) {
			t.Errorf("memory.grow(%d) = %d, want %d", step.pages, int32(got), int32(step.want))
		}
	}
	if v := must(t, in, "size"); uint32(v) != 10 || len(in.Memory()) != 10*page {
		t.Errorf("the guest has %d pages, the host sees %d bytes", v, len(in.Memory()))
	}
	if v := must(t, in, "load", 100); uint32(v) != 7 {
		t.Error("growing lost what was written")
	}
	for _, address := range []uint64{page, 3 * page, 10*page - 1} {
		if v := must(t, in, "load", address); uint32(v) != 0 {
			t.Errorf("new memory is not zero at %d", address)
		}
		must(t, in, "store", address, 9)
		if in.Memory()[address] != 9 {
			t.Errorf("new memory at %d is not in the view", address)
		}
	}
	_, err := call(context.Background(), t, in, "load", 10*page)
	var trap *engine.Trap
	if !errors.As(err, &trap) || trap.Kind != engine.TrapMemoryBounds {
		t.Errorf("reading past the limit: %v", err)
	}
}

func testMemoryLimits(t *testing.T, eng engine.Engine) {
	for _, test := range []struct {
		name             string
		initial, largest int64
		limit            uint64
		most             uint64 // pages that can be had, 0 if none: ErrMemoryLimit
	}{
		{"no limit, own maximum", 1, 3, 0, 3},
		{"limit above the maximum", 1, 3, 100 * page, 3},
		{"limit below the maximum", 1, 300, 4 * page, 4},
		{"limit within a page", 1, NoMax, 5*page - 1, 4},
		{"limit of the initial size", 3, NoMax, 3 * page, 3},
		{"limit beyond 4 GiB", 1, 2, 1 << 40, 2},
		{"nothing at first", 0, NoMax, 2 * page, 2},
		{"limit below the initial size", 3, NoMax, 3*page - 1, 0},
		{"limit of one byte", 1, 1, 1, 0},
		{"4 GiB at first", 65536, NoMax, 128 << 20, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			in, err := compile(t, eng, memoryModule(test.initial, test.largest)).Instantiate(context.Background(), engine.InstanceConfig{MemoryLimit: test.limit})
			if test.most == 0 {
				if !errors.Is(err, engine.ErrMemoryLimit) || in != nil {
					t.Fatalf("Instantiate = %v, %v, want ErrMemoryLimit", in, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			rest := test.most - uint64(test.initial)
			if v := must(t, in, "grow", rest+1); int32(v) != -1 {
				t.Errorf("growing to %d pages is allowed", test.most+1)
			}
			if v := must(t, in, "grow", rest); int64(int32(v)) != test.initial {
				t.Errorf("growing to %d pages: %d", test.most, int32(v))
			}
			if n := uint64(len(in.Memory())); n != test.most*page {
				t.Errorf("memory has %d bytes, want %d", n, test.most*page)
			}
		})
	}
}

func testDataOutside(t *testing.T, eng engine.Engine) {
	for _, offset := range []int32{page - 2, page, -1} {
		var b Builder
		b.Memory(1, NoMax)
		b.Data(offset, []byte("abc"))
		in, err := compile(t, eng, &b).Instantiate(context.Background(), engine.InstanceConfig{})
		var trap *engine.Trap
		if !errors.As(err, &trap) || trap.Kind != engine.TrapMemoryBounds || in != nil {
			t.Errorf("data at %d: %v, %v, want a trap", offset, in, err)
		}
	}
}

// testIndependent makes instances of one module and finds no byte of one in
// another; each has its data, its globals and its start function.
func testIndependent(t *testing.T, eng engine.Engine) {
	var b Builder
	b.Memory(1, NoMax)
	b.Data(10, []byte{1, 2, 3})
	counter := b.Global(I32, true, I32Const(40))
	b.Start(b.Func(b.Type(nil, nil), nil, GlobalGet(counter), I32Const(1), I32Add, GlobalSet(counter)))
	b.ExportFunc("next", b.Func(b.Type(nil, Types{I32}), nil,
		GlobalGet(counter), I32Const(1), I32Add, GlobalSet(counter), GlobalGet(counter)))
	b.ExportFunc("store", b.Func(b.Type(Types{I32, I32}, nil), nil, LocalGet(0), LocalGet(1), I32Store8(0)))
	m := compile(t, eng, &b)
	first := instantiate(t, m, engine.InstanceConfig{})
	must(t, first, "store", 10, 99)
	must(t, first, "store", page-1, 99)
	must(t, first, "next")
	for range 3 {
		in := instantiate(t, m, engine.InstanceConfig{})
		mem := in.Memory()
		if mem[10] != 1 || mem[12] != 3 || mem[page-1] != 0 {
			t.Errorf("a new instance begins with %d and %d", mem[10:13], mem[page-1])
		}
		if v := must(t, in, "next"); uint32(v) != 42 {
			t.Errorf("a new instance counts %d, want 42", v)
		}
		in.Close()
	}
	if first.Memory()[10] != 99 {
		t.Error("a later instance changed the first")
	}
	if v := must(t, first, "next"); uint32(v) != 43 {
		t.Errorf("the first instance counts %d, want 43", v)
	}
}
