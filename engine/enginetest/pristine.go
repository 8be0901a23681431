package enginetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	. "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// stateful is a module of everything that an event may leave behind: memory
// that fill(from, byte, n), store(address, byte) and grow(pages) change, and
// globals that set(i32, i64, f32, f64) sets. sum() adds up all of them, and
// find(byte) counts a byte in all of memory. init() gives the state that images
// are made of.
func stateful(pages int64) *Builder {
	b := memoryModule(pages, NoMax, Trampoline{Module: "env", Name: "wait"})
	a, c := b.Global(I32, true, I32Const(1)), b.Global(I64, true, I64Const(2))
	d, e := b.Global(F32, true, F32Const(3)), b.Global(F64, true, F64Const(4))
	b.Data(100, []byte("data"))
	b.ExportFunc("fill", b.Func(b.Type(Types{I32, I32, I32}, nil), nil, LocalGet(0), LocalGet(1), LocalGet(2), MemoryFill))
	set := b.Func(b.Type(Types{I32, I64, F32, F64}, nil), nil,
		LocalGet(0), GlobalSet(a), LocalGet(1), GlobalSet(c), LocalGet(2), GlobalSet(d), LocalGet(3), GlobalSet(e))
	b.ExportFunc("set", set)
	b.ExportFunc("sum", b.Func(b.Type(nil, Types{I64}), nil,
		GlobalGet(a), I64ExtendU, GlobalGet(c), I64Add, GlobalGet(d), I64TruncF32, I64Add, GlobalGet(e), I64TruncF64, I64Add))
	b.ExportFunc("init", b.Func(b.Type(nil, nil), nil,
		I32Const(5000), I32Const('i'), I32Const(10_000), MemoryFill,
		I32Const(10), I64Const(20), F32Const(30), F64Const(40), Call(set)))
	b.ExportFunc("find", b.Func(b.Type(Types{I32}, Types{I32}), Types{I32, I32},
		Loop(Empty),
		LocalGet(1), LocalGet(1), I32Load8U(0), Drop, Drop,
		LocalGet(2), LocalGet(1), I32Load8U(0), LocalGet(0), I32Eq, I32Add, LocalSet(2),
		LocalGet(1), I32Const(1), I32Add, LocalTee(1), MemorySize, I32Const(16), I32Shl, I32LtU, BrIf(0),
		End, LocalGet(2)))
	return b
}

// waiting answers "wait", as a host function does that blocks.
var waiting = hostFunc("wait", nil, nil, func(_ context.Context, in engine.Instance, _ []uint64) {
	if r := in.Restorer(); r != nil {
		r.Wait()
	}
})

// frozen compiles stateful and freezes an instance after init.
func frozen(t testing.TB, eng engine.Engine, pages int64) engine.Image {
	t.Helper()
	m := compile(t, eng, stateful(pages), waiting)
	if err := m.Restorable(); err != nil {
		t.Fatalf("Restorable: %v", err)
	}
	in := instantiate(t, m, engine.InstanceConfig{})
	must(t, in, "init")
	image, err := in.Freeze()
	if err != nil {
		t.Fatalf("Freeze: %v", err)
	}
	t.Cleanup(func() { image.Close() })
	return image
}

// thaw makes an instance of an image; the test closes it.
func thaw(t testing.TB, image engine.Image, cfg engine.InstanceConfig) engine.Instance {
	t.Helper()
	in, err := image.Instantiate(cfg)
	if err != nil {
		t.Fatalf("Instantiate: %v", err)
	}
	t.Cleanup(func() { in.Close() })
	return in
}

// wantFrozen looks at an instance as the guest sees it. It writes nothing.
func wantFrozen(t testing.TB, in engine.Instance, pages int64) {
	t.Helper()
	if got := must(t, in, "sum"); got != 10+20+30+40 {
		t.Errorf("the globals add up to %d, want 100", got)
	}
	if got := must(t, in, "size"); int64(uint32(got)) != pages {
		t.Errorf("memory has %d pages, want %d", uint32(got), pages)
	}
	m := in.Memory()
	if int64(len(m)) != pages*page || string(m[100:104]) != "data" || m[4999] != 0 || m[5000] != 'i' || m[14_999] != 'i' || m[15_000] != 0 {
		t.Error("memory is not what was frozen")
	}
}

