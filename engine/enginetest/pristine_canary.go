package enginetest

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	. "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// canary is what is left and searched: no image holds it.
const canary = 0xca9a_27ca_9a27_ca9a

// proveCanaries leaves n canaries, in memory that the guest has, in memory that
// it grows and in a global. The next event searches for them.
//
// It is another event that searches: one that looked at memory before it wrote
// would see page faults in any case, and the gate would not have to hold.
func proveCanaries(t *testing.T, eng engine.Engine, n int) {
	const pages, most = 3, 7
	b := memoryModule(pages, most)
	b.ExportFunc("put", b.Func(b.Type(Types{I32}, nil), nil, LocalGet(0), I64Const(-(1<<64-canary)), I64Store(0)))
	keep := b.Global(I64, true, I64Const(0))
	b.ExportFunc("keep", b.Func(b.Type(nil, nil), nil, I64Const(-(1<<64-canary)), GlobalSet(keep)))
	b.ExportFunc("kept", b.Func(b.Type(nil, Types{I64}), nil, GlobalGet(keep)))
	// search() -> how many words are the canary.
	b.ExportFunc("search", b.Func(b.Type(nil, Types{I32}), Types{I32, I32},
		Loop(Empty),
		LocalGet(1), LocalGet(0), I64Load(0), I64Const(-(1<<64-canary)), Raw(0x51), I32Add, LocalSet(1),
		LocalGet(0), I32Const(8), I32Add, LocalTee(0), MemorySize, I32Const(16), I32Shl, I32LtU, BrIf(0),
		End, LocalGet(1)))
	first := instantiate(t, compile(t, eng, b), engine.InstanceConfig{})
	image, err := first.Freeze()
	if err != nil {
		t.Fatal(err)
	}
	defer image.Close()
	in := thaw(t, image, engine.InstanceConfig{})
	r := in.Restorer()
	event := func(f func()) int {
		r.Watch()
		f()
		pages := r.Settle()
		if err := r.Restore(); err != nil {
			t.Fatal(err)
		}
		return pages
	}
	word := binary.LittleEndian.AppendUint64(nil, canary)
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	held := 0
	for i := range n {
		for range 1 + random.IntN(4)/3 { // now and then twice, with nobody reading meanwhile
			if event(func() {
				if random.IntN(8) == 0 {
					must(t, in, "grow", 1+random.Uint64N(most-pages))
				}
				for range 1 + random.IntN(3) {
					must(t, in, "put", random.Uint64N(uint64(len(in.Memory()))/8)*8)
				}
				must(t, in, "keep")
				if i%256 == 0 && uint32(must(t, in, "search")) == 0 {
					t.Fatal("the canary is not where it was left")
				}
			}) >= 0 {
				held++
			}
		}
		event(func() {
			if random.IntN(8) == 0 {
				must(t, in, "grow", most-pages)
			}
			found := bytes.Contains(in.Memory(), word)
			if i%64 == 0 {
				found = found || uint32(must(t, in, "search")) != 0
			}
			if found || must(t, in, "kept") != 0 {
				t.Fatalf("seed %d: event %d left a canary", seed, i)
			}
		})
	}
	t.Logf("%d canaries, none found by the next event; in %d events that left one the gate held", n, held)
}
