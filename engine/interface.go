package engine

import (
	"slices"
	"strings"
)

// Interface is what a module wants from its host and offers to it. It is
// immutable.
type Interface struct {
	// Imports are in the order of the module.
	Imports []Import
	// Exports are sorted by name.
	Exports []Export
	// Memory is the module's memory, its own or an imported one; nil if it has
	// none.
	Memory *MemoryType
}

// MemoryType says how large a memory is, in pages of 64 KiB.
type MemoryType struct {
	Min uint32 // at first
	Max uint32 // 65,536 if the module does not say
}

// Export returns the export of that name.
func (f *Interface) Export(name string) (Export, bool) {
	i, ok := slices.BinarySearchFunc(f.Exports, name, func(x Export, name string) int { return strings.Compare(x.Name, name) })
	if !ok {
		return Export{}, false
	}
	return f.Exports[i], true
}

// Import is something a module wants from its host.
type Import struct {
	Module, Name    string
	Kind            Kind
	Params, Results []ValueType // of a function
}

// Kind is what an import or export is.
type Kind byte

// The kinds, encoded as in the binary format.
const (
	KindFunc Kind = iota
	KindTable
	KindMemory
	KindGlobal
	KindTag
)

func (k Kind) String() string {
	if k > KindTag {
		return "unknown kind"
	}
	return [...]string{"function", "table", "memory", "global", "tag"}[k]
}

// Export is something a module offers.
type Export struct {
	Name            string
	Kind            Kind
	Params, Results []ValueType // of a function
}
