package wasm

import "fmt"

// constant is what a constant expression makes, or a global holds at first.
type constant struct {
	typ   byte
	known bool   // value means something
	value uint32 // of an i32 that depends on no import
}

// constExpr is the operand stack of a constant expression.
type constExpr []constant

// types are those of the operands, for messages.
func (s constExpr) types() []byte {
	types := make([]byte, len(s))
	for i, c := range s {
		types[i] = c.typ
	}
	return types
}

// constant reads a constant expression that makes one value of type want, and
// returns it.
func (r *reader) constant(want byte) (made constant) {
	start := r.pos
	stack := r.expr[:0]
	defer func() { r.expr = stack }()
	for n := 1; r.err == nil; n++ {
		at := r.pos
		op := r.byte()
		if r.err != nil {
			return
		}
		if n > r.limits.Operations {
			r.tooMany(at, uint64(n), "operations in a constant expression", r.limits.Operations)
			return
		}
		if op == byte(OpEnd) {
			if len(stack) != 1 || stack[0].typ != want {
				r.fail(ErrInvalid, start, fmt.Sprintf("a constant expression of types %x", stack.types()), fmt.Sprintf("one value of type 0x%02x is needed", want))
				return
			}
			return stack[0]
		}
		stack = r.constantOperation(at, op, stack)
	}
	return
}

// constantOperation reads the rest of one operation and returns the stack
// after it.
func (r *reader) constantOperation(at int, op byte, stack constExpr) constExpr {
	switch op {
	case 0x41: // i32.const
		return append(stack, constant{typeI32, true, uint32(r.signed(32))})
	case 0x42: // i64.const
		r.signed(64)
		return append(stack, constant{typ: typeI64})
	case 0x43: // f32.const
		r.bytes(4)
		return append(stack, constant{typ: typeF32})
	case 0x44: // f64.const
		r.bytes(8)
		return append(stack, constant{typ: typeF64})
	case 0x6a, 0x6b, 0x6c: // i32.add, i32.sub, i32.mul
		return r.constantBinary(at, op, stack, typeI32)
	case 0x7c, 0x7d, 0x7e: // i64.add, i64.sub, i64.mul
		return r.constantBinary(at, op, stack, typeI64)
	case 0x23: // global.get
		i := r.u32()
		if r.err != nil || !r.checkIndex(at, i, len(r.m.Globals), "global", "globals so far", "module") {
			return stack
		}
		if r.m.Globals[i].Mutable {
			r.fail(ErrInvalid, at, fmt.Sprintf("mutable global %d", i), "constant expressions may read immutable ones")
		}
		return append(stack, r.globalValues[i])
	case 0xd0: // ref.null
		return append(stack, constant{typ: r.referenceType()})
	case 0xd2: // ref.func
		r.functionIndex(at)
		return append(stack, constant{typ: typeFunc})
	case 0xfd:
		if sub := r.u32(); sub == 0x0c { // v128.const
			r.bytes(16)
			return append(stack, constant{typ: typeV128})
		}
	}
	r.fail(ErrInvalid, at, fmt.Sprintf("operation 0x%02x", op), "constant expressions have constants, global.get, ref.func, ref.null, and add, sub, mul of integers")
	return stack
}

func (r *reader) constantBinary(at int, op byte, stack constExpr, t byte) constExpr {
	n := len(stack)
	if n < 2 || stack[n-1].typ != t || stack[n-2].typ != t {
		r.fail(ErrInvalid, at, fmt.Sprintf("operands of types %x", stack.types()), fmt.Sprintf("two of type 0x%02x are needed", t))
		return stack
	}
	a, b := &stack[n-2], stack[n-1]
	a.known = a.known && b.known
	switch op {
	case 0x6a: // i32.add
		a.value += b.value
	case 0x6b: // i32.sub
		a.value -= b.value
	case 0x6c: // i32.mul
		a.value *= b.value
	}
	return stack[:n-1]
}