// testThaw: instances of an image begin where it was frozen, and have nothing
// to do with each other or with the instance it was made of.
func testThaw(t *testing.T, eng engine.Engine) {
	image := frozen(t, eng, 2)
	first, second := thaw(t, image, engine.InstanceConfig{}), thaw(t, image, engine.InstanceConfig{MemoryLimit: 3 * page, Data: "second"})
	must(t, first, "fill", 0, 'x', 2*page)
	must(t, first, "set", 7, 7, 7, 7)
	wantFrozen(t, second, 2)
	if second.Data() != "second" {
		t.Errorf("Data is %v", second.Data())
	}
	if got := must(t, second, "grow", 1); uint32(got) != 2 {
		t.Errorf("growing to the limit: %d", int32(got))
	}
	if got := must(t, second, "grow", 1); int32(got) != -1 {
		t.Errorf("growing beyond the limit: %d", int32(got))
	}
	if _, err := image.Instantiate(engine.InstanceConfig{MemoryLimit: page}); !errors.Is(err, engine.ErrMemoryLimit) {
		t.Errorf("%v, want ErrMemoryLimit", err)
	}
	image.Close()
	wantFrozen(t, thaw(t, frozen(t, eng, 2), engine.InstanceConfig{}), 2)
	must(t, first, "fill", 0, 'y', 2*page) // its image is closed
	restorer := second.Restorer()
	if err := second.Close(); err != nil {
		t.Error(err)
	}
	if restorer.Restore() == nil || restorer.Verify() == nil {
		t.Error("a closed instance is restored, or found to be")
	}
}

// event is what one event does, by random.
func event(t testing.TB, in engine.Instance, r *rand.Rand) {
	t.Helper()
	for range r.IntN(6) {
		size := uint64(len(in.Memory()))
		at := r.Uint64N(size)
		switch r.IntN(8) {
		case 0:
			must(t, in, "fill", at, 'x', r.Uint64N(min(size-at, 300_000)+1))
		case 1:
			must(t, in, "set", r.Uint64(), r.Uint64(), 0, 0)
		case 2:
			if r.IntN(4) == 0 {
				must(t, in, "grow", r.Uint64N(8))
			}
		case 3:
			in.Memory()[at] = 'h' // the host's writes count
		case 4:
			must(t, in, "wait")
		default:
			must(t, in, "store", at, 's')
		}
	}
}

// testRestore: whatever events do, nothing is left of it.
func testRestore(t *testing.T, eng engine.Engine) {
	for _, pages := range []int64{1, 3, 200} {
		image := frozen(t, eng, pages)
		var group sync.WaitGroup
		for seed := range uint64(4) {
			group.Go(func() {
				r := rand.New(rand.NewPCG(seed, uint64(pages)))
				in := thaw(t, image, engine.InstanceConfig{})
				for range 100 {
					in.Restorer().Watch()
					event(t, in, r)
					in.Restorer().Settle()
					if err := in.Restorer().Restore(); err != nil {
						t.Errorf("Restore: %v", err)
						return
					}
					if err := in.Restorer().Verify(); err != nil {
						t.Errorf("Verify: %v", err)
						return
					}
					if r.IntN(10) == 0 {
						in.Restorer().Watch()
						wantFrozen(t, in, pages)
						in.Restorer().Settle()
						in.Restorer().Restore()
					}
				}
			})
		}
		group.Wait()
	}
}

// testCanary: no event finds what the one before it wrote, wherever that was.
func testCanary(t *testing.T, eng engine.Engine) {
	const pages, canary = 4, 0xc7
	in := thaw(t, frozen(t, eng, pages), engine.InstanceConfig{})
	r := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		in.Restorer().Watch()
		if n := must(t, in, "find", canary); uint32(n) != 0 {
			t.Fatalf("an event finds %d bytes of the one before it", uint32(n))
		}
		for range 1 + r.IntN(20) {
			must(t, in, "store", r.Uint64N(pages*page), canary)
		}
		if before := must(t, in, "grow", 1); uint32(before) != pages {
			t.Fatalf("memory had %d pages, want %d", uint32(before), pages)
		}
		must(t, in, "fill", pages*page, canary, page)
		in.Restorer().Settle()
		if err := in.Restorer().Restore(); err != nil {
			t.Fatal(err)
		}
	}
}

