package wasm

import (
	"bytes"
	"errors"
	"testing"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// TestJoinBombs: small modules that wazero compiles for many seconds are
// refused by default, and what real programs have is not.
func TestJoinBombs(t *testing.T) {
	branch := wb.Cat(wb.I32Const(1), wb.BrIf(0))
	block := func(open []byte, locals, branches int) []byte {
		var b wb.Builder
		b.Func(b.Type(nil, nil), i32s(locals), open, bytes.Repeat(branch, branches), wb.End)
		return b.Bytes()
	}
	ifs := func(locals, n int) []byte {
		var b wb.Builder
		one := wb.Cat(wb.I32Const(1), wb.If(wb.Empty), wb.I32Const(1), wb.LocalSet(0), wb.End)
		b.Func(b.Type(nil, nil), i32s(locals), bytes.Repeat(one, n))
		return b.Bytes()
	}
	for _, c := range []struct {
		name    string
		module  []byte
		refused bool
	}{
		{"br_if to one block, 100 locals: 13 s", block(wb.Block(wb.Empty), 100, 4000), true},
		{"br_if to one block, 1,000 locals: 164 s", block(wb.Block(wb.Empty), 1000, 4000), true},
		{"br_if to one block, no locals: 2.4 s", block(wb.Block(wb.Empty), 0, 8000), true},
		{"br_if to one loop, 1,000 locals: 20 s", block(wb.Loop(wb.Empty), 1000, 2000), true},
		{"if after if, 1,000 locals: 2.6 s for 2,000", ifs(1000, 4000), true},
		{"br_if to one block, as in esbuild", block(wb.Block(wb.Empty), 20, 1761), false},
		{"if after if, as in ffmpeg", ifs(158, 3100), false},
	} {
		if _, err := Read(c.module, Limits{}); (err != nil) != c.refused || err != nil && !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s (%d bytes): %v", c.name, len(c.module), err)
		}
	}
}
