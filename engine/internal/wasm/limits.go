package wasm

// Limits bounds what Read accepts, so that no module can keep a compiler or an
// instantiation busy for long. The zero value of a field means its default.
type Limits struct {
	// Module is the largest module, in bytes. Default 64 MiB.
	Module int

	// Body is the largest function body, in bytes: its locals and its code.
	// Default 256 KiB; esbuild's largest has 199,780 bytes.
	Body int

	// Operations is the most operations of one function body. A block, branch,
	// call, return or throw that moves more than 16 values counts one more for
	// each beyond. Default 100,000: the largest function of esbuild, a Go
	// program of 14 MB, has 87,743.
	Operations int

	// Nesting is how deep blocks may be nested in one function. Default 4,096:
	// Go nests a block for every place where a goroutine may resume, 3,290 in
	// esbuild.
	Nesting int

	// Loops is how deep loops may be nested in one function. Compilers take
	// time quadratic in it: 8,000 nested loops, in 24 KB, took 23 s. Default 64.
	Loops int

	// Work is the most work that one function makes for a compiler, and ModuleWork
	// that all functions make. A unit takes wazero v1.12.0 about a microsecond.
	// It is the sum of
	//   - blocks × locals. Blocks are the pieces that block, loop, if, br and br_if
	//     cut the code into.
	//   - blocks² / 100: 15,000 times a block with a br_if, in 105 KB, took 3 s.
	//   - branches² × (locals + 8) / 100 for every block and loop that has so many
	//     branches to it: 4,000 br_if to one block of 100 locals, in 16 KB, took
	//     13 s.
	//   - loops² / 64: 10,000 empty loops, in 30 KB, took 2 s.
	//   - calls × mutable globals / 2. wazero loads each anew after a call, and
	//     metering makes a call of every loop, of every function, and of operations
	//     that grow, fill or copy: 1,000 loops beside 4,000 globals, in 23 KB, took
	//     45 ms, and metered 3.5 s.
	//   - globals / 128.
	// Metered, the others take as long as they do plain. Defaults 4,000,000 and
	// 100,000,000. Seen in one function: 2,910,000 in Ruby, 1,570,000 in
	// esbuild, 781,000 in Pyodide; in a whole module: 27,500,000 in Pyodide, which has
	// 284 mutable globals, 22,300,000 in Ruby, 15,600,000 in esbuild, 7,400,000 in go
	// vet. In ffmpeg, which has 32 MB, all but the blocks² came to 989,000 and
	// 29,200,000.
	Work, ModuleWork int

	// BrTableTargets is the most targets of all br_table of one function, and
	// as many clauses of try_table. Default 25,000: a function of CPython has
	// 15,805, one of the specification's tests 24,615.
	BrTableTargets int

	// Locals is the most locals of one function, its parameters included.
	// Default 5,000.
	Locals int

	// Values is the most parameters, and the most results, of a function type.
	// Default 1,000.
	Values int

	// TypeValues is the most parameters and results of all function types
	// together. wazero takes time quadratic in those of a type: 20,000 types of 900
	// took 7 s, and 27 GB of allocations. Within the default of 1,000,000, 500
	// types of 2,000 take 1.5 s. A Haskell program has 7,727, Pyodide 1,285.
	TypeValues int

	// Types, Imports, Functions, Globals, Exports, Elements and Tags are the
	// most of each kind; of functions and so on the imported ones included.
	// Elements are segments. Default 100,000 each.
	Types, Imports, Functions, Globals, Exports, Elements, Tags int

	// Tables is the most tables. Default 100.
	Tables int

	// Table is the most entries that all tables have at first, together, and
	// the most entries that all element segments list. Default 1,000,000.
	Table int

	// Data is the most data segments. Go's linker makes up to 100,000. Default
	// 1,000,000.
	Data int

	// Custom is the most custom sections. Default 10,000.
	Custom int
}

// withDefaults replaces zero fields.
func (l Limits) withDefaults() Limits {
	for _, f := range []struct {
		field *int
		value int
	}{
		{&l.Module, 64 << 20},
		{&l.Body, 256 << 10},
		{&l.Operations, 100_000},
		{&l.Nesting, 4096},
		{&l.Loops, 64},
		{&l.Work, 4_000_000},
		{&l.ModuleWork, 100_000_000},
		{&l.BrTableTargets, 25_000},
		{&l.Locals, 5_000},
		{&l.Values, 1_000},
		{&l.TypeValues, 1_000_000},
		{&l.Types, 100_000},
		{&l.Imports, 100_000},
		{&l.Functions, 100_000},
		{&l.Globals, 100_000},
		{&l.Exports, 100_000},
		{&l.Elements, 100_000},
		{&l.Tags, 100_000},
		{&l.Tables, 100},
		{&l.Table, 1_000_000},
		{&l.Data, 1_000_000},
		{&l.Custom, 10_000},
	} {
		if *f.field == 0 {
			*f.field = f.value
		}
	}
	return l
}
