package meter

import (
	"bytes"
	"context"
	"testing"

	"github.com/tetratelabs/wazero/api"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// TestSavedLocals: a loop goes on with locals of all types as they were, whenever
// more is asked for; the few loops that save nothing do so too.
func TestSavedLocals(t *testing.T) {
	for _, test := range []struct {
		name   string
		more   int // locals of type i64
		calls  bool
		saving bool
	}{{"few", 0, false, true}, {"many", mostSaved, false, false}, {"a call", 0, true, false}} {
		t.Run(test.name, func(t *testing.T) {
			var b wb.Builder
			locals := wb.Cat([]byte{wb.I64, wb.F32, wb.F64, wb.I32}, bytes.Repeat([]byte{wb.I64}, test.more))
			nothing := b.Func(b.Type(nil, nil), nil)
			// n times: a += n; x += 0.5; y += 0.25; k += 3
			body := wb.Cat(wb.Loop(wb.Empty),
				wb.LocalGet(1), wb.LocalGet(0), wb.Raw(0xad), wb.I64Add, wb.LocalSet(1),
				wb.LocalGet(2), wb.F32Const(0.5), wb.Raw(0x92), wb.LocalSet(2),
				wb.LocalGet(3), wb.F64Const(0.25), wb.F64Add, wb.LocalSet(3),
				wb.LocalGet(4), wb.I32Const(3), wb.I32Add, wb.LocalSet(4))
			for i := range test.more {
				body = wb.Cat(body, wb.LocalGet(uint32(5+i)), wb.LocalSet(uint32(5+i)))
			}
			if test.calls {
				body = wb.Cat(body, wb.Call(nothing))
			}
			body = wb.Cat(body, wb.LocalGet(0), wb.I32Const(1), wb.I32Sub, wb.LocalTee(0), wb.BrIf(0), wb.End,
				wb.LocalGet(1), wb.LocalGet(2), wb.LocalGet(3), wb.LocalGet(4))
			b.ExportFunc("f", b.Func(b.Type([]byte{wb.I32}, []byte{wb.I64, wb.F32, wb.F64, wb.I32}), locals, body))
			module, err := wasm.Read(b.Bytes(), wasm.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			var m *meter
			binary, err := module.Rewrite(func(w *wasm.Rewriter) wasm.Hook {
				m = Hook(w, Options{SavesLocals: true}).(*meter)
				return m
			})
			if err != nil {
				t.Fatal(err)
			}
			if saved := len(m.savedGlobals) == 5; saved != test.saving {
				t.Errorf("%d locals are saved", len(m.savedGlobals))
			}
			for _, slice := range []int64{1, 50, 1000} {
				in, err := newHost(t, slice, 1<<40).instance(t, binary)
				if err != nil {
					t.Fatal(err)
				}
				got, err := in.ExportedFunction("f").Call(context.Background(), 40)
				if err != nil {
					t.Fatal(err)
				}
				if got[0] != 820 || api.DecodeF32(got[1]) != 20 || api.DecodeF64(got[2]) != 10 || got[3] != 120 {
					t.Errorf("slices of %d: %v", slice, got)
				}
			}
		})
	}
}
