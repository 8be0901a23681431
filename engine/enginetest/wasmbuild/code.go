package wasmbuild

import (
	"encoding/binary"
	"math"
)

// Instructions without immediates. Do not append to them: use Cat.
var (
	Unreachable = []byte{0x00}
	Nop         = []byte{0x01}
	Else        = []byte{0x05}
	End         = []byte{0x0b}
	Return      = []byte{0x0f}
	Drop        = []byte{0x1a}
	Select      = []byte{0x1b}
	MemorySize  = []byte{0x3f, 0}
	MemoryGrow  = []byte{0x40, 0}
	MemoryCopy  = []byte{0xfc, 0x0a, 0, 0}
	MemoryFill  = []byte{0xfc, 0x0b, 0}
	I32Eqz      = []byte{0x45}
	I32Eq       = []byte{0x46}
	I32Ne       = []byte{0x47}
	I32LtS      = []byte{0x48}
	I32LtU      = []byte{0x49}
	I32GtS      = []byte{0x4a}
	I32GtU      = []byte{0x4b}
	I32GeU      = []byte{0x4f}
	I64Eqz      = []byte{0x50}
	I64LtU      = []byte{0x54}
	I32Add      = []byte{0x6a}
	I32Sub      = []byte{0x6b}
	I32Mul      = []byte{0x6c}
	I32DivS     = []byte{0x6d}
	I32DivU     = []byte{0x6e}
	I32And      = []byte{0x71}
	I32Or       = []byte{0x72}
	I32Shl      = []byte{0x74}
	I32ShrU     = []byte{0x76}
	I64Add      = []byte{0x7c}
	I64Sub      = []byte{0x7d}
	I64Mul      = []byte{0x7e}
	I64DivS     = []byte{0x7f}
	I64Or       = []byte{0x84}
	I64Shl      = []byte{0x86}
	F32Add      = []byte{0x92}
	F64Add      = []byte{0xa0}
	I32WrapI64  = []byte{0xa7}
	I32TruncF32 = []byte{0xa8} // signed, trapping
	I32TruncF64 = []byte{0xaa} // signed, trapping
	I64ExtendI  = []byte{0xac} // i64.extend_i32_s
	I64ExtendU  = []byte{0xad} // i64.extend_i32_u
	I64TruncF32 = []byte{0xae} // signed, trapping
	I64TruncF64 = []byte{0xb0} // signed, trapping
)

// Empty is the type of a block without parameters and results.
const Empty byte = 0x40

// Raw is any bytes.
func Raw(bytes ...byte) []byte { return bytes }

// Block opens a block of type Empty or of one result; End closes it.
func Block(typ byte) []byte { return []byte{0x02, typ} }

// Loop opens a loop.
func Loop(typ byte) []byte { return []byte{0x03, typ} }

// If opens an if.
func If(typ byte) []byte { return []byte{0x04, typ} }

// Br branches to the frame depth frames out.
func Br(depth uint32) []byte { return with(depth, 0x0c) }

// BrIf branches if the operand is not 0.
func BrIf(depth uint32) []byte { return with(depth, 0x0d) }

// BrTable branches by the operand to one of depths, beyond them to other.
func BrTable(other uint32, depths ...uint32) []byte {
	return Cat([]byte{0x0e}, indices(depths), Uint(uint64(other)))
}

// Call calls a function.
func Call(index uint32) []byte { return with(index, 0x10) }

// CallIndirect calls the function of type typ in the table that the operand
// names.
func CallIndirect(typ, table uint32) []byte {
	return Cat([]byte{0x11}, Uint(uint64(typ)), Uint(uint64(table)))
}

// ReturnCall is a tail call.
func ReturnCall(index uint32) []byte { return with(index, 0x12) }

// Throw throws an exception.
func Throw(tag uint32) []byte { return with(tag, 0x08) }

// LocalGet reads a local.
func LocalGet(index uint32) []byte { return with(index, 0x20) }

// LocalSet writes a local.
func LocalSet(index uint32) []byte { return with(index, 0x21) }

// LocalTee writes a local and keeps the operand.
func LocalTee(index uint32) []byte { return with(index, 0x22) }

// GlobalGet reads a global.
func GlobalGet(index uint32) []byte { return with(index, 0x23) }

// GlobalSet writes a global.
func GlobalSet(index uint32) []byte { return with(index, 0x24) }

// I32Load loads 4 bytes at operand + offset.
func I32Load(offset uint32) []byte { return with(offset, 0x28, 2) }

// I64Load loads 8 bytes.
func I64Load(offset uint32) []byte { return with(offset, 0x29, 3) }

// I32Load8U loads a byte.
func I32Load8U(offset uint32) []byte { return with(offset, 0x2d, 0) }

// I32Store stores 4 bytes at operand + offset.
func I32Store(offset uint32) []byte { return with(offset, 0x36, 2) }

// I64Store stores 8 bytes.
func I64Store(offset uint32) []byte { return with(offset, 0x37, 3) }

// I32Store8 stores a byte.
func I32Store8(offset uint32) []byte { return with(offset, 0x3a, 0) }

// MemoryInit copies from a passive data segment.
func MemoryInit(segment uint32) []byte {
	return Cat([]byte{0xfc, 0x08}, Uint(uint64(segment)), []byte{0})
}

// RefFunc refers to a function.
func RefFunc(index uint32) []byte { return with(index, 0xd2) }

// RefNull is the null reference of a type.
func RefNull(typ byte) []byte { return []byte{0xd0, typ} }

// I32Const is a constant.
func I32Const(v int32) []byte { return append([]byte{0x41}, Int(int64(v))...) }

// I64Const is a constant.
func I64Const(v int64) []byte { return append([]byte{0x42}, Int(v)...) }

// F32Const is a constant.
func F32Const(v float32) []byte {
	return binary.LittleEndian.AppendUint32([]byte{0x43}, math.Float32bits(v))
}

// F64Const is a constant.
func F64Const(v float64) []byte {
	return binary.LittleEndian.AppendUint64([]byte{0x44}, math.Float64bits(v))
}

func with(immediate uint32, opcode ...byte) []byte {
	return append(opcode, Uint(uint64(immediate))...)
}
