package image

import (
	"bytes"
	"testing"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// The guards stand before the operations, for operands that are used elsewhere.
func TestGuardedReloads(t *testing.T) {
	const c, x, y, z, v, w = 0, 1, 2, 3, 4, 5 // parameters, then
	const a, b = 6, 7                         // locals for the guard
	get, set, tee := wb.LocalGet, wb.LocalSet, wb.LocalTee
	or := wb.Raw(0xfd, 0x50)
	same32, same64 := wb.Raw(0xbc, 0xbe), wb.Raw(0xbd, 0xbf)
	sameV := func(spare uint32) []byte { return wb.Cat(tee(spare), get(spare), or) }
	for name, code := range map[string]struct{ before, guard, operation []byte }{ // no guard: there is none
		"f32.copysign":             {wb.Cat(get(x), get(x)), wb.Cat(set(a), same32, get(a)), wb.Raw(0x98)},
		"f64.copysign":             {wb.Cat(get(y), get(y)), wb.Cat(set(a), same64, get(a)), wb.Raw(0xa6)},
		"a sum's sign":             {wb.Cat(get(x), get(x), wb.F32Add, get(x)), nil, wb.Raw(0x98)},
		"the sign of a sum":        {wb.Cat(get(x), get(x), get(x), wb.F32Add), wb.Cat(set(a), same32, get(a)), wb.Raw(0x98)},
		"select of f32":            {wb.Cat(get(x), get(x), get(c)), wb.Cat(set(a), set(b), same32, get(b), get(a)), wb.Select},
		"select of f64":            {wb.Cat(get(y), get(y), get(c)), wb.Cat(set(a), set(b), same64, get(b), get(a)), wb.Raw(0x1c, 1, wb.F64)},
		"select of v128":           {wb.Cat(get(v), get(w), get(c)), wb.Cat(set(a), set(b), sameV(8), get(b), get(a)), wb.Select},
		"select of i64":            {wb.Cat(get(z), get(z), get(c)), nil, wb.Select},
		"a product":                {wb.Cat(get(x), get(x), wb.Raw(0x94), get(x), get(c)), nil, wb.Select},
		"a global":                 {wb.Cat(wb.GlobalGet(0), get(x), get(c)), wb.Cat(set(a), set(b), same32, get(b), get(a)), wb.Select},
		"a tee":                    {wb.Cat(get(x), get(x), wb.F32Add, tee(x), get(x), get(c)), wb.Cat(set(a), set(b), same32, get(b), get(a)), wb.Select},
		"a block":                  {wb.Cat(wb.Block(wb.F32), get(x), wb.End, get(x), get(c)), wb.Cat(set(a), set(b), same32, get(b), get(a)), wb.Select},
		"a call":                   {wb.Cat(wb.Call(0), get(x), get(c)), nil, wb.Select},
		"below an if":              {wb.Cat(get(x), get(c), wb.If(wb.F32), get(x), wb.Else, get(x), wb.End, get(c)), wb.Cat(set(a), set(b), same32, get(b), get(a)), wb.Select},
		"behind what is not run":   {wb.Cat(get(x), wb.Block(wb.F32), get(x), wb.Br(0), wb.I64Const(1), wb.Drop, wb.End, get(c)), wb.Cat(set(a), set(b), same32, get(b), get(a)), wb.Select},
		"f32x4.replace_lane":       {wb.Cat(get(v), get(x)), same32, wb.Raw(0xfd, 0x20, 2)},
		"f64x2.replace_lane":       {wb.Cat(get(v), get(y)), same64, wb.Raw(0xfd, 0x22, 0)},
		"i64x2.replace_lane":       {wb.Cat(get(v), get(z)), nil, wb.Raw(0xfd, 0x1e, 0)},
		"v128.bitselect":           {wb.Cat(get(v), get(v), get(w)), wb.Cat(set(a), sameV(b), get(a)), wb.Raw(0xfd, 0x52)},
		"i64x2.mul":                {wb.Cat(get(v), get(w)), wb.Cat(set(a), sameV(b), get(a), sameV(a)), wb.Raw(0xfd, 0xd5, 1)},
		"i64x2.mul of one local":   {wb.Cat(get(v), get(z), wb.Raw(0xfd, 0x12)), wb.Cat(set(a), sameV(b), get(a)), wb.Raw(0xfd, 0xd5, 1)},
		"f32x4.min":                {wb.Cat(get(v), get(w)), wb.Cat(set(a), sameV(b), get(a), sameV(a)), wb.Raw(0xfd, 0xe8, 1)},
		"f64x2.max":                {wb.Cat(get(v), get(w)), wb.Cat(set(a), sameV(b), get(a), sameV(a)), wb.Raw(0xfd, 0xf5, 1)},
		"convert_low_i32x4_u":      {get(v), sameV(a), wb.Raw(0xfd, 0xff, 1)},
		"convert_low_i32x4_s":      {get(v), nil, wb.Raw(0xfd, 0xfe, 1)},
		"convert of what is fresh": {wb.Cat(get(z), wb.Raw(0xfd, 0x12)), nil, wb.Raw(0xfd, 0xff, 1)},
	} {
		var m wb.Builder
		m.ImportFunc("env", "f", m.Type(nil, wb.Types{wb.F32}))
		m.Global(wb.F32, true, wb.F32Const(1))
		m.Func(m.Type(wb.Types{wb.I32, wb.F32, wb.F64, wb.I64, wb.V128, wb.V128}, nil), nil, code.before, code.operation, wb.Drop)
		plain := wb.Cat(code.operation, wb.Drop)
		got := unmetered(t, m.Bytes(), Options{GuardWazero: true}).Module
		if want := wb.Cat(code.guard, plain); !bytes.Contains(got, want) {
			t.Errorf("%s: the module is % x, it lacks % x", name, got, want)
		}
		without := unmetered(t, m.Bytes(), Options{}).Module
		if guarded := len(got) > len(without); guarded != (code.guard != nil) {
			t.Errorf("%s: it is guarded: %v", name, guarded)
		}
	}
}
