package engine

import (
	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// ModuleLimits bounds what Check accepts, so that no module can keep a
// compiler busy for long. The zero value of a field means its default.
type ModuleLimits = wasm.Limits

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

// Binary is a module that Check accepted. It is immutable.
type Binary struct {
	bytes   []byte
	module  *wasm.Module
	imports []Import
	exports map[string]Export
}
