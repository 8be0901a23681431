package image

import (
	"encoding/binary"
	"errors"

	"github.com/lambent-dev/lambent/engine/internal/stored"
)

// A program is stored as
//
//	start      the name of the export, or nothing
//	reason     why it is not restorable, or nothing
//	globals    their number; of each the export and, one byte, the type
//	functions  imported, added, all; the number of sections with names; each
//	data       as in Segments
//
// where numbers are unsigned LEB128, and names and bytes begin with their
// length. Module is not stored.

// Append appends the program as it is stored for ReadProgram.
func (p *Program) Append(out []byte) []byte {
	out = stored.AppendBytes(out, p.Start)
	reason := ""
	if p.Restorable != nil {
		reason = p.Restorable.Error()
	}
	out = stored.AppendBytes(out, reason)
	out = binary.AppendUvarint(out, uint64(len(p.Globals)))
	for _, g := range p.Globals {
		out = append(stored.AppendBytes(out, g.Export), g.Type)
	}
	out = p.Functions.append(out)
	return stored.AppendBytes(out, p.Data)
}

// ReadProgram reads what Append appended, all of it and nothing else. Module is
// nil. Names and data are views of b, which must not change, and are looked at when
// they are needed. Errors wrap stored.ErrDamaged.
func ReadProgram(b []byte) (*Program, error) {
	r := stored.NewReader(b)
	p := &Program{Start: string(r.Bytes())}
	if reason := r.Bytes(); len(reason) > 0 {
		p.Restorable = errors.New(string(reason))
	}
	p.Globals = make([]Global, r.Count(2))
	for i := range p.Globals {
		p.Globals[i] = Global{Export: string(r.Bytes()), Type: r.Byte()}
	}
	p.Functions = readFunctions(r)
	p.Data = r.Bytes()
	if err := r.End(); err != nil {
		return nil, err
	}
	return p, nil
}

func (f *Functions) append(out []byte) []byte {
	for _, n := range []uint32{f.imported, f.added, f.all} {
		out = binary.AppendUvarint(out, uint64(n))
	}
	out = binary.AppendUvarint(out, uint64(len(f.sections)))
	for _, s := range f.sections {
		out = stored.AppendBytes(out, s)
	}
	return out
}

func readFunctions(r *stored.Reader) *Functions {
	f := &Functions{imported: r.Uint32(), added: r.Uint32(), all: r.Uint32()}
	f.sections = make([][]byte, r.Count(1))
	for i := range f.sections {
		f.sections[i] = r.Bytes()
	}
	return f
}
