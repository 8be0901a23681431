package wazero

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/lambent-dev/lambent/engine"
)

// Sections that prepare looks at and what tables may hold, as the binary format
// numbers them.
const (
	sectionCustom = 0
	sectionTable  = 4

	funcRef   = 0x70
	externRef = 0x6f
)

// prepare returns the module as wazero gets it. The code is the same, but
//
//   - custom sections are gone, the names of functions written anew: wazero
//     v1.12.0 allocates what a name section claims to hold before it looks, so
//     that 30 bytes ask for 100 GB;
//   - tables have a maximum: wazero lets table.grow take 32 GB outside of the
//     memory limit.
//
// module must have been accepted by engine.Check.
func prepare(module []byte) ([]byte, error) {
	const header = 8
	out := slices.Clone(module[:header])
	var names []byte
	for rest := module[header:]; len(rest) > 0; {
		id := rest[0]
		content, next, ok := sized(rest[1:])
		if !ok {
			return nil, fmt.Errorf("%w: section %d is cut short", engine.ErrMalformed, id)
		}
		switch id {
		case sectionCustom:
			if names == nil {
				names = functionNames(content)
			}
		case sectionTable:
			tables, err := boundTables(content)
			if err != nil {
				return nil, err
			}
			out = appendSection(out, id, tables)
		default:
			out = append(out, rest[:len(rest)-len(next)]...)
		}
		rest = next
	}
	if names != nil {
		out = appendSection(out, sectionCustom, names)
	}
	return out, nil
}

// tableEntries is the most entries that all tables of a module may grow to
// together, but for what they have at first.
const tableEntries = 1_000_000

// boundTables rewrites a table section so that no table can outgrow its share
// of tableEntries.
func boundTables(content []byte) ([]byte, error) {
	count, rest, ok := number(content)
	if !ok {
		return nil, errTable
	}
	out := binary.AppendUvarint(nil, count)
	for range count {
		if len(rest) < 2 || rest[0] != funcRef && rest[0] != externRef || rest[1] > 1 {
			return nil, errTable // with an initial value, of 64 bits, of something else
		}
		elem, hasMax := rest[0], rest[1] == 1
		initial, after, ok := number(rest[2:])
		if !ok {
			return nil, errTable
		}
		most := max(initial, tableEntries/count)
		if hasMax {
			var declared uint64
			if declared, after, ok = number(after); !ok {
				return nil, errTable
			}
			most = min(most, declared)
		}
		out = append(out, elem, 1)
		out = binary.AppendUvarint(out, initial)
		out = binary.AppendUvarint(out, most)
		rest = after
	}
	return append(out, rest...), nil
}

var errTable = fmt.Errorf("%w: a table of a form that wazero does not run", engine.ErrInvalid)

func appendSection(out []byte, id byte, content []byte) []byte {
	out = append(out, id)
	out = binary.AppendUvarint(out, uint64(len(content)))
	return append(out, content...)
}

// number reads an unsigned LEB128 number.
func number(b []byte) (v uint64, rest []byte, ok bool) {
	v, n := binary.Uvarint(b)
	if n <= 0 {
		return 0, nil, false
	}
	return v, b[n:], true
}

// sized reads a size and so many bytes.
func sized(b []byte) (content, rest []byte, ok bool) {
	size, b, ok := number(b)
	if !ok || size > uint64(len(b)) {
		return nil, nil, false
	}
	return b[:size], b[size:], true
}
