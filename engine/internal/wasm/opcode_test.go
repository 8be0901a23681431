package wasm

import (
	"encoding/hex"
	"errors"
	"fmt"
	"testing"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// world builds a module with one of everything an operation may name.
func world() *wb.Builder {
	b := &wb.Builder{}
	empty := b.Type(nil, nil)
	b.Tag(empty)
	b.Func(empty, nil)
	b.Table(wb.FuncRef, 1, wb.NoMax)
	b.Memory(1, wb.NoMax)
	b.Global(wb.I32, true, wb.I32Const(0))
	b.PassiveData([]byte("data"))
	b.PassiveElem(0)
	return b
}

// bodyOf returns an iterator over code, in the world, in a function of one
// local and no results.
func bodyOf(t testing.TB, code []byte) *body {
	t.Helper()
	m, err := Read(world().Bytes(), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	r := &reader{
		cursor: cursor{b: code, end: len(code)},
		limits: Limits{}.withDefaults(), m: m, dataCount: 1, hasDataCount: true,
	}
	return &body{reader: r, locals: 1, frames: []Frame{{Opcode: OpBlock}}}
}

func decodeHex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Every operation ends where its bytes end, and is refused when one is missing.
func TestOperationLengths(t *testing.T) {
	for _, row := range operationRows {
		t.Run(row.name, func(t *testing.T) {
			before, code := decodeHex(t, row.before), decodeHex(t, row.bytes)
			b := bodyOf(t, append(append(before, code...), 0x01, 0x01, 0x01))
			for b.pos < len(before) {
				if !b.next() {
					t.Fatal(b.err)
				}
			}
			if !b.next() {
				t.Fatalf("refused: %v", b.err)
			}
			if b.op.Start != len(before) || b.op.End != len(before)+len(code) {
				t.Errorf("it is bytes %d to %d, want %d to %d", b.op.Start, b.op.End, len(before), len(before)+len(code))
			}
			for cut := range code {
				b := bodyOf(t, append(decodeHex(t, row.before), code[:cut]...))
				for b.next() {
				}
				if b.err == nil || !errors.Is(b.err, ErrMalformed) && cut > 0 {
					t.Errorf("cut to %d bytes: %v", cut, b.err)
				}
			}
		})
	}
}

// What has no row is no operation.
func TestUnassignedOperations(t *testing.T) {
	assigned := map[Opcode]bool{}
	for _, row := range operationRows {
		before := decodeHex(t, row.before)
		b := bodyOf(t, append(before, decodeHex(t, row.bytes)...))
		for b.pos < b.end && b.next() {
		}
		assigned[b.op.Opcode] = true
	}
	// 193 of one byte, 18 with prefix 0xfc, 236 of SIMD, 67 atomic.
	if len(assigned) != 514 {
		t.Errorf("%d operations have rows, want 514", len(assigned))
	}
	unsupported := map[Opcode]bool{0x14: true, 0x15: true, 0xd3: true, 0xd4: true, 0xd5: true, 0xd6: true, 0xfb: true}
	refused := func(op Opcode, code []byte, want error) {
		b := bodyOf(t, append(code, make([]byte, 40)...))
		if b.next() || !errors.Is(b.err, want) {
			t.Errorf("operation %s: %v, want %v", op, b.err, want)
		}
	}
	for op := Opcode(0); op <= 0xff; op++ {
		switch {
		case op == prefixMisc || op == prefixSIMD || op == prefixAtomic:
			for sub := range Opcode(0x100) {
				if full := op<<8 | sub; !assigned[full] {
					refused(full, append([]byte{byte(op)}, wb.Uint(uint64(sub))...), ErrMalformed)
				}
			}
		case unsupported[op]:
			refused(op, []byte{byte(op)}, ErrUnsupported)
		case !assigned[op]:
			refused(op, []byte{byte(op)}, ErrMalformed)
		}
	}
	for sub := 0x100; sub < 0x120; sub++ { // relaxed SIMD ends at 0x113
		want := ErrUnsupported
		if sub > 0x113 {
			want = ErrMalformed
		}
		refused(prefixSIMD, append([]byte{prefixSIMD}, wb.Uint(uint64(sub))...), want)
	}
}

// An operation hands out what follows its opcode.
func TestImmediates(t *testing.T) {
	for _, c := range []struct {
		code string
		want string
	}{
		{"41c0bb78", "index 0 0, value -123456, labels []"},
		{"42ffffffffffffffffff00", "index 0 0, value 9223372036854775807, labels []"},
		{"2802ffffffff0f", "index 0 0, value 4294967295, labels []"},
		{"0e0200010002", "index 0 0, value 0, labels [0 1 0]"},
		{"1f4002020003" + "00", "index 0 0, value 0, labels [0 0]"},
		{"fc0c0000", "index 0 0, value 0, labels []"},
	} {
		b := bodyOf(t, decodeHex(t, "0240"+c.code+"01"))
		b.next()
		if !b.next() {
			t.Errorf("%s: %v", c.code, b.err)
			continue
		}
		got := fmt.Sprintf("index %d %d, value %d, labels %v", b.op.Index, b.op.Index2, b.op.Value, b.op.Labels)
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.code, got, c.want)
		}
	}
}
