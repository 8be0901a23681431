package image

import (
	"encoding/binary"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/internal/stored"
)

// AppendInterface appends imports, exports and memory:
//
//	imports  their number; of each module, name, kind, parameters, results
//	exports  their number; of each name, kind, parameters, results
//	memory   0, or 1 and the smallest and the largest number of pages
func AppendInterface(out []byte, f *engine.Interface) []byte {
	out = binary.AppendUvarint(out, uint64(len(f.Imports)))
	for _, im := range f.Imports {
		out = append(stored.AppendBytes(stored.AppendBytes(out, im.Module), im.Name), byte(im.Kind))
		out = appendTypes(appendTypes(out, im.Params), im.Results)
	}
	out = binary.AppendUvarint(out, uint64(len(f.Exports)))
	for _, ex := range f.Exports {
		out = append(stored.AppendBytes(out, ex.Name), byte(ex.Kind))
		out = appendTypes(appendTypes(out, ex.Params), ex.Results)
	}
	out = stored.AppendBool(out, f.Memory != nil)
	if f.Memory != nil {
		out = binary.AppendUvarint(out, uint64(f.Memory.Min))
		out = binary.AppendUvarint(out, uint64(f.Memory.Max))
	}
	return out
}

// ReadInterface reads what AppendInterface appended, all of it and nothing else.
// Errors wrap stored.ErrDamaged.
func ReadInterface(b []byte) (f engine.Interface, err error) {
	r := stored.NewReader(b)
	f.Imports = make([]engine.Import, r.Count(5))
	for i := range f.Imports {
		f.Imports[i] = engine.Import{
			Module: string(r.Bytes()), Name: string(r.Bytes()), Kind: engine.Kind(r.Byte()),
			Params: readTypes(r), Results: readTypes(r),
		}
	}
	f.Exports = make([]engine.Export, r.Count(4))
	for i := range f.Exports {
		f.Exports[i] = engine.Export{
			Name: string(r.Bytes()), Kind: engine.Kind(r.Byte()), Params: readTypes(r), Results: readTypes(r),
		}
	}
	if r.Bool() {
		f.Memory = &engine.MemoryType{Min: r.Uint32(), Max: r.Uint32()}
	}
	return f, r.End()
}

func appendTypes(out []byte, types []engine.ValueType) []byte {
	out = binary.AppendUvarint(out, uint64(len(types)))
	for _, t := range types {
		out = append(out, byte(t))
	}
	return out
}

func readTypes(r *stored.Reader) []engine.ValueType {
	encoded := r.Bytes()
	if len(encoded) == 0 {
		return nil
	}
	types := make([]engine.ValueType, len(encoded))
	for i, t := range encoded {
		types[i] = engine.ValueType(t)
	}
	return types
}
