package meter

import "encoding/binary"

// Bytes of the binary format.
const (
	typeI32 = 0x7f
	typeI64 = 0x7e
	typeF32 = 0x7d
	typeF64 = 0x7c
	empty   = 0x40

	opUnreachable = 0x00
	opBlock       = 0x02
	opLoop        = 0x03
	opIf          = 0x04
	opElse        = 0x05
	opEnd         = 0x0b
	opBr          = 0x0c
	opBrIf        = 0x0d
	opCall        = 0x10
	opSelect      = 0x1b
	opLocalGet    = 0x20
	opLocalSet    = 0x21
	opLocalTee    = 0x22
	opGlobalGet   = 0x23
	opGlobalSet   = 0x24
	opPages       = 0x3f // memory.size
	opI32Const    = 0x41
	opI64Const    = 0x42
	opF32Const    = 0x43
	opF64Const    = 0x44
	opI32LtU      = 0x49
	opI32GtU      = 0x4b
	opI32LeU      = 0x4d
	opI32GeU      = 0x4f
	opI64LtS      = 0x53
	opI64LeU      = 0x58
	opI64GeS      = 0x59
	opI32Add      = 0x6a
	opI32And      = 0x71
	opI64Add      = 0x7c
	opI64Sub      = 0x7d
	opI64Mul      = 0x7e
	opI64Or       = 0x84
	opI64Shl      = 0x86
	opI64ShrU     = 0x88
	opI64Extend   = 0xad // i64.extend_i32_u
)

// code is code that is being written.
type code []byte

func (c code) op(ops ...byte) code { return append(c, ops...) }

// with is an operation and an index.
func (c code) with(op byte, index uint32) code {
	return binary.AppendUvarint(append(c, op), uint64(index))
}

// get reads locals.
func (c code) get(locals ...uint32) code {
	for _, l := range locals {
		c = c.with(opLocalGet, l)
	}
	return c
}

func (c code) i32(v int32) code { return append(c, opI32Const).signed(int64(v)) }
func (c code) i64(v int64) code { return append(c, opI64Const).signed(v) }

func (c code) signed(v int64) code {
	for {
		low := byte(v & 0x7f)
		v >>= 7
		if v == 0 && low < 0x40 || v == -1 && low >= 0x40 {
			return append(c, low)
		}
		c = append(c, low|0x80)
	}
}
