package wasm

// arity is how many operands an operation takes from the stack, and how many
// results it leaves. That of calls and of what shapes control depends on types:
// see operands.
type arity struct{ takes, leaves uint8 }

// arityPage is the arities of the opcodes that share a prefix.
type arityPage [256]arity

// set gives the opcodes from first to last one arity.
func (p *arityPage) set(takes, leaves uint8, first, last int) {
	for i := first; i <= last; i++ {
		p[i] = arity{takes, leaves}
	}
}

// The arities, by prefix. Immutable.
var (
	arities       = plainArities()
	miscArities   = miscAritiesPage()
	simdArities   = simdAritiesPage()
	atomicArities = atomicAritiesPage()
)

// arity returns that of an operation whose types do not matter.
func (o Opcode) arity() arity {
	switch o >> 8 {
	case prefixMisc:
		return miscArities[byte(o)]
	case prefixSIMD:
		return simdArities[byte(o)]
	case prefixAtomic:
		return atomicArities[byte(o)]
	}
	return arities[byte(o)]
}

func plainArities() (p arityPage) {
	p.set(1, 0, 0x1a, 0x1a) // drop
	p.set(3, 1, 0x1b, 0x1c) // select
	p.set(0, 1, 0x20, 0x20) // local.get
	p.set(1, 0, 0x21, 0x21) // local.set
	p.set(1, 1, 0x22, 0x22) // local.tee
	p.set(0, 1, 0x23, 0x23) // global.get
	p.set(1, 0, 0x24, 0x24) // global.set
	p.set(1, 1, 0x25, 0x25) // table.get
	p.set(2, 0, 0x26, 0x26) // table.set
	p.set(1, 1, 0x28, 0x35) // loads
	p.set(2, 0, 0x36, 0x3e) // stores
	p.set(0, 1, 0x3f, 0x3f) // memory.size
	p.set(1, 1, 0x40, 0x40) // memory.grow
	p.set(0, 1, 0x41, 0x44) // constants
	p.set(2, 1, 0x45, 0xa6) // comparison, arithmetic, but for
	p.set(1, 1, 0x45, 0x45) // i32.eqz
	p.set(1, 1, 0x50, 0x50) // i64.eqz
	p.set(1, 1, 0x67, 0x69) // clz, ctz, popcnt of i32
	p.set(1, 1, 0x79, 0x7b) // of i64
	p.set(1, 1, 0x8b, 0x91) // f32: abs to sqrt
	p.set(1, 1, 0x99, 0x9f) // f64
	p.set(1, 1, 0xa7, 0xc4) // conversion, sign extension
	p.set(0, 1, 0xd0, 0xd0) // ref.null
	p.set(1, 1, 0xd1, 0xd1) // ref.is_null
	p.set(0, 1, 0xd2, 0xd2) // ref.func
	return p
}

func miscAritiesPage() (p arityPage) {
	p.set(1, 1, 0x00, 0x07) // saturating truncation
	p.set(3, 0, 0x08, 0x11) // init, copy, fill of memory and tables, but for
	p.set(0, 0, 0x09, 0x09) // data.drop
	p.set(0, 0, 0x0d, 0x0d) // elem.drop
	p.set(2, 1, 0x0f, 0x0f) // table.grow
	p.set(0, 1, 0x10, 0x10) // table.size
	return p
}

func simdAritiesPage() (p arityPage) {
	p.set(1, 1, 0x00, 0x0a) // loads
	p.set(2, 0, 0x0b, 0x0b) // v128.store
	p.set(0, 1, 0x0c, 0x0c) // v128.const
	p.set(2, 1, 0x0d, 0x0e) // shuffle, swizzle
	p.set(1, 1, 0x0f, 0x22) // splats, extraction of lanes, but for
	for _, replacement := range []int{0x17, 0x1a, 0x1c, 0x1e, 0x20, 0x22} {
		p.set(2, 1, replacement, replacement)
	}
	p.set(2, 1, 0x23, 0x51) // comparison, bits, but for
	p.set(1, 1, 0x4d, 0x4d) // v128.not
	p.set(3, 1, 0x52, 0x52) // v128.bitselect
	p.set(1, 1, 0x53, 0x53) // v128.any_true
	p.set(2, 1, 0x54, 0x57) // loads of a lane
	p.set(2, 0, 0x58, 0x5b) // stores of a lane
	p.set(1, 1, 0x5c, 0x5f) // loads of one lane, others 0; demotion, promotion
	p.set(2, 1, 0x60, 0xf7) // arithmetic, but for
	for _, unary := range [][2]int{
		{0x60, 0x64}, {0x80, 0x81}, {0x83, 0x84}, {0xa0, 0xa1}, {0xa3, 0xa4}, {0xc0, 0xc1}, {0xc3, 0xc4}, // integers: abs, neg, popcnt, all_true, bitmask
		{0x67, 0x6a}, {0x74, 0x75}, {0x7a, 0x7a}, {0x94, 0x94}, // rounding
		{0x7c, 0x7f},                             // pairwise addition
		{0x87, 0x8a}, {0xa7, 0xaa}, {0xc7, 0xca}, // extension
		{0xe0, 0xe3}, {0xec, 0xef}, // floats: abs, neg, sqrt
	} {
		p.set(1, 1, unary[0], unary[1])
	}
	p.set(1, 1, 0xf8, 0xff) // conversion
	return p
}

func atomicAritiesPage() (p arityPage) {
	p.set(2, 1, 0x00, 0x00) // notify
	p.set(3, 1, 0x01, 0x02) // wait32, wait64
	p.set(1, 1, 0x10, 0x16) // loads
	p.set(2, 0, 0x17, 0x1d) // stores
	p.set(2, 1, 0x1e, 0x47) // read-modify-write
	p.set(3, 1, 0x48, 0x4e) // cmpxchg
	return p
}
