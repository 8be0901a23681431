package wasm

import (
	"bytes"
	"slices"
	"testing"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// copyAll is the hook that changes nothing.
type copyAll struct{}

func (copyAll) Begin(*Code)       {}
func (copyAll) Operation(c *Code) { c.Copy() }
func (copyAll) End(*Code)         {}

// rewrite reads a module and rewrites it.
func rewrite(t testing.TB, binary []byte, edit func(*Rewriter) Hook) []byte {
	t.Helper()
	m, err := Read(binary, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	out, err := m.Rewrite(edit)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A module of every section and form comes out as it went in, but for its name
// section, which is malformed.
func TestRewriteNothing(t *testing.T) {
	b := full().Bytes()
	m, err := Read(b, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	last := m.Sections[len(m.Sections)-1]
	if last.Name != "name" {
		t.Fatalf("the last section is %+v", last)
	}
	want := b[:last.Start-2]
	if got := rewrite(t, b, func(*Rewriter) Hook { return copyAll{} }); !bytes.Equal(got, want) {
		t.Errorf("rewritten\n%x, want\n%x", got, want)
	}
}

// everywhere names functions wherever a module may name one. Those that are
// not imported have numbers larger by shift, as if so many imports were added.
func everywhere(shift uint32, change func(b *wb.Builder)) []byte {
	var b wb.Builder
	empty := b.Type(nil, nil)
	b.ImportFunc("env", "imported", empty)
	change(&b)
	own := func(i uint32) uint32 { return 1 + i + shift }
	b.Table(wb.FuncRef, 10, wb.NoMax)
	b.Global(wb.FuncRef, false, wb.RefFunc(own(0)))
	b.Global(wb.FuncRef, false, wb.RefFunc(0))
	b.Func(empty, nil, wb.Call(own(1)), wb.Call(0), wb.RefFunc(own(125)), wb.Drop, wb.RefFunc(0), wb.Drop, wb.ReturnCall(own(1)))
	b.Func(empty, wb.Types{wb.I32, wb.I64}, wb.Raw(0x12), wb.Uint(0))
	for range 130 { // numbers take one byte up to 127
		b.Func(empty, nil)
	}
	b.ExportFunc("own", own(126))
	b.ExportFunc("imported", 0)
	b.Export("global", wb.KindGlobal, 1)
	b.Start(own(1))
	item, functions := wb.Cat(wb.RefFunc(own(126)), wb.End), wb.Cat(wb.Uint(2), wb.Uint(uint64(own(126))), wb.Raw(0))
	at := wb.Cat(wb.I32Const(1), wb.End)
	b.RawElem(wb.Cat(wb.Raw(0), at, functions))
	b.RawElem(wb.Cat(wb.Raw(1, 0), functions))
	b.RawElem(wb.Cat(wb.Raw(2, 0), at, wb.Raw(0), functions))
	b.RawElem(wb.Cat(wb.Raw(3, 0), functions))
	b.RawElem(wb.Cat(wb.Raw(4), at, wb.Raw(1), item))
	b.RawElem(wb.Cat(wb.Raw(5, wb.FuncRef, 1), item))
	b.RawElem(wb.Cat(wb.Raw(6, 0), at, wb.Raw(wb.FuncRef, 1), item))
	b.RawElem(wb.Cat(wb.Raw(7, wb.FuncRef, 1), item))
	name := func(i uint32) []byte { return wb.Cat(wb.Uint(uint64(i)), wb.Name("f")) }
	locals := func(i uint32) []byte { return wb.Cat(wb.Uint(uint64(i)), wb.Vec(wb.Cat(wb.Raw(3), wb.Name("l")))) }
	b.Custom("name", wb.Cat(
		wb.Section(0, wb.Name("module")),
		wb.Section(1, wb.Vec(name(0), name(own(0)), name(own(126)))),
		wb.Section(2, wb.Vec(locals(0), locals(own(126)))),
		wb.Section(3, wb.Vec(locals(own(1)))),
		wb.Section(7, wb.Vec(name(1)))))
	b.Custom("other", []byte{1, 2, 3})
	return b.Bytes()
}

// Functions are renumbered wherever they are named, and nothing else is.
func TestRewriteRenumbers(t *testing.T) {
	for n := range uint32(3) {
		want := everywhere(n, func(b *wb.Builder) {
			typ := uint32(0)
			for i := range n {
				if i == 0 {
					typ = b.Type(wb.Types{wb.I64}, nil)
				}
				b.ImportFunc("added", "f", typ)
			}
		})
		got := rewrite(t, everywhere(0, func(*wb.Builder) {}), func(w *Rewriter) Hook {
			for i := range n {
				if at := w.Import("added", "f", FuncType{Params: []byte{typeI64}}); at != 1+i {
					t.Errorf("the import is function %d, want %d", at, 1+i)
				}
			}
			return copyAll{}
		})
		if !bytes.Equal(got, want) {
			t.Errorf("%d imports added:\n%x, want\n%x", n, got, want)
		}
	}
}

// What is added comes after what is there, in sections that are made if there
// are none.
func TestRewriteAdds(t *testing.T) {
	build := func(b *wb.Builder, more bool) []byte {
		typ := b.Type(nil, nil)
		b.ImportFunc("env", "f", typ)
		b.Memory(1, 1)
		if more {
			added := b.Type(wb.Types{wb.I32}, wb.Types{wb.I32})
			b.Global(wb.I64, true, wb.I64Const(7))
			f := b.Func(added, nil, wb.LocalGet(0))
			b.Export("g", wb.KindGlobal, 0)
			b.ExportFunc("f", f)
		}
		b.Data(0, []byte("data"))
		return b.Bytes()
	}
	edit := func(globals, functions uint32) func(w *Rewriter) Hook {
		return func(w *Rewriter) Hook {
			g := w.Global(Global{typeI64, true}, wb.I64Const(7))
			f := w.Function(FuncType{[]byte{typeI32}, []byte{typeI32}}, wb.Cat(wb.Raw(0), wb.LocalGet(0), wb.End))
			if g != globals || f != functions {
				t.Errorf("global %d and function %d, want %d and %d", g, f, globals, functions)
			}
			w.Export("g", KindGlobal, g)
			w.Export("f", KindFunc, f)
			return copyAll{}
		}
	}
	var few, many wb.Builder
	if got, want := rewrite(t, build(&few, false), edit(0, 1)), build(&many, true); !bytes.Equal(got, want) {
		t.Errorf("%x, want\n%x", got, want)
	}
	got := rewrite(t, wb.Module(wb.Section(0, wb.Name("c"))), edit(0, 0))
	var b wb.Builder
	b.Global(wb.I64, true, wb.I64Const(7))
	b.Export("g", wb.KindGlobal, 0)
	b.ExportFunc("f", b.Func(b.Type(wb.Types{wb.I32}, wb.Types{wb.I32}), nil, wb.LocalGet(0)))
	if want := wb.Cat(wb.Header(), wb.Section(0, wb.Name("c")), b.Bytes()[8:]); !bytes.Equal(got, want) {
		t.Errorf("added to nothing: %x, want\n%x", got, want)
	}
}

// Custom sections that would mislead are left out.
func TestRewriteCustom(t *testing.T) {
	for name, c := range map[string]struct {
		section, content []byte
		kept             bool
	}{
		"other":                  {wb.Name("other"), wb.Raw(1), true},
		"debug":                  {wb.Name(".debug_line"), wb.Raw(1), false},
		"names":                  {wb.Name("name"), wb.Section(1, wb.Vec(wb.Cat(wb.Uint(0), wb.Name("f")))), true},
		"name of no function":    {wb.Name("name"), wb.Section(1, wb.Vec(wb.Cat(wb.Uint(1), wb.Name("f")))), false},
		"names cut short":        {wb.Name("name"), wb.Section(1, wb.Uint(1<<31)), false},
		"bytes after names":      {wb.Name("name"), wb.Section(1, wb.Vec(), wb.Raw(0)), false},
		"subsection too long":    {wb.Name("name"), wb.Raw(4, 9), false},
		"locals cut short":       {wb.Name("name"), wb.Section(2, wb.Vec(wb.Cat(wb.Uint(0), wb.Uint(1<<31)))), false},
		"unknown names, as they": {wb.Name("name"), wb.Section(9, wb.Raw(1, 2, 3)), true},
	} {
		var b wb.Builder
		b.Func(b.Type(nil, nil), nil)
		plain := b.Bytes()
		binary := wb.Cat(plain, wb.Section(0, c.section, c.content))
		want := plain
		if c.kept {
			want = binary
		}
		if got := rewrite(t, binary, func(*Rewriter) Hook { return copyAll{} }); !bytes.Equal(got, want) {
			t.Errorf("%s: %x, want %x", name, got, want)
		}
	}
}

// slots is a hook that fills slots at the end, last first, with locals that it
// adds.
type slots struct{ copyAll }

func (slots) Begin(c *Code) { c.Slot() }
func (slots) Operation(c *Code) {
	c.Copy()
	c.Slot()
	c.Emit(0x01)
}
func (slots) End(c *Code) {
	i64 := c.Local(typeI64)
	f32 := c.Local(typeF32)
	c.Fill(1, wb.Cat(wb.LocalGet(f32), wb.Drop))
	c.Fill(0, wb.Cat(wb.LocalGet(i64), wb.Drop))
}

func TestRewriteSlots(t *testing.T) {
	var b, want wb.Builder
	b.Func(b.Type(wb.Types{wb.I32}, nil), wb.Types{wb.I32}, wb.Block(wb.Empty), wb.End)
	want.RawFunc(want.Type(wb.Types{wb.I32}, nil), wb.Cat(
		wb.Raw(3, 1, wb.I32, 1, wb.I64, 1, wb.F32), wb.LocalGet(2), wb.Drop,
		wb.Block(wb.Empty), wb.LocalGet(3), wb.Drop, wb.Nop, wb.End, wb.Nop, wb.End, wb.Nop))
	if got := rewrite(t, b.Bytes(), func(*Rewriter) Hook { return slots{} }); !bytes.Equal(got, want.Bytes()) {
		t.Errorf("%x, want\n%x", got, want.Bytes())
	}
}

// heights is a hook that notes how many operands there are behind each operation; -1
// where it is not reached.
type heights struct {
	copyAll
	seen *[]int
	next *uint32
}

func (h heights) Operation(c *Code) {
	c.Copy()
	n := -1
	if c.Reached() {
		n = c.Height()
	}
	*h.seen = append(*h.seen, n)
}

func (h heights) End(c *Code) {
	c.Local(typeI64)
	*h.next = c.NextLocal()
}

func TestCodeHeight(t *testing.T) {
	var b wb.Builder
	b.Func(b.Type(wb.Types{wb.I32}, wb.Types{wb.I32}), wb.Types{wb.I32},
		wb.LocalGet(0), wb.Block(wb.I32), wb.LocalGet(0), wb.LocalGet(0), wb.Br(0), wb.I32Add, wb.End, wb.I32Add)
	var seen []int
	var next uint32
	rewrite(t, b.Bytes(), func(*Rewriter) Hook { return heights{seen: &seen, next: &next} })
	if want := []int{1, 1, 2, 3, -1, -1, 2, 1, -1}; !slices.Equal(seen, want) {
		t.Errorf("operands: %d, want %d", seen, want)
	}
	if next != 3 {
		t.Errorf("the next local is %d, want 3", next)
	}
}
