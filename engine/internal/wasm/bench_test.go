package wasm

import (
	"bytes"
	"testing"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// BenchmarkRead reads a module of about 3 MB: 3,000 functions with the mix of
// operations that compilers make, and 10,000 data segments.
func BenchmarkRead(b *testing.B) {
	var m wb.Builder
	typ := m.Type(wb.Types{wb.I32}, wb.Types{wb.I32})
	m.Memory(16, wb.NoMax)
	m.Global(wb.I32, true, wb.I32Const(0))
	step := wb.Cat(
		wb.Block(wb.Empty), wb.LocalGet(0), wb.I32Load(8), wb.I32Const(1000), wb.I32LtU, wb.BrIf(0),
		wb.GlobalGet(0), wb.I32Const(-16), wb.I32Add, wb.LocalTee(1), wb.GlobalSet(0),
		wb.LocalGet(0), wb.Call(0), wb.Drop, wb.End)
	for range 3000 {
		m.Func(typ, wb.Types{wb.I32, wb.I64}, bytes.Repeat(step, 30), wb.LocalGet(0))
	}
	for i := range 10_000 {
		m.Data(int32(i*16), make([]byte, 12))
	}
	module := m.Bytes()
	b.SetBytes(int64(len(module)))
	for b.Loop() {
		if _, err := Read(module, Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}
