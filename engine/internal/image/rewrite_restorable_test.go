package image

import (
	"testing"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// The first reason is told, by the numbers of the original module.
func TestRestorable(t *testing.T) {
	// module has function 0, an import, and function 1, which has the code.
	module := func(change func(b *wb.Builder), code ...[]byte) []byte {
		var b wb.Builder
		typ := b.Type(nil, nil)
		b.ImportFunc("env", "f", typ)
		if change != nil {
			change(&b)
		} else {
			b.Memory(1, wb.NoMax)
			b.Table(wb.FuncRef, 4, wb.NoMax)
			b.Table(wb.FuncRef, 4, wb.NoMax)
			b.Data(0, []byte("a"))
			b.PassiveData([]byte("b"))
			b.PassiveElem(0)
			b.PassiveElem(0)
		}
		b.Func(typ, nil, code...)
		return b.Bytes()
	}
	zero := wb.I32Const(0)
	for name, c := range map[string]struct {
		module []byte
		want   string // "" if it is restorable
	}{
		"nothing":     {module(nil), ""},
		"memory.init": {module(nil, zero, zero, zero, wb.MemoryInit(1)), ""},
		"memory.grow": {module(nil, zero, wb.MemoryGrow, wb.Drop), ""},
		"table.get":   {module(nil, zero, wb.Raw(0x25, 1), wb.Drop), ""},
		"table.size":  {module(nil, wb.Raw(0xfc, 0x10, 1), wb.Drop), ""},
		"numeric globals": {module(func(b *wb.Builder) {
			b.Global(wb.I32, true, zero)
			b.Global(wb.F64, true, wb.F64Const(0))
			b.Global(wb.V128, false, wb.Raw(0xfd, 0x0c), make([]byte, 16))
			b.Global(wb.FuncRef, false, wb.RefNull(wb.FuncRef))
		}), ""},

		"table.set":  {module(nil, zero, wb.RefNull(wb.FuncRef), wb.Raw(0x26, 1)), "table 1 is changed by table.set in function 1"},
		"table.init": {module(nil, zero, zero, zero, wb.Raw(0xfc, 0x0c, 0, 1)), "table 1 is changed by table.init in function 1"},
		"table.copy": {module(nil, zero, zero, zero, wb.Raw(0xfc, 0x0e, 1, 0)), "table 1 is changed by table.copy in function 1"},
		"table.grow": {module(nil, wb.RefNull(wb.FuncRef), zero, wb.Raw(0xfc, 0x0f, 1), wb.Drop), "table 1 is changed by table.grow in function 1"},
		"table.fill": {module(nil, zero, wb.RefNull(wb.FuncRef), zero, wb.Raw(0xfc, 0x11, 1)), "table 1 is changed by table.fill in function 1"},
		"elem.drop":  {module(nil, wb.Raw(0xfc, 0x0d, 1)), "element segment 1 is dropped by elem.drop in function 1"},
		"data.drop":  {module(nil, wb.Raw(0xfc, 0x09, 1)), "data segment 1 is dropped by data.drop in function 1"},
		"dead code":  {module(nil, wb.Unreachable, zero, wb.RefNull(wb.FuncRef), wb.Raw(0x26, 0)), "table 0 is changed by table.set in function 1"},
		"the first":  {module(nil, wb.Raw(0xfc, 0x09, 0), wb.Raw(0xfc, 0x09, 1)), "data segment 0 is dropped by data.drop in function 1"},

		"mutable funcref":   {module(func(b *wb.Builder) { b.Global(wb.FuncRef, true, wb.RefNull(wb.FuncRef)) }), "global 0 is a mutable funcref"},
		"mutable externref": {module(func(b *wb.Builder) { b.Global(wb.ExternRef, true, wb.RefNull(wb.ExternRef)) }), "global 0 is a mutable externref"},
		"mutable exnref":    {module(func(b *wb.Builder) { b.Global(wb.ExnRef, true, wb.RefNull(wb.ExnRef)) }), "global 0 is a mutable exnref"},
		"mutable v128": {module(func(b *wb.Builder) {
			b.Global(wb.I32, true, zero)
			b.Global(wb.V128, true, wb.Raw(0xfd, 0x0c), make([]byte, 16))
		}), "global 1 is a mutable v128"},
		"imported global": {module(func(b *wb.Builder) { b.ImportGlobal("env", "g", wb.I32, true) }), "global 0 is imported and mutable"},
		"imported, fixed": {module(func(b *wb.Builder) { b.ImportGlobal("env", "g", wb.I32, false) }), ""},
		"imported memory": {module(func(b *wb.Builder) { b.ImportMemory("env", "m", 1, 1) }), "its memory is imported"},
		"imported table":  {module(func(b *wb.Builder) { b.ImportTable("env", "t", wb.FuncRef, 1, 1) }), "table 0 is imported"},
	} {
		got := ""
		if err := rewrite(t, c.module, Options{}).Restorable; err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
