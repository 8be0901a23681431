package wasmbuild

// Value types, as bytes of the binary format.
const (
	I32       byte = 0x7f
	I64       byte = 0x7e
	F32       byte = 0x7d
	F64       byte = 0x7c
	V128      byte = 0x7b
	FuncRef   byte = 0x70
	ExternRef byte = 0x6f
	ExnRef    byte = 0x69
)

// Kinds of imports and exports, as bytes of the binary format.
const (
	KindFunc byte = iota
	KindTable
	KindMemory
	KindGlobal
	KindTag
)

// NoMax says that a table or memory has no maximum.
const NoMax = -1

// Types is a list of value types.
type Types []byte

// Builder collects the parts of a module. The zero value is the empty module.
//
// The methods return the index of what they add. Imports of a kind come before
// definitions of that kind: importing afterwards panics, because it would shift
// indices that the test already has.
type Builder struct {
	types, imports, funcs, tables, memories, tags, globals, exports, elems, codes, data, customs [][]byte

	start     []byte
	dataCount bool
	imported  [5]uint32 // by kind
	defined   [5]uint32
}

// Type adds a function type, without looking for an equal one.
func (b *Builder) Type(params, results Types) uint32 {
	return b.RawType(Cat([]byte{0x60}, Uint(uint64(len(params))), params, Uint(uint64(len(results))), results))
}

// RawType adds an entry of the type section.
func (b *Builder) RawType(entry []byte) uint32 {
	b.types = append(b.types, entry)
	return uint32(len(b.types) - 1)
}

// Import adds an import of any kind; description is what follows the kind.
func (b *Builder) Import(module, name string, kind byte, description []byte) uint32 {
	b.imports = append(b.imports, Cat(Name(module), Name(name), []byte{kind}, description))
	if int(kind) >= len(b.imported) {
		return 0 // a wrong kind, on purpose
	}
	if b.defined[kind] != 0 {
		panic("wasmbuild: import after a definition of the same kind")
	}
	b.imported[kind]++
	return b.imported[kind] - 1
}

// ImportFunc imports a function of type typ.
func (b *Builder) ImportFunc(module, name string, typ uint32) uint32 {
	return b.Import(module, name, KindFunc, Uint(uint64(typ)))
}

// ImportTable imports a table.
func (b *Builder) ImportTable(module, name string, elem byte, min, max int64) uint32 {
	return b.Import(module, name, KindTable, Cat([]byte{elem}, Limits(min, max)))
}

// ImportMemory imports a memory; min and max count pages of 64 KiB.
func (b *Builder) ImportMemory(module, name string, min, max int64) uint32 {
	return b.Import(module, name, KindMemory, Limits(min, max))
}

// ImportGlobal imports a global.
func (b *Builder) ImportGlobal(module, name string, typ byte, mutable bool) uint32 {
	return b.Import(module, name, KindGlobal, []byte{typ, flag(mutable)})
}

// ImportTag imports an exception tag of type typ.
func (b *Builder) ImportTag(module, name string, typ uint32) uint32 {
	return b.Import(module, name, KindTag, Cat([]byte{0}, Uint(uint64(typ))))
}

// Func adds a function with its locals, beside the parameters, and its code;
// the final end is added.
func (b *Builder) Func(typ uint32, locals Types, code ...[]byte) uint32 {
	groups := make([][]byte, len(locals))
	for i, t := range locals {
		groups[i] = []byte{1, t}
	}
	return b.RawFunc(typ, Cat(Vec(groups...), Cat(code...), End))
}

// RawFunc adds a function with its body as given: the declarations of locals
// and the code with the final end, but not the size.
func (b *Builder) RawFunc(typ uint32, body []byte) uint32 {
	b.funcs = append(b.funcs, Uint(uint64(typ)))
	b.codes = append(b.codes, Cat(Uint(uint64(len(body))), body))
	return b.define(KindFunc)
}

// Trampoline imports a function and, when Trampolines is called, exports one
// under the same name that passes its parameters through.
type Trampoline struct {
	Module, Name    string
	Params, Results Types
	Export          string // default: Name
}

// Trampolines imports every function of list and exports a function for each
// that calls it with its own parameters and returns its results.
func (b *Builder) Trampolines(list ...Trampoline) {
	indices := make([][2]uint32, len(list)) // type, import
	for i, t := range list {
		typ := b.Type(t.Params, t.Results)
		indices[i] = [2]uint32{typ, b.ImportFunc(t.Module, t.Name, typ)}
	}
	for i, t := range list {
		var code []byte
		for p := range t.Params {
			code = append(code, LocalGet(uint32(p))...)
		}
		name := t.Export
		if name == "" {
			name = t.Name
		}
		b.ExportFunc(name, b.Func(indices[i][0], nil, code, Call(indices[i][1])))
	}
}

