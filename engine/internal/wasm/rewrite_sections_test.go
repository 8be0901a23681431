package wasm

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// told is a hook that keeps the segments it is told of, and then calls then.
type told struct {
	copyAll
	segments []DataSegment
	then     func()
}

func (h *told) Segments(data []DataSegment) {
	h.segments = data
	if h.then != nil {
		h.then()
	}
}

// offsetModule has an active segment whose offset is the expression given.
func offsetModule(expression ...[]byte) []byte {
	var b wb.Builder
	b.ImportGlobal("env", "base", wb.I32, false)
	b.Memory(1, wb.NoMax)
	b.Global(wb.I32, false, wb.I32Const(40))                                  // 1
	b.Global(wb.I32, false, wb.GlobalGet(1), wb.I32Const(-1), wb.I32Add)      // 2: 39
	b.Global(wb.I32, false, wb.GlobalGet(0), wb.I32Const(1), wb.I32Mul)       // 3: unknown
	b.Global(wb.I32, true, wb.I32Const(7))                                    // 4
	b.RawData(wb.Cat(wb.Raw(0), wb.Cat(expression...), wb.End, wb.Name("a"))) // of memory 0
	return b.Bytes()
}

// Offsets are evaluated as the specification says, modulo 2^32.
func TestOffsets(t *testing.T) {
	for name, c := range map[string]struct {
		expression []byte
		want       string
	}{
		"constant":             {wb.I32Const(7), "7"},
		"negative":             {wb.I32Const(-1), "4294967295"},
		"global":               {wb.GlobalGet(1), "40"},
		"global of a global":   {wb.GlobalGet(2), "39"},
		"sum":                  {wb.Cat(wb.GlobalGet(1), wb.GlobalGet(2), wb.I32Add), "79"},
		"difference":           {wb.Cat(wb.I32Const(1), wb.I32Const(2), wb.I32Sub), "4294967295"},
		"product":              {wb.Cat(wb.I32Const(1<<30), wb.I32Const(4), wb.I32Mul), "0"},
		"nested":               {wb.Cat(wb.I32Const(2), wb.I32Const(3), wb.I32Const(4), wb.I32Mul, wb.I32Add), "14"},
		"imported":             {wb.GlobalGet(0), "unknown"},
		"of an imported one":   {wb.GlobalGet(3), "unknown"},
		"sum with an imported": {wb.Cat(wb.GlobalGet(0), wb.I32Const(1), wb.I32Add), "unknown"},
		"imported, times 0":    {wb.Cat(wb.I32Const(0), wb.GlobalGet(0), wb.I32Mul), "unknown"},
		"known after imported": {wb.Cat(wb.I32Const(5), wb.GlobalGet(3), wb.I32Sub), "unknown"},
	} {
		h := &told{}
		rewrite(t, offsetModule(c.expression), func(*Rewriter) Hook { return h })
		if len(h.segments) != 1 || !h.segments[0].Active {
			t.Errorf("%s: segments %+v", name, h.segments)
			continue
		}
		got := "unknown"
		if s := h.segments[0]; s.Known {
			got = fmt.Sprint(s.Offset)
		}
		if got != c.want {
			t.Errorf("%s: the offset is %s, want %s", name, got, c.want)
		}
	}
	if _, err := Read(offsetModule(wb.GlobalGet(4)), Limits{}); err == nil || !strings.Contains(err.Error(), "mutable global 4") {
		t.Errorf("an offset may be a mutable global: %v", err)
	}
}

// Segments come in order, with their bytes as views of the module.
func TestSegments(t *testing.T) {
	var b wb.Builder
	b.Memory(1, wb.NoMax)
	b.Data(3, []byte("three"))
	b.PassiveData([]byte("passive"))
	b.RawData(wb.Cat(wb.Raw(2, 0), wb.I32Const(9), wb.End, wb.Name(""))) // which names its memory
	binary := b.Bytes()
	h := &told{}
	rewrite(t, binary, func(*Rewriter) Hook { return h })
	want := []DataSegment{
		{Bytes: []byte("three"), Active: true, Known: true, Offset: 3},
		{Bytes: []byte("passive")},
		{Bytes: []byte{}, Active: true, Known: true, Offset: 9},
	}
	if !reflect.DeepEqual(h.segments, want) {
		t.Errorf("segments %+v, want %+v", h.segments, want)
	}
	if at := bytes.Index(binary, []byte("three")); &binary[at] != &h.segments[0].Bytes[0] {
		t.Error("the bytes are a copy")
	}
}

// What is omitted is gone, what is replaced has new items, and what is added
// follows them.
func TestOmitAndReplace(t *testing.T) {
	build := func(rewritten bool) []byte {
		var b wb.Builder
		typ := b.Type(nil, nil)
		f := b.Func(typ, nil)
		if rewritten {
			b.Table(wb.FuncRef, 1, 2)
			b.Table(wb.FuncRef, 1, 3)
		} else {
			b.Table(wb.FuncRef, 1, wb.NoMax)
			b.Start(f)
			b.Custom("name", wb.Section(1, wb.Vec(wb.Cat(wb.Uint(0), wb.Name("f")))))
			b.Custom("other", []byte("x"))
		}
		b.Memory(1, 1)
		if !rewritten {
			b.Data(0, []byte("data"))
			b.PassiveData([]byte("passive"))
		}
		b.ExportFunc("f", f)
		if rewritten {
			b.ExportFunc("start", f)
		}
		return b.Bytes()
	}
	got := rewrite(t, build(false), func(w *Rewriter) Hook {
		w.Omit(SectionStart)
		w.Omit(SectionCustom)
		w.Replace(SectionTable, 2, wb.Cat(wb.Raw(wb.FuncRef), wb.Limits(1, 2), wb.Raw(wb.FuncRef), wb.Limits(1, 3)))
		w.Export("start", KindFunc, w.Renumber(0))
		return &told{then: func() {
			w.Omit(SectionData)
			w.Omit(SectionDataCount)
		}}
	})
	if want := build(true); !bytes.Equal(got, want) {
		t.Errorf("%x, want\n%x", got, want)
	}
}

// What is omitted is checked all the same.
func TestOmittedIsChecked(t *testing.T) {
	omit := func(w *Rewriter) Hook {
		w.Omit(SectionCustom)
		w.Omit(SectionData)
		return copyAll{}
	}
	m, err := Read(offsetModule(wb.I32Const(1)), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	m.source = m.source[:len(m.source)-1] // as if it had changed
	if out, err := m.Rewrite(omit); err == nil {
		t.Errorf("a data section that is cut short became %x", out)
	}
}