// testStoredImage: an image that was written is read by the same module, and by
// no other; damage is found.
func testStoredImage(t *testing.T, eng engine.Engine) {
	const pages = 3
	var stored bytes.Buffer
	if n, err := frozen(t, eng, pages).WriteTo(&stored); err != nil || n != int64(stored.Len()) {
		t.Fatalf("WriteTo = %d, %v; %d bytes were written", n, err, stored.Len())
	}
	m := compile(t, eng, stateful(pages), waiting)
	image, err := m.ReadImage(bytes.NewReader(stored.Bytes()), pages*page)
	if err != nil {
		t.Fatal(err)
	}
	defer image.Close()
	wantFrozen(t, thaw(t, image, engine.InstanceConfig{}), pages)

	refuse := func(what string, m engine.Module, b []byte, limit uint64) {
		image, err := m.ReadImage(bytes.NewReader(b), limit)
		if err == nil {
			image.Close()
		}
		if !errors.Is(err, engine.ErrImage) {
			t.Errorf("%s: %v, want ErrImage", what, err)
		}
	}
	refuse("another module", compile(t, eng, stateful(pages+1), waiting), stored.Bytes(), 10*page)
	refuse("a lower limit", m, stored.Bytes(), pages*page-1)
	for at, step := 0, 1; at < stored.Len(); at += step {
		if at == 300 { // head and globals were looked at byte by byte
			step = stored.Len() / 50
		}
		refuse(fmt.Sprintf("cut at %d", at), m, stored.Bytes()[:at], pages*page)
		damaged := bytes.Clone(stored.Bytes())
		damaged[at] ^= 0x10
		refuse(fmt.Sprintf("damaged at %d", at), m, damaged, pages*page)
	}
}

// testNotRestorable: what could not be brought back is not frozen.
func testNotRestorable(t *testing.T, eng engine.Engine) {
	for name, build := range map[string]func(b *Builder) []byte{
		"table.set": func(b *Builder) []byte {
			b.Table(FuncRef, 1, 1)
			return Cat(I32Const(0), RefNull(FuncRef), Raw(0x26, 0))
		},
		"data.drop": func(b *Builder) []byte {
			b.PassiveData([]byte("x"))
			return Raw(0xfc, 9, 0)
		},
		"v128": func(b *Builder) []byte {
			b.Global(V128, true, Raw(append([]byte{0xfd, 0x0c}, make([]byte, 16)...)...))
			return Nop
		},
	} {
		var b Builder
		b.Memory(1, 1)
		b.ExportFunc("f", b.Func(b.Type(nil, nil), nil, build(&b)))
		m := compile(t, eng, &b)
		if err := m.Restorable(); !errors.Is(err, engine.ErrNotRestorable) {
			t.Errorf("%s: Restorable is %v", name, err)
		}
		in := instantiate(t, m, engine.InstanceConfig{})
		if _, err := in.Freeze(); !errors.Is(err, engine.ErrNotRestorable) {
			t.Errorf("%s: Freeze: %v", name, err)
		}
		if in.Restorer() != nil {
			t.Errorf("%s: there is a Restorer of an instance that was not made of an image", name)
		}
	}
}

// testRestoredFuel: the fuel of an event does not depend on those before it.
func testRestoredFuel(t *testing.T, eng engine.Engine) {
	in := thaw(t, frozen(t, eng, 2), engine.InstanceConfig{})
	var want uint64
	for i := range 10 {
		in.Restorer().Watch()
		in.Meter().Begin(0)
		must(t, in, "fill", 0, 'x', 2*page)
		if _, err := call(context.Background(), t, in, "find", 'x'); err != nil {
			t.Fatal(err)
		}
		got := in.Meter().Used()
		in.Restorer().Settle()
		if err := in.Restorer().Restore(); err != nil {
			t.Fatal(err)
		}
		if want == 0 {
			want = got
		}
		if got != want || got < 2*page {
			t.Errorf("event %d used %d, want %d", i, got, want)
		}
	}
}
