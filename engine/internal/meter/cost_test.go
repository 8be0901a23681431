package meter

import (
	"testing"

	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// costs lists every operation: what is not 1, and how many are.
var costs = []struct {
	name  string
	cost  uint64
	first wasm.Opcode
	last  wasm.Opcode
}{
	{"unreachable", 1, 0x00, 0x00},
	{"nop, block", 0, 0x01, 0x02},
	{"loop, if", 1, 0x03, 0x04},
	{"else", 0, 0x05, 0x05},
	{"try", 1000, 0x06, 0x06},
	{"catch", 1, 0x07, 0x07},
	{"throw, rethrow, throw_ref", 500, 0x08, 0x0a},
	{"end", 0, 0x0b, 0x0b},
	{"br, br_if", 1, 0x0c, 0x0d},
	{"br_table", 2, 0x0e, 0x0e},
	{"return", 1, 0x0f, 0x0f},
	{"call", 3, 0x10, 0x10},
	{"call_indirect", 5, 0x11, 0x11},
	{"return_call", 3, 0x12, 0x12},
	{"return_call_indirect", 5, 0x13, 0x13},
	{"delegate, catch_all", 1, 0x18, 0x19},
	{"drop", 0, 0x1a, 0x1a},
	{"select", 1, 0x1b, 0x1c},
	{"try_table", 1000, 0x1f, 0x1f},
	{"locals, globals", 1, 0x20, 0x24},
	{"table.get, table.set", 2, 0x25, 0x26},
	{"loads, stores, memory.size", 1, 0x28, 0x3f},
	{"memory.grow", 100, 0x40, 0x40},
	{"constants, comparison, i32 to mul", 1, 0x41, 0x6c},
	{"i32.div, rem", 4, 0x6d, 0x70},
	{"i32 from and, i64 to mul", 1, 0x71, 0x7e},
	{"i64.div, rem", 4, 0x7f, 0x82},
	{"i64 from and, f32.abs to nearest", 1, 0x83, 0x90},
	{"f32.sqrt", 4, 0x91, 0x91},
	{"f32.add, sub, mul", 1, 0x92, 0x94},
	{"f32.div", 4, 0x95, 0x95},
	{"f32.min to f64.nearest", 1, 0x96, 0x9e},
	{"f64.sqrt", 4, 0x9f, 0x9f},
	{"f64.add, sub, mul", 1, 0xa0, 0xa2},
	{"f64.div", 4, 0xa3, 0xa3},
	{"f64.min, conversion, sign extension", 1, 0xa4, 0xc4},
	{"ref.null, ref.is_null", 1, 0xd0, 0xd1},
	{"ref.func", 5, 0xd2, 0xd2},
	{"saturating truncation", 2, 0xfc00, 0xfc07},
	{"memory.init", 10, 0xfc08, 0xfc08},
	{"data.drop", 1, 0xfc09, 0xfc09},
	{"memory.copy, memory.fill, table.init", 10, 0xfc0a, 0xfc0c},
	{"elem.drop", 1, 0xfc0d, 0xfc0d},
	{"table.copy, table.grow", 10, 0xfc0e, 0xfc0f},
	{"table.size", 1, 0xfc10, 0xfc10},
	{"table.fill", 10, 0xfc11, 0xfc11},
	{"SIMD", 2, 0xfd00, 0xfde2},
	{"f32x4.sqrt", 4, 0xfde3, 0xfde3},
	{"SIMD", 2, 0xfde4, 0xfde6},
	{"f32x4.div", 4, 0xfde7, 0xfde7},
	{"SIMD", 2, 0xfde8, 0xfdee},
	{"f64x2.sqrt", 4, 0xfdef, 0xfdef},
	{"SIMD", 2, 0xfdf0, 0xfdf2},
	{"f64x2.div", 4, 0xfdf3, 0xfdf3},
	{"SIMD", 2, 0xfdf4, 0xfdff},
	{"atomics", 1, 0xfe00, 0xfe4e},
}

// Whoever changes a cost raises Version, and this table with it.
func TestCosts(t *testing.T) {
	if Version != 1 {
		t.Errorf("these are the costs of version 1, not %d", Version)
	}
	for _, c := range costs {
		for op := c.first; op <= c.last; op++ {
			if got := cost(op); got != c.cost {
				t.Errorf("%s, %s: cost %d, want %d", c.name, op, got, c.cost)
			}
		}
	}
}
