package wasm

import (
	"bytes"
	"errors"
	"math"
	"runtime"
	"strings"
	"testing"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// full builds a module that uses every section and every form of them.
func full() *wb.Builder {
	b := &wb.Builder{}
	empty := b.Type(nil, nil)
	add := b.Type(wb.Types{wb.I32, wb.I32}, wb.Types{wb.I32})
	host := b.ImportFunc("env", "log", b.Type(wb.Types{wb.I64, wb.F32, wb.F64, wb.V128}, nil))
	b.ImportGlobal("env", "base", wb.I32, false)
	b.ImportTag("env", "tag", empty)
	b.Table(wb.FuncRef, 10, 20)
	b.Table(wb.ExternRef, 1, wb.NoMax)
	b.Memory(1, 2)
	b.Tag(empty)
	b.Global(wb.I64, true, wb.I64Const(-1))
	b.Global(wb.I32, false, wb.GlobalGet(0), wb.I32Const(4), wb.I32Add)
	b.Global(wb.V128, false, wb.Raw(0xfd, 0x0c), make([]byte, 16))
	b.Global(wb.FuncRef, false, wb.RefFunc(1))
	start := b.Func(empty, wb.Types{wb.I32, wb.I64},
		wb.Block(wb.Empty), wb.I32Const(1), wb.BrTable(0, 1, 0), wb.End,
		wb.Raw(0x06, wb.Empty), wb.Throw(0), wb.Raw(0x07, 0), wb.Raw(0x09, 0), wb.Raw(0x19), wb.End,
		wb.I32Const(0), wb.I32Const(0), wb.I32Const(0), wb.MemoryInit(1))
	sum := b.Func(add, nil, wb.LocalGet(0), wb.LocalGet(1), wb.I32Add)
	b.Export("", wb.KindGlobal, 1)
	b.ExportFunc("sum", sum)
	b.ExportFunc("log", host)
	b.ExportMemory()
	b.Start(start)
	b.Elem(0, start, sum)
	b.PassiveElem(sum)
	b.DeclareElem(sum)
	b.RawElem(wb.Cat(wb.Raw(2, 0), wb.I32Const(0), wb.End, wb.Raw(0, 1, 1)))
	b.RawElem(wb.Cat(wb.Raw(4), wb.I32Const(0), wb.End, wb.Raw(1), wb.RefFunc(0), wb.End))
	b.RawElem(wb.Cat(wb.Raw(5, wb.ExternRef, 1), wb.RefNull(wb.ExternRef), wb.End))
	b.RawElem(wb.Cat(wb.Raw(6, 1), wb.I32Const(0), wb.End, wb.Raw(wb.ExternRef, 0)))
	b.RawElem(wb.Raw(7, wb.FuncRef, 0))
	b.Data(16, []byte("active"))
	b.PassiveData([]byte("passive"))
	b.RawData(wb.Cat(wb.Raw(2, 0), wb.GlobalGet(2), wb.End, wb.Raw(1, 'x')))
	b.Custom("name", []byte{1, 2, 3})
	return b
}

func TestReadSummary(t *testing.T) {
	b := full().Bytes()
	m, err := Read(b, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	counts := [...]int{
		len(m.Types), len(m.Imports), len(m.Functions), len(m.Tables), len(m.Memories), len(m.Tags), len(m.Globals),
		len(m.Exports), m.Elements, m.Data, len(m.Sections),
	}
	if want := [...]int{3, 3, 3, 2, 1, 2, 5, 4, 8, 3, 14}; counts != want {
		t.Errorf("counts are %v, want %v", counts, want)
	}
	if m.Imported != [...]int{1, 0, 0, 1, 1} {
		t.Errorf("imported are %v", m.Imported)
	}
	if im := m.Imports[1]; im != (Import{"env", "base", KindGlobal, 0}) {
		t.Errorf("import 1 is %v", im)
	}
	if ex := m.Exports[1]; ex != (Export{"sum", KindFunc, 2}) {
		t.Errorf("export 1 is %v", ex)
	}
	if !m.HasStart || m.Start != 1 {
		t.Errorf("the start function is %d, %v", m.Start, m.HasStart)
	}
	if m.Memories[0] != (Memory{1, 2, true}) || m.Tables[1] != (Table{Elem: wb.ExternRef, Min: 1}) {
		t.Errorf("memory %v, table 1 %v", m.Memories[0], m.Tables[1])
	}
	if typ := m.Types[m.Functions[2]]; !bytes.Equal(typ.Params, []byte{wb.I32, wb.I32}) || !bytes.Equal(typ.Results, []byte{wb.I32}) {
		t.Errorf("the type of function 2 is %x", typ)
	}
	last := m.Sections[len(m.Sections)-1]
	if last.Name != "name" || last.ID != SectionCustom || !bytes.HasSuffix(b[last.Start:last.End], []byte{1, 2, 3}) || last.End != len(b) {
		t.Errorf("the last section is %+v", last)
	}
}

// A module cut short is refused, but where what is left is a module of its own:
// after a section, if nothing declared what follows.
func TestReadTruncated(t *testing.T) {
	b := full().Bytes()
	m, err := Read(b, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	whole := map[int]bool{8: true}
	for _, s := range m.Sections {
		switch s.ID {
		case SectionType, SectionImport, SectionData: // before functions are declared, after they and the data are there
			whole[s.End] = true
		}
	}
	for n := range b {
		_, err := Read(b[:n:n], Limits{})
		if (err == nil) != whole[n] {
			t.Errorf("cut to %d bytes: %v", n, err)
		}
		if err != nil && !errors.Is(err, ErrMalformed) {
			t.Errorf("cut to %d bytes: %v, which is not ErrMalformed", n, err)
		}
	}
}

func TestReadKeepsNothingBeyondInput(t *testing.T) {
	// Large counts with nothing behind them must not be allocated.
	const most = math.MaxInt32
	huge := wb.Uint(most)
	unlimited := Limits{
		Module: most, Body: most, Operations: most, Nesting: most, Loops: most, BrTableTargets: most, Locals: most,
		Values: most, Types: most, Imports: most, Functions: most, Globals: most, Exports: most, Elements: most,
		Tags: most, Tables: most, Table: most, Data: most, Custom: most,
	}
	for id := byte(1); id <= 13; id++ {
		module := wb.Module(wb.Section(id, huge))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Read(module, unlimited)
		runtime.ReadMemStats(&after)
		if err == nil {
			t.Errorf("section %d was accepted", id)
		}
		allocated := after.TotalAlloc - before.TotalAlloc
		if allocated > 64<<10 {
			t.Errorf("section %d: %d bytes allocated for %d bytes of module", id, allocated, len(module))
		}
	}
}

func TestErrorMessage(t *testing.T) {
	var b wb.Builder
	b.Func(b.Type(nil, nil), wb.Types{wb.I32, wb.I32, wb.I32}, wb.LocalGet(9), wb.Drop)
	module := b.Bytes()
	_, err := Read(module, Limits{})
	var e *Error
	if !errors.As(err, &e) || !errors.Is(err, ErrInvalid) {
		t.Fatalf("%v", err)
	}
	if module[e.Offset] != 9 {
		t.Errorf("offset %d is not the index", e.Offset)
	}
	if got := err.Error(); !strings.HasPrefix(got, "function 0: local index 9 at 0x") || !strings.HasSuffix(got, ": the function has 3 locals") {
		t.Errorf("it reads %q", got)
	}
}
