package enginetest

import (
	"math"
	"math/rand/v2"

	"github.com/lambent-dev/lambent/engine"
	. "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// RandomModule makes a module of random code from a seed: integers, floats and
// vectors, memory, globals, branches, calls, calls of its host (see randomHost),
// some traps. It may not end, unless it runs out of fuel. Its function "run" takes a
// parameter of each type and returns one.
//
// No NaN in it differs from another: each that an operation makes is replaced by
// the same one, so that engines may be compared by what lies in memory.
func RandomModule(seed uint64) []byte {
	g := &random{Rand: rand.New(rand.NewPCG(seed, 7))}
	for _, t := range randomTypes {
		g.imports = append(g.imports, g.b.ImportFunc("env", "see-"+engine.ValueType(t).String(), g.b.Type(Types{t}, Types{t})))
	}
	g.b.Memory(1, 4)
	g.b.ExportMemory()
	g.b.Data(int32(g.IntN(1000)), []byte("some bytes that are there at first, and others that are zeros"))
	for range 2 + g.IntN(6) {
		t := g.anyType()
		g.globals = append(g.globals, variable{g.b.Global(t, true, g.constant(t)), t})
	}
	leaves := 2 + g.IntN(3)
	for range leaves + 1 + g.IntN(4) {
		g.function(len(g.functions) >= leaves)
	}
	g.b.Table(FuncRef, int64(leaves), int64(leaves))
	g.b.Elem(0, indices(g.functions[:leaves])...)
	last := g.functions[len(g.functions)-1]
	g.b.ExportFunc("run", last.index)
	return g.b.Bytes()
}

// random makes a module.
type random struct {
	*rand.Rand
	b         Builder
	imports   []uint32 // by randomTypes
	globals   []variable
	functions []callee // the first few call nothing but the host, and are in the table

	// Of one function:
	locals  []variable
	scratch map[byte]uint32 // local for denan
	labels  []byte          // results of the frames around, the innermost last; Empty for none
	size    int             // operations that may still be made
	calls   bool            // it may call others
	result  byte
}

type variable struct {
	index uint32
	typ   byte
}

type callee struct {
	index, typ uint32
	result     byte
}

// randomTypes are the types of values; those of all functions are alike but for the
// result.
var randomTypes = []byte{I32, I64, F32, F64}

func indices(functions []callee) (all []uint32) {
	for _, f := range functions {
		all = append(all, f.index)
	}
	return all
}

func (g *random) anyType() byte { return randomTypes[g.IntN(len(randomTypes))] }

// function adds one.
func (g *random) function(calls bool) {
	g.result, g.calls, g.size, g.labels = g.anyType(), calls, 20+g.IntN(150), nil
	g.locals = nil
	for i, t := range randomTypes {
		g.locals = append(g.locals, variable{uint32(i), t})
	}
	var own Types
	add := func(t byte) uint32 {
		own = append(own, t)
		return uint32(len(randomTypes) + len(own) - 1)
	}
	for range g.IntN(10) {
		t := g.anyType()
		if g.IntN(4) == 0 {
			t = V128
		}
		g.locals = append(g.locals, variable{add(t), t})
	}
	g.scratch = map[byte]uint32{F32: add(F32), F64: add(F64)}
	typ := g.b.Type(Types(randomTypes), Types{g.result})
	body := Cat(g.statements(0), g.value(g.result, 0))
	index := g.b.Func(typ, own, body)
	g.functions = append(g.functions, callee{index, typ, g.result})
}

// constant is one of a type: mostly small, or from an end.
func (g *random) constant(t byte) []byte {
	edges := []int64{0, 1, -1, 7, 255, 65535, math.MaxInt32, math.MinInt32, math.MaxInt64, math.MinInt64}
	n := edges[g.IntN(len(edges))]
	if g.IntN(2) == 0 {
		n = int64(g.Uint64()) >> g.IntN(64)
	}
	floats := []float64{0, math.Copysign(0, -1), 1, -1.5, math.Inf(1), math.NaN(), math.MaxFloat32, math.SmallestNonzeroFloat32, 1e19, -2147483649}
	f := floats[g.IntN(len(floats))]
	if g.IntN(2) == 0 {
		f = float64(n)
	}
	switch t {
	case I32:
		return I32Const(int32(n))
	case I64:
		return I64Const(n)
	case F32:
		if f != f {
			return nan32
		}
		return F32Const(float32(f))
	case F64:
		if f != f {
			return nan64
		}
		return F64Const(f)
	}
	v := []byte{0xfd, 0x0c}
	for range 16 {
		v = append(v, byte(g.Uint32()>>(8*g.IntN(4))))
	}
	return v
}

// The NaN of every module: constants by their bits.
var (
	nan32 = []byte{0x43, 0, 0, 0xc0, 0x7f}
	nan64 = []byte{0x44, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f}
)

// denan makes a float, which is on the stack, that NaN if it is one.
func (g *random) denan(t byte) []byte {
	local := g.scratch[t]
	switch t {
	case F32:
		return Cat(LocalTee(local), nan32, LocalGet(local), LocalGet(local), Raw(0x5b), Select)
	case F64:
		return Cat(LocalTee(local), nan64, LocalGet(local), LocalGet(local), Raw(0x61), Select)
	}
	return nil
}
