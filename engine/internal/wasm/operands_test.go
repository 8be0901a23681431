package wasm

import (
	"bytes"
	"context"
	"testing"

	"github.com/tetratelabs/wazero"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// operandValues are operations that each push one value of another type.
var operandValues = [][]byte{
	wb.I32Const(0), wb.I64Const(0), wb.F32Const(0), wb.F64Const(0), wb.Cat(wb.Raw(0xfd, 0x0c), make([]byte, 16)),
	wb.RefNull(wb.FuncRef), wb.RefNull(wb.ExternRef),
}

// Every operation takes and leaves as many values as wazero's validation finds.
// It is asked after an unreachable, where values may be missing, but not be
// left: the values that an operation takes are those that may stand before it.
func TestArities(t *testing.T) {
	ctx := context.Background()
	runtime := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter().WithCoreFeatures(features))
	defer runtime.Close(ctx)
	validates := func(code ...[]byte) bool {
		b := world()
		b.DeclareElem(0)
		b.Func(b.Type(nil, nil), wb.Types{wb.I32}, code...)
		compiled, err := runtime.CompileModule(ctx, b.Bytes())
		if err == nil {
			compiled.Close(ctx)
		}
		return err == nil
	}
	seen := 0
	for _, row := range operationRows {
		operation := decodeHex(t, row.bytes)
		b := bodyOf(t, append(decodeHex(t, row.before), operation...))
		for b.pos < b.end && b.next() {
		}
		if op := b.op.Opcode; op < 0x1a && op != 0x01 || op == OpTryTable {
			continue // it shapes control: see TestOperands
		}
		seen++
		leaves := 0
		for leaves < 3 && !validates(wb.Unreachable, operation, bytes.Repeat(wb.Drop, leaves)) {
			leaves++
		}
		drops := bytes.Repeat(wb.Drop, leaves)
		takes, before := 0, []byte(nil)
	more:
		for {
			for _, value := range operandValues {
				if longer := wb.Cat(value, before); validates(wb.Unreachable, longer, operation, drops) {
					takes, before = takes+1, longer
					continue more
				}
			}
			break
		}
		want := arity{uint8(takes), uint8(leaves)}
		if got := b.op.Opcode.arity(); got != want {
			t.Errorf("%s takes %d and leaves %d, wazero says %d and %d", row.name, got.takes, got.leaves, takes, leaves)
		}
	}
	if seen < 490 {
		t.Errorf("%d operations were compared, there are more", seen)
	}
}

// The most operands that code has on its stack.
func TestOperands(t *testing.T) {
	one, drop := wb.I32Const(0), wb.Drop
	two := wb.Cat(one, one)
	for _, c := range []struct {
		name string
		code []byte
		most int
	}{
		{"nothing", nil, 0},
		{"in a row", wb.Cat(two, two, drop, drop, drop, drop), 4},
		{"one after the other", bytes.Repeat(wb.Cat(one, drop), 10), 1},
		{"a block on top", wb.Cat(two, wb.Block(wb.Empty), two, one, drop, drop, drop, wb.End, drop, drop), 5},
		{"a block's result", wb.Cat(one, wb.Block(wb.I32), one, wb.End, one, drop, drop, drop), 3},
		{"a block's parameters", wb.Cat(two, wb.Raw(0x02, 2), wb.End, drop, drop), 2},
		{"if takes one", wb.Cat(one, one, wb.If(wb.Empty), one, drop, wb.Else, two, drop, drop, wb.End, drop), 3},
		{"if with parameters", wb.Cat(two, one, wb.Raw(0x04, 2), one, drop, wb.Else, two, drop, drop, wb.End, drop, drop), 4},
		{"br_if keeps values", wb.Cat(wb.Block(wb.I32), two, wb.BrIf(0), wb.End, drop), 2},
		{"not reached after br", wb.Cat(wb.Block(wb.Empty), wb.Br(0), two, two, wb.Block(wb.Empty), two, wb.End, wb.End, one, drop), 1},
		{"reached again at else", wb.Cat(one, wb.If(wb.Empty), wb.Unreachable, two, wb.Else, two, one, drop, drop, drop, wb.End), 3},
		{"reached again at an end", wb.Cat(one, wb.Block(wb.I32), wb.Return, two, two, wb.End, one, drop, drop, drop), 3},
		{"a call", wb.Cat(two, wb.Call(1), drop, drop, drop), 3},
		{"an indirect call", wb.Cat(two, one, wb.CallIndirect(1, 0), drop, drop, drop), 3},
		{"a tail call ends", wb.Cat(two, wb.ReturnCall(1), two, two), 2},
		{"catch pushes", wb.Cat(wb.Raw(0x06, wb.Empty), wb.Throw(1), two, wb.Raw(0x07, 1), drop, drop, drop, wb.Raw(0x19), one, drop, wb.End), 3},
		{"try_table", wb.Cat(one, wb.Raw(0x1f, wb.Empty, 1, 2, 0), two, drop, drop, wb.End, drop), 3},
		{"delegate ends", wb.Cat(one, wb.Raw(0x06, wb.Empty), one, drop, wb.Raw(0x18, 0), one, drop, drop), 2},
		{"too few", wb.Cat(drop, drop, wb.I32Add, wb.Call(1), one), 4},
	} {
		var b wb.Builder
		none := b.Type(nil, nil)
		calls := b.Type(i32s(2), i32s(3))
		b.Type(i32s(2), i32s(2))
		b.Table(wb.FuncRef, 1, 1)
		b.Tag(none)
		b.Tag(b.Type(i32s(3), nil))
		b.Func(none, nil, c.code)
		b.Func(calls, nil, wb.Unreachable)
		m, err := Read(b.Bytes(), Limits{})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		most := operandsOf{}
		if _, err := m.Rewrite(func(*Rewriter) Hook { return &most }); err != nil {
			t.Fatal(err)
		}
		if catches := bytes.ContainsAny(c.code, "\x06\x1f"); m.Catches != catches {
			t.Errorf("%s: it handles exceptions: %v", c.name, m.Catches)
		}
		if most[0] != c.most {
			t.Errorf("%s: at most %d operands, want %d", c.name, most[0], c.most)
		}
	}
}

// operandsOf is the most operands of each function.
type operandsOf []int

func (o *operandsOf) Begin(*Code)       {}
func (o *operandsOf) Operation(c *Code) { c.Copy() }
func (o *operandsOf) End(c *Code)       { *o = append(*o, c.Operands()) }
