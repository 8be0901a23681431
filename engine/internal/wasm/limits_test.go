package wasm

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// Every limit accepts what is exactly as large as it says and refuses one more.
func TestLimits(t *testing.T) {
	repeat := func(n int, part ...[]byte) []byte { return bytes.Repeat(wb.Cat(part...), n) }
	inFunction := func(code ...[]byte) []byte {
		var b wb.Builder
		b.Func(b.Type(nil, nil), nil, code...)
		return b.Bytes()
	}
	each := func(n int, add func(b *wb.Builder, i int)) []byte {
		b := &wb.Builder{}
		b.Type(nil, nil)
		for i := range n {
			add(b, i)
		}
		return b.Bytes()
	}
	moving := func(values, branches int) []byte {
		var b wb.Builder
		b.Func(b.Type(nil, nil), nil, wb.Block(byte(b.Type(nil, i32s(values)))), repeat(branches, wb.Br(0)), wb.End)
		return b.Bytes()
	}
	joining := func(locals, blocks, branches int) []byte {
		var b wb.Builder
		branch := wb.Cat(wb.I32Const(1), wb.BrIf(0))
		b.Func(b.Type(nil, nil), i32s(locals), repeat(blocks, wb.Block(wb.Empty), repeat(branches, branch), wb.End))
		return b.Bytes()
	}
	covered := map[string]bool{}
	for _, c := range []struct {
		field  string
		limits Limits
		fits   []byte
		over   []byte
		part   string
	}{
		{"Module", Limits{Module: 11}, wb.Module(wb.Section(1, wb.Raw(0))), wb.Module(wb.Section(0, wb.Raw(1, 'x'))), "12 bytes at 0x0: a module may have at most 11 bytes"},
		{"Body", Limits{Body: 9}, inFunction(repeat(7, wb.Nop)), inFunction(repeat(8, wb.Nop)), "function 0: a body of 10 bytes"},
		{"Operations", Limits{Operations: 8}, inFunction(repeat(7, wb.Nop)), inFunction(repeat(8, wb.Nop)), "function 0: 9 operations"},
		{"Operations", Limits{Operations: 5}, moving(16, 2), moving(16, 3), "6 operations"},
		// A block and two branches of 17 values count two each.
		{"Operations", Limits{Operations: 8}, moving(17, 2), moving(17, 3), "at most 8 are allowed"},
		{"Nesting", Limits{Nesting: 3}, inFunction(repeat(3, wb.Block(wb.Empty)), repeat(3, wb.End)), inFunction(repeat(4, wb.Block(wb.Empty)), repeat(4, wb.End)), "4 nested blocks"},
		{"Loops", Limits{Loops: 2}, inFunction(repeat(3, repeat(2, wb.Loop(wb.Empty)), repeat(2, wb.End))), inFunction(repeat(3, wb.Loop(wb.Empty)), repeat(3, wb.End)), "3 nested loops"},
		// Ten branches to a block of two locals: 10 units, and 22 + 1 for 11 pieces.
		{"Work", Limits{Work: 33}, joining(2, 1, 10), joining(2, 1, 11), "function 0: 37 units of work to compile a function"},
		{"Work", Limits{Work: 68}, joining(2, 2, 10), joining(2, 3, 10), "106 units"},
		{"Work", Limits{Work: 2}, inFunction(wb.If(wb.Empty), wb.End, repeat(10, wb.Br(0))), joining(2, 2, 0), "4 units"},
		{"ModuleWork", Limits{ModuleWork: 4}, each(2, addIf), each(3, addIf), "function 2: 6 units of work to compile functions so far"},
		{"BrTableTargets", Limits{BrTableTargets: 4}, inFunction(repeat(2, wb.BrTable(0, 0, 0))), inFunction(repeat(3, wb.BrTable(0, 0, 0))), "6 targets"},
		{"BrTableTargets", Limits{BrTableTargets: 1}, inFunction(wb.Raw(0x1f, wb.Empty, 1, 2, 0), wb.End), inFunction(wb.Raw(0x1f, wb.Empty, 2, 2, 0, 2, 0), wb.End), "2 catch clauses"},
		{"Locals", Limits{Locals: 3}, each(1, func(b *wb.Builder, _ int) { b.Func(b.Type(wb.Types{wb.I32}, nil), wb.Types{wb.I32, wb.I64}) }), each(1, func(b *wb.Builder, _ int) {
			b.RawFunc(b.Type(wb.Types{wb.I32}, nil), wb.Cat(wb.Raw(1), wb.Uint(1<<32-1), wb.Raw(wb.I32, 0x0b)))
		}), "4294967296 locals"},
		{"Values", Limits{Values: 2}, each(1, func(b *wb.Builder, _ int) { b.Type(i32s(2), i32s(2)) }), each(1, func(b *wb.Builder, _ int) { b.Type(i32s(3), nil) }), "3 parameters"},
		{"Values", Limits{Values: 2}, each(0, nil), each(1, func(b *wb.Builder, _ int) { b.Type(nil, i32s(3)) }), "3 results"},
		{"TypeValues", Limits{TypeValues: 4}, each(2, func(b *wb.Builder, _ int) { b.Type(i32s(1), i32s(1)) }), each(3, func(b *wb.Builder, _ int) { b.Type(i32s(1), i32s(1)) }), "type 3: 6 parameters and results of types so far"},
		{"Types", Limits{Types: 1}, each(0, nil), each(1, func(b *wb.Builder, _ int) { b.Type(nil, nil) }), "2 types"},
		{"Imports", Limits{Imports: 1}, each(1, importGlobal), each(2, importGlobal), "2 imports"},
		{"Functions", Limits{Functions: 2}, each(2, addFunc), each(3, addFunc), "3 functions"},
		{"Functions", Limits{Functions: 2}, each(2, importFunc), each(3, importFunc), "3 functions"},
		{"Globals", Limits{Globals: 2}, each(2, addGlobal), each(3, addGlobal), "3 globals"},
		{"Globals", Limits{Globals: 2}, each(2, importGlobal), each(3, importGlobal), "3 globals"},
		{"Exports", Limits{Exports: 1}, each(1, exportFunc), each(2, exportFunc), "2 exports"},
		{"Elements", Limits{Elements: 1}, each(1, addElem), each(2, addElem), "2 element segments"},
		{"Tags", Limits{Tags: 1}, each(1, func(b *wb.Builder, _ int) { b.Tag(0) }), each(2, func(b *wb.Builder, _ int) { b.Tag(0) }), "2 tags"},
		{"Tags", Limits{Tags: 1}, each(1, func(b *wb.Builder, _ int) { b.ImportTag("", "", 0) }), each(2, func(b *wb.Builder, _ int) { b.ImportTag("", "", 0) }), "2 tags"},
		{"Tables", Limits{Tables: 1}, each(1, addTable), each(2, addTable), "2 tables"},
		{"Tables", Limits{Tables: 1}, each(1, func(b *wb.Builder, _ int) { b.ImportTable("", "", wb.FuncRef, 0, 0) }), each(2, func(b *wb.Builder, _ int) { b.ImportTable("", "", wb.FuncRef, 0, 0) }), "2 tables"},
		{"Table", Limits{Table: 20}, each(2, addTable), each(3, addTable), "30 table entries"},
		{"Table", Limits{Table: 2}, each(2, addElem), each(3, addElem), "3 element items"},
		{"Data", Limits{Data: 1}, each(1, addData), each(2, addData), "2 data segments"},
		{"Custom", Limits{Custom: 1}, each(1, func(b *wb.Builder, _ int) { b.Custom("", nil) }), each(2, func(b *wb.Builder, _ int) { b.Custom("", nil) }), "2 custom sections"},
	} {
		covered[c.field] = true
		if _, err := Read(c.fits, c.limits); err != nil {
			t.Errorf("%s: what fits is refused: %v", c.field, err)
		}
		_, err := Read(c.over, c.limits)
		if !errors.Is(err, ErrTooLarge) || !strings.Contains(err.Error(), c.part) {
			t.Errorf("%s: one more is %v, want %v with %q", c.field, err, ErrTooLarge, c.part)
		}
		if _, err := Read(c.over, Limits{}); err != nil && c.field != "Locals" {
			t.Errorf("%s: refused by default: %v", c.field, err)
		}
	}
	limits := reflect.TypeFor[Limits]()
	defaults := reflect.ValueOf(Limits{}.withDefaults())
	for i := range limits.NumField() {
		if name := limits.Field(i).Name; !covered[name] {
			t.Errorf("no row for %s", name)
		} else if defaults.Field(i).Int() <= 0 {
			t.Errorf("%s has no default", name)
		}
	}
}

func i32s(n int) wb.Types { return bytes.Repeat([]byte{wb.I32}, n) }

func importGlobal(b *wb.Builder, _ int) { b.ImportGlobal("", "", wb.I32, false) }
func importFunc(b *wb.Builder, _ int)   { b.ImportFunc("", "", 0) }
func addIf(b *wb.Builder, _ int)        { b.Func(0, i32s(1), wb.I32Const(1), wb.If(wb.Empty), wb.End) }
func addFunc(b *wb.Builder, _ int)      { b.Func(0, nil) }
func addGlobal(b *wb.Builder, _ int)    { b.Global(wb.I32, false, wb.I32Const(0)) }
func addTable(b *wb.Builder, _ int)     { b.Table(wb.FuncRef, 10, wb.NoMax) }
func addData(b *wb.Builder, _ int)      { b.PassiveData(nil) }

func addElem(b *wb.Builder, i int) {
	if i == 0 {
		b.Func(0, nil)
	}
	b.PassiveElem(0)
}

func exportFunc(b *wb.Builder, i int) {
	if i == 0 {
		b.Func(0, nil)
	}
	b.ExportFunc(string(rune('a'+i)), 0)
}
