//go:build wasmtime

package host_test

import (
	"testing"

	"github.com/lambent-dev/lambent/engine"
	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/engine/wasmtime"
	"github.com/lambent-dev/lambent/host"
)

// second is what tests verify on beside wazero.
var second = []host.Engine{{Name: "wasmtime", New: func(c host.EngineConfig) (engine.Engine, error) {
	return wasmtime.New(wasmtime.Config{CacheDir: c.CacheDir, CacheSize: c.CacheSize, Fill: c.Fill})
}}}

const secondLabel = "wasmtime v39.0.1"

// signing is a program that answers with the sign of 0/0: wazero leaves what the
// processor makes, which is negative, and wasmtime makes it the canonical NaN.
func signing() []byte {
	var b wb.Builder
	write := b.ImportFunc("wasi_snapshot_preview1", "fd_write", b.Type(wb.Types{wb.I32, wb.I32, wb.I32, wb.I32}, wb.Types{wb.I32}))
	b.Memory(1, 1)
	b.ExportMemory()
	b.Data(8, []byte{16, 0, 0, 0, 1, 0, 0, 0})
	const div, asBits, shr = 0xa3, 0xbd, 0x88
	b.ExportFunc("_start", b.Func(b.Type(nil, nil), wb.Types{wb.F64},
		wb.I32Const(16),
		wb.LocalGet(0), wb.LocalGet(0), wb.Raw(div), wb.Raw(asBits), wb.I64Const(63), wb.Raw(shr),
		wb.I32WrapI64, wb.I32Const('0'), wb.I32Add,
		wb.I32Store8(0),
		wb.I32Const(1), wb.I32Const(8), wb.I32Const(1), wb.I32Const(24), wb.Call(write), wb.Drop))
	return b.Bytes()
}

// TestVerifyShowsWhatWebAssemblyLeavesOpen: that is a difference, too.
func TestVerifyShowsWhatWebAssemblyLeavesOpen(t *testing.T) {
	h := openHost(t, host.Config{Verifiers: second})
	_, err := h.Deploy(t.Context(), host.Deployment{Name: "f", Module: signing(), Timeout: patient, Verify: samples(`1`)})
	wantError(t, "the sign of a NaN", err, host.CodeInvalidParameterValue, `the response differs: "1" on wazero v1.12.0 and wazero's interpreter (wazero v1.12.0); "0" on wasmtime v39.0.1. `+
		"One of them computes wrongly, or the function shows what WebAssembly leaves open, such as the bits of a NaN.")
}
