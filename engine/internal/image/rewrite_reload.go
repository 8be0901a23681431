package image

import (
	"encoding/binary"

	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// reloads keeps a compiler from a mistake. wazero's allocator of registers (v1.7.0 to
// v1.12.0, backend/regalloc) takes every virtual register to have one definition, and
// stores it right behind that if it must leave its register. But of some operations
// the compiler makes several machine instructions: the first define a temporary, the
// next change it in place, or a part of it, and a later one takes it again. In between
// another operand may come back from the stack, where it was because of a call. It
// comes to the register where a later use wants it, and if the temporary is there, the
// temporary leaves, though others are free: what is read again is its value before the
// change, or none. So it is with
//
//	copysign                      lowerFcopysign, amd64: the sign is always set
//	select of floats, vectors     lowerSelect, amd64: a value that is neither
//	f64x2.replace_lane            lowerInsertLane, amd64: the other lane is lost
//	f64x2.convert_low_i32x4_u     lowerVFcvtFromInt, amd64: a mask has two definitions
//	v128.bitselect                lowerVbitselect, amd64
//	i64x2.mul                     lowerVImul, amd64
//	f32x4.max, f64x2.max          lowerVFmax, amd64; and min, which was not seen wrong
//	f32x4, f64x2.replace_lane     OpcodeInsertlane, arm64, as the source reads
//
// An operand that nothing else uses is wanted in no particular register, and comes to
// one that is free. So those that are used elsewhere, too, are put through an operation
// that changes nothing.
type reloads struct {
	types operandTypes
	spare [3][5]uint32 // locals by depth and type, down from typeI32, plus 1; 0 is none yet
}

// begin comes before a function's first operation.
func (r *reloads) begin() {
	r.types.begin()
	r.spare = [3][5]uint32{}
}

// Operations that matter to it.
const (
	opF32Copysign      wasm.Opcode = 0x98
	opF64Copysign      wasm.Opcode = 0xa6
	opF32x4ReplaceLane wasm.Opcode = 0xfd20
	opF64x2ReplaceLane wasm.Opcode = 0xfd22
	opBitselect        wasm.Opcode = 0xfd52
	opI64x2Mul         wasm.Opcode = 0xfdd5
	opF32x4Min         wasm.Opcode = 0xfde8
	opF32x4Max         wasm.Opcode = 0xfde9
	opF64x2Min         wasm.Opcode = 0xfdf4
	opF64x2Max         wasm.Opcode = 0xfdf5
	opF64x2ConvertLowU wasm.Opcode = 0xfdff
)

// operation comes before an operation is written.
func (r *reloads) operation(m *wasm.Module, c *wasm.Code) {
	if c.Reached() {
		switch c.Op.Opcode {
		case opSelect, opSelect + 1:
			if t := r.types.at(2).typ(); t == typeF32 || t == typeF64 || t == typeV128 {
				r.renew(c, 1<<2, typeI32, t, t)
			}
		case opF32Copysign:
			r.renew(c, 1<<1, typeF32, typeF32)
		case opF64Copysign:
			r.renew(c, 1<<1, typeF64, typeF64)
		case opF32x4ReplaceLane:
			r.renew(c, 1<<0, typeF32)
		case opF64x2ReplaceLane:
			r.renew(c, 1<<0, typeF64)
		case opBitselect:
			r.renew(c, 1<<1, typeV128, typeV128)
		case opI64x2Mul, opF32x4Min, opF32x4Max, opF64x2Min, opF64x2Max:
			r.renew(c, 1<<0|1<<1, typeV128, typeV128)
		case opF64x2ConvertLowU:
			r.renew(c, 1<<0, typeV128)
		}
	}
	r.types.follow(m, c)
}

// renew makes new values of the operands in a set, those that are used elsewhere. The
// types are those of the operands from the top down, to the last of the set at least.
func (r *reloads) renew(c *wasm.Code, set uint, types ...byte) {
	deepest := -1
	for depth := range types {
		if !r.types.at(depth).reused() {
			set &^= 1 << depth
		}
		if set&(1<<depth) != 0 {
			deepest = depth
		}
	}
	if deepest < 0 {
		return
	}
	for depth := range deepest {
		r.local(c, opLocalSet, depth, types[depth])
	}
	r.same(c, deepest, types[deepest])
	for depth := deepest - 1; depth >= 0; depth-- {
		r.local(c, opLocalGet, depth, types[depth])
		if set&(1<<depth) != 0 {
			r.same(c, depth, types[depth])
		}
	}
}

// same emits what makes a new value of the one on top of the stack, bit by bit the
// same.
func (r *reloads) same(c *wasm.Code, depth int, typ byte) {
	switch typ {
	case typeF32:
		c.Emit(0xbc, 0xbe) // i32.reinterpret_f32, f32.reinterpret_i32
	case typeF64:
		c.Emit(0xbd, 0xbf)
	case typeV128:
		r.local(c, opLocalTee, depth, typ)
		r.local(c, opLocalGet, depth, typ)
		c.Emit(0xfd, 0x50) // v128.or
	}
}

// local gets, sets or tees the local that keeps an operand.
func (r *reloads) local(c *wasm.Code, op wasm.Opcode, depth int, typ byte) {
	spare := &r.spare[depth][typeI32-typ]
	if *spare == 0 {
		*spare = c.Local(typ) + 1
	}
	c.Emit(binary.AppendUvarint([]byte{byte(op)}, uint64(*spare-1))...)
}
