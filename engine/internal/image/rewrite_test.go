package image

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/engine/internal/meter"
	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// read reads a module.
func read(t testing.TB, binary []byte) *wasm.Module {
	t.Helper()
	m, err := wasm.Read(binary, wasm.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// rewrite returns the program of a module.
func rewrite(t testing.TB, binary []byte, o Options) *Program {
	t.Helper()
	p, err := Rewrite(read(t, binary), o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// copies is a hook that imports a function and copies the code: what the meter
// does to code is its own business.
type copies struct{}

func (copies) Begin(*wasm.Code)       {}
func (copies) Operation(c *wasm.Code) { c.Copy() }
func (copies) End(*wasm.Code)         {}

// unmetered is rewrite with that hook.
func unmetered(t testing.TB, binary []byte, o Options) *Program {
	t.Helper()
	p := &Program{}
	out, err := read(t, binary).Rewrite(func(w *wasm.Rewriter) wasm.Hook {
		w.Import("added", "f", wasm.FuncType{})
		return newPass(copies{}, w, p, o)
	})
	if err != nil {
		t.Fatal(err)
	}
	p.Module = out
	return p
}

// golden is a module before and after, both made by build: rewritten tells it
// which. The rewritten one has one more import of functions.
type golden struct {
	name    string
	options Options
	imports func(b *wb.Builder)
	build   func(b *wb.Builder, rewritten bool)
	data    []Segment
	start   string
	globals []Global
}

var goldens = []golden{
	{
		name: "active segments are taken out",
		build: func(b *wb.Builder, rewritten bool) {
			b.Memory(1, wb.NoMax)
			if !rewritten {
				b.Data(8, []byte("eight"))
				b.RawData(wb.Cat(wb.Raw(2, 0), wb.I32Const(-1), wb.End, wb.Name("")))
				b.Data(8, []byte("again"))
			}
			b.Func(0, nil, wb.I32Const(0), wb.I32Load8U(8), wb.Drop)
		},
		data: []Segment{{8, []byte("eight")}, {1<<32 - 1, nil}, {8, []byte("again")}},
	},
	{
		name: "passive segments that nobody uses go too",
		build: func(b *wb.Builder, rewritten bool) {
			b.Memory(1, wb.NoMax)
			if !rewritten {
				b.PassiveData([]byte("passive"))
				b.Data(1, []byte("active"))
			}
		},
		data: []Segment{{1, []byte("active")}},
	},
	{
		name: "indices of segments keep their meaning",
		build: func(b *wb.Builder, rewritten bool) {
			b.Memory(1, wb.NoMax)
			b.PassiveData([]byte("first"))
			if rewritten {
				b.PassiveData(nil)
			} else {
				b.Data(1, []byte("active"))
			}
			b.PassiveData([]byte("last"))
			b.Func(0, nil, wb.I32Const(0), wb.I32Const(0), wb.I32Const(4), wb.MemoryInit(2))
		},
		data: []Segment{{1, []byte("active")}},
	},
	{
		name: "dropping an active segment needs it too",
		build: func(b *wb.Builder, rewritten bool) {
			b.Memory(1, wb.NoMax)
			if rewritten {
				b.PassiveData(nil)
			} else {
				b.Data(1, []byte("active"))
			}
			b.PassiveData(nil)
			b.Func(0, nil, wb.Return, wb.Raw(0xfc, 9, 0))
		},
		data: []Segment{{1, []byte("active")}},
	},
	{
		name: "offsets may be global",
		build: func(b *wb.Builder, rewritten bool) {
			b.Memory(1, wb.NoMax)
			g := b.Global(wb.I32, false, wb.I32Const(40))
			if !rewritten {
				b.RawData(wb.Cat(wb.Raw(0), wb.GlobalGet(g), wb.I32Const(2), wb.I32Add, wb.End, wb.Name("x")))
			}
		},
		data: []Segment{{42, []byte("x")}},
	},
	{
		name:    "segments stay if one depends on an import",
		imports: func(b *wb.Builder) { b.ImportGlobal("env", "base", wb.I32, false) },
		build: func(b *wb.Builder, _ bool) {
			b.Memory(1, wb.NoMax)
			b.Data(1, []byte("known"))
			b.RawData(wb.Cat(wb.Raw(0), wb.GlobalGet(0), wb.End, wb.Name("x")))
		},
	},
	{
		name: "the start function is exported",
		build: func(b *wb.Builder, rewritten bool) {
			f := b.Func(0, nil)
			if rewritten {
				b.ExportFunc("__lambent_start", f)
			} else {
				b.Start(f)
			}
		},
		start: "__lambent_start",
	},
	{
		name: "mutable globals are exported once",
		build: func(b *wb.Builder, rewritten bool) {
			b.Global(wb.I32, true, wb.I32Const(0))
			b.Global(wb.I64, false, wb.I64Const(0))
			b.Global(wb.F32, true, wb.F32Const(0))
			b.Global(wb.F64, true, wb.F64Const(0))
			b.ExportFunc("f", b.Func(0, nil))
			b.Export("second", wb.KindGlobal, 2)
			b.Export("immutable", wb.KindGlobal, 1)
			b.Export("more", wb.KindGlobal, 2)
			if rewritten {
				b.Export("__lambent_g0", wb.KindGlobal, 0)
				b.Export("__lambent_g3", wb.KindGlobal, 3)
			}
		},
		globals: []Global{{"__lambent_g0", wb.I32}, {"second", wb.F32}, {"__lambent_g3", wb.F64}},
	},
	{
		name: "custom sections are stripped",
		build: func(b *wb.Builder, rewritten bool) {
			b.Func(0, nil)
			if !rewritten {
				b.Custom("name", wb.Section(1, wb.Vec(wb.Cat(wb.Uint(0), wb.Name("f")))))
				b.Custom("producers", []byte("x"))
				b.Custom(".debug_info", nil)
			}
		},
	},
	{
		name:    "tables get maxima",
		options: Options{TableEntries: 100},
		imports: func(b *wb.Builder) { b.ImportTable("env", "t", wb.FuncRef, 1, wb.NoMax) },
		build: func(b *wb.Builder, rewritten bool) {
			for _, t := range []struct{ min, max, want int64 }{{1, wb.NoMax, 25}, {1, 26, 25}, {1, 24, 24}, {30, wb.NoMax, 30}} {
				if rewritten {
					t.max = t.want
				}
				b.Table(wb.ExternRef, t.min, t.max)
			}
		},
	},
	{
		name: "tables keep no maximum",
		build: func(b *wb.Builder, _ bool) {
			b.Table(wb.FuncRef, 1, wb.NoMax)
		},
	},
}

// built returns the module of a golden.
func (g golden) built(rewritten bool) []byte {
	var b wb.Builder
	b.Type(nil, nil)
	b.ImportFunc("env", "imported", 0)
	if g.imports != nil {
		g.imports(&b)
	}
	if rewritten {
		b.ImportFunc("added", "f", b.Type(nil, nil))
	}
	g.build(&b, rewritten)
	return b.Bytes()
}

func TestGoldens(t *testing.T) {
	for _, g := range goldens {
		p := unmetered(t, g.built(false), g.options)
		if want := g.built(true); !bytes.Equal(p.Module, want) {
			t.Errorf("%s: the module is\n%x, want\n%x", g.name, p.Module, want)
		}
		same := func(x, y Segment) bool { return x.Offset == y.Offset && bytes.Equal(x.Bytes, y.Bytes) }
		if !slices.EqualFunc(segments(t, p), g.data, same) {
			t.Errorf("%s: the segments are %v, want %v", g.name, segments(t, p), g.data)
		}
		if p.Start != g.start || !slices.Equal(p.Globals, g.globals) {
			t.Errorf("%s: start %q and globals %v, want %q and %v", g.name, p.Start, p.Globals, g.start, g.globals)
		}
	}
}

// The meter has its part in the module, and the start function that it metered
// is the one that is exported.
func TestMetered(t *testing.T) {
	var b wb.Builder
	typ := b.Type(nil, nil)
	b.ImportFunc("env", "imported", typ)
	b.Func(typ, nil)
	b.Start(b.Func(typ, nil, wb.Loop(wb.Empty), wb.End))
	b.Global(wb.I32, true, wb.I32Const(0))
	p := rewrite(t, b.Bytes(), Options{})
	if !bytes.Contains(p.Module, []byte(meter.ImportModule)) {
		t.Error("the module is not metered")
	}
	if want := wb.Cat(wb.Name("__lambent_start"), wb.Raw(wb.KindFunc), wb.Uint(uint64(2+p.Functions.added))); !bytes.Contains(p.Module, want) {
		t.Error("another function is the start function")
	}
	if want := []Global{{"__lambent_g0", wb.I32}}; !slices.Equal(p.Globals, want) {
		t.Errorf("globals %v, want %v: the meter's is no global of the module", p.Globals, want)
	}
}

// What Rewrite made, or pretends to be, is refused.
func TestRewrittenIsRefused(t *testing.T) {
	var b wb.Builder
	b.Global(wb.I32, true, wb.I32Const(0))
	p := unmetered(t, b.Bytes(), Options{})
	if _, err := wasm.Read(p.Module, wasm.Limits{}); err == nil || !strings.Contains(err.Error(), "reserved") {
		t.Errorf("reading it again: %v", err)
	}
}
