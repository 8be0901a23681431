package image

import (
	"bytes"
	"testing"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

func TestGuardedComparisons(t *testing.T) {
	and := wb.Cat(wb.LocalGet(0), wb.LocalGet(0), wb.I32And)
	compared := wb.Cat(wb.I32GtS, wb.Drop)
	guard := wb.Cat(wb.I32Const(0), wb.I32Or)
	for name, c := range map[string]struct{ before, after []byte }{ // around the guard; no after: there is none
		"a conjunction":           {wb.Cat(wb.I32Const(0), and), compared},
		"a sum":                   {wb.Cat(wb.I32Const(0), and, wb.I32Const(1), wb.I32Add, compared), nil},
		"equality":                {wb.Cat(wb.I32Const(0), and, wb.I32Eq, wb.Drop), nil},
		"a parameter":             {wb.Cat(wb.I32Const(0), wb.LocalGet(0), compared), nil},
		"a local that may be one": {wb.Cat(and, wb.LocalSet(1), wb.I32Const(0), wb.LocalGet(1)), compared},
		"one that was one":        {wb.Cat(and, wb.LocalTee(1), wb.Drop, wb.I32Const(7), wb.LocalSet(1), wb.I32Const(0), wb.LocalGet(1)), compared},
		"a local that is none":    {wb.Cat(wb.I32Const(5), wb.LocalSet(1), wb.I32Const(0), wb.LocalGet(1), compared), nil},
		"a copied local":          {wb.Cat(and, wb.LocalSet(1), wb.LocalGet(1), wb.LocalSet(2), wb.I32Const(0), wb.LocalGet(2)), compared},
		"a block's result":        {wb.Cat(wb.I32Const(0), wb.Block(wb.I32), and, wb.End), compared},
		"what lay below":          {wb.Cat(wb.I32Const(0), and, wb.I32Const(1), wb.LocalSet(2)), compared},
		"a call's result":         {wb.Cat(wb.I32Const(0), wb.Call(0), compared), nil},
		"a selected value":        {wb.Cat(wb.I32Const(0), and, and, wb.I32Const(1), wb.Select, compared), nil},
		"after it was compared":   {wb.Cat(wb.I32Const(0), wb.I32Const(0), and), wb.Cat(wb.I32GtU, wb.I32LtS, wb.Drop)},
	} {
		build := func(code []byte) []byte {
			var b wb.Builder
			b.ImportFunc("env", "f", b.Type(nil, wb.Types{wb.I32}))
			b.Func(b.Type(wb.Types{wb.I32}, nil), wb.Types{wb.I32, wb.I32}, code)
			return b.Bytes()
		}
		want := c.before
		if c.after != nil {
			want = wb.Cat(c.before, guard, c.after)
		}
		got := unmetered(t, build(wb.Cat(c.before, c.after)), Options{GuardWazero: true}).Module
		if !bytes.Contains(got, want) {
			t.Errorf("%s: the module is % x, it lacks % x", name, got, want)
		}
		if c.after == nil && bytes.Contains(got, guard) {
			t.Errorf("%s: it is guarded", name)
		}
	}
	wide := wb.Cat(wb.LocalGet(0), wb.LocalGet(0), wb.Raw(0x83))
	var b wb.Builder
	b.Func(b.Type(wb.Types{wb.I64}, nil), nil, wb.I64Const(0), wide, wb.I64LtU, wb.Drop)
	if got := unmetered(t, b.Bytes(), Options{GuardWazero: true}).Module; !bytes.Contains(got, wb.Cat(wide, wb.I64Const(0), wb.I64Or, wb.I64LtU)) {
		t.Errorf("i64: % x", got)
	}
}
