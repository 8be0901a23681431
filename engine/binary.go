package engine

import (
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// ModuleLimits bounds what Check accepts, so that no module can keep a
// compiler busy for long. The zero value of a field means its default. For the
// fields, see: go doc engine/internal/wasm.Limits
type ModuleLimits = wasm.Limits

// Binary is a module that Check accepted. It is immutable.
type Binary struct {
	Interface
	bytes  []byte
	digest [sha256.Size]byte
	module *wasm.Module
}

// Check reads b and returns it as a Binary if it is a module that can run here:
// well-formed, every index inside its bounds, no larger than limits allow. Its
// errors wrap ErrMalformed, ErrUnsupported, ErrTooLarge or ErrInvalid and say
// what was found at which byte. What Check accepts may still fail to compile
// with ErrInvalid: the types of operands are the engine's to check.
//
// The Binary keeps b, which must not be modified afterwards.
func Check(b []byte, limits ModuleLimits) (*Binary, error) {
	m, err := wasm.Read(b, limits)
	if err != nil {
		return nil, err
	}
	bin := &Binary{bytes: b, digest: sha256.Sum256(b), module: m}
	types := signatures{module: m, known: make(map[uint32]signature)}
	for _, im := range m.Imports {
		entry := Import{Module: im.Module, Name: im.Name, Kind: Kind(im.Kind)}
		if im.Kind == wasm.KindFunc {
			t := types.of(im.Index)
			entry.Params, entry.Results = t.params, t.results
		}
		bin.Interface.Imports = append(bin.Interface.Imports, entry)
	}
	for _, ex := range m.Exports {
		entry := Export{Name: ex.Name, Kind: Kind(ex.Kind)}
		if ex.Kind == wasm.KindFunc {
			t := types.of(ex.Index)
			entry.Params, entry.Results = t.params, t.results
		}
		bin.Interface.Exports = append(bin.Interface.Exports, entry)
	}
	if len(m.Memories) > 0 {
		bin.Memory = &MemoryType{Min: m.Memories[0].Min, Max: wasm.MaxPages}
		if m.Memories[0].HasMax {
			bin.Memory.Max = m.Memories[0].Max
		}
	}
	slices.SortFunc(bin.Exports, func(x, y Export) int { return strings.Compare(x.Name, y.Name) })
	return bin, nil
}

// Bytes returns the module, which must not be modified.
func (b *Binary) Bytes() []byte { return b.bytes }

// Digest returns the SHA-256 of Bytes.
func (b *Binary) Digest() [sha256.Size]byte { return b.digest }

// Parsed returns the module as it was read, which must not be modified: for
// engines, which rewrite it.
func (b *Binary) Parsed() *wasm.Module { return b.module }

// MakesReferences reports whether the code of a function makes references to
// functions with ref.func. Compilers of languages put them in tables instead.
func (b *Binary) MakesReferences() bool { return b.module.RefFunc }

// signatures converts the types of functions, each once: many functions share
// few types, and a type may have a thousand parameters.
type signatures struct {
	module *wasm.Module
	known  map[uint32]signature // by type index
}

type signature struct{ params, results []ValueType }

// of returns the type of a function. Read has checked the indices.
func (s *signatures) of(function uint32) signature {
	index := s.module.Functions[function]
	known, ok := s.known[index]
	if !ok {
		t := s.module.Types[index]
		known = signature{valueTypes(t.Params), valueTypes(t.Results)}
		s.known[index] = known
	}
	return known
}

func valueTypes(encoded []byte) []ValueType {
	if len(encoded) == 0 {
		return nil
	}
	types := make([]ValueType, len(encoded))
	for i, t := range encoded {
		types[i] = ValueType(t)
	}
	return types
}