// Table adds a table of min to max elements; max may be NoMax.
func (b *Builder) Table(elem byte, min, max int64) uint32 {
	b.tables = append(b.tables, Cat([]byte{elem}, Limits(min, max)))
	return b.define(KindTable)
}

// Memory adds a memory of min to max pages of 64 KiB; max may be NoMax.
func (b *Builder) Memory(min, max int64) uint32 { return b.RawMemory(Limits(min, max)) }

// RawMemory adds an entry of the memory section.
func (b *Builder) RawMemory(entry []byte) uint32 {
	b.memories = append(b.memories, entry)
	return b.define(KindMemory)
}

// Tag adds an exception tag of type typ.
func (b *Builder) Tag(typ uint32) uint32 {
	b.tags = append(b.tags, Cat([]byte{0}, Uint(uint64(typ))))
	return b.define(KindTag)
}

// Global adds a global whose first value is init; the end is added.
func (b *Builder) Global(typ byte, mutable bool, init ...[]byte) uint32 {
	b.globals = append(b.globals, Cat([]byte{typ, flag(mutable)}, Cat(init...), End))
	return b.define(KindGlobal)
}

// Export exports what index names under name.
func (b *Builder) Export(name string, kind byte, index uint32) {
	b.exports = append(b.exports, Cat(Name(name), []byte{kind}, Uint(uint64(index))))
}

// ExportFunc exports a function.
func (b *Builder) ExportFunc(name string, index uint32) { b.Export(name, KindFunc, index) }

// ExportMemory exports memory 0 as "memory", as every toolchain does.
func (b *Builder) ExportMemory() { b.Export("memory", KindMemory, 0) }

// Start makes a function the start function.
func (b *Builder) Start(index uint32) { b.start = Uint(uint64(index)) }

// Data adds an active segment for memory 0 at offset.
func (b *Builder) Data(offset int32, bytes []byte) uint32 {
	return b.RawData(Cat([]byte{0}, I32Const(offset), End, Uint(uint64(len(bytes))), bytes))
}

// PassiveData adds a passive segment, and with it the data count section that
// memory.init and data.drop need.
func (b *Builder) PassiveData(bytes []byte) uint32 {
	b.dataCount = true
	return b.RawData(Cat([]byte{1}, Uint(uint64(len(bytes))), bytes))
}

// RawData adds an entry of the data section.
func (b *Builder) RawData(entry []byte) uint32 {
	b.data = append(b.data, entry)
	return uint32(len(b.data) - 1)
}

// Elem adds an active segment of functions for table 0 at offset.
func (b *Builder) Elem(offset int32, funcs ...uint32) uint32 {
	return b.RawElem(Cat([]byte{0}, I32Const(offset), End, indices(funcs)))
}

// PassiveElem adds a passive segment of functions.
func (b *Builder) PassiveElem(funcs ...uint32) uint32 {
	return b.RawElem(Cat([]byte{1, 0}, indices(funcs)))
}

// DeclareElem adds a declarative segment of functions, so that ref.func may
// name them.
func (b *Builder) DeclareElem(funcs ...uint32) uint32 {
	return b.RawElem(Cat([]byte{3, 0}, indices(funcs)))
}

// RawElem adds an entry of the element section.
func (b *Builder) RawElem(entry []byte) uint32 {
	b.elems = append(b.elems, entry)
	return uint32(len(b.elems) - 1)
}

// Custom adds a custom section, after all others.
func (b *Builder) Custom(name string, content []byte) {
	b.customs = append(b.customs, Section(0, Name(name), content))
}

// Bytes assembles the module.
func (b *Builder) Bytes() []byte {
	out := Header()
	section := func(id byte, items [][]byte) {
		if len(items) > 0 {
			out = append(out, Section(id, Vec(items...))...)
		}
	}
	section(1, b.types)
	section(2, b.imports)
	section(3, b.funcs)
	section(4, b.tables)
	section(5, b.memories)
	section(13, b.tags)
	section(6, b.globals)
	section(7, b.exports)
	if b.start != nil {
		out = append(out, Section(8, b.start)...)
	}
	section(9, b.elems)
	if b.dataCount {
		out = append(out, Section(12, Uint(uint64(len(b.data))))...)
	}
	section(10, b.codes)
	section(11, b.data)
	return append(out, Cat(b.customs...)...)
}

// Limits encodes the limits of a table or memory; max may be NoMax.
func Limits(min, max int64) []byte {
	if max == NoMax {
		return Cat([]byte{0}, Uint(uint64(min)))
	}
	return Cat([]byte{1}, Uint(uint64(min)), Uint(uint64(max)))
}

func (b *Builder) define(kind byte) uint32 {
	b.defined[kind]++
	return b.imported[kind] + b.defined[kind] - 1
}

func indices(funcs []uint32) []byte {
	out := Uint(uint64(len(funcs)))
	for _, f := range funcs {
		out = append(out, Uint(uint64(f))...)
	}
	return out
}

func flag(b bool) byte {
	if b {
		return 1
	}
	return 0
}
