package image

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"sync"
	"unicode"

	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// MaxName is the longest name that Functions gives, in bytes. A stack has many
// of them, and names are as long as the guest likes.
const MaxName = 200

// Functions names the functions of a rewritten module by what the original
// module calls them. Its name section is read when the first name is asked for.
// It is safe for concurrent use.
type Functions struct {
	imported uint32 // functions that the original module imports
	added    uint32 // imports after these
	all      uint32 // functions of the original module

	sections [][]byte // that may hold the names
	read     sync.Once
	names    []byte   // the names and what is between them
	at       []uint32 // by original function, where in names its size and name are; 0: nowhere
}

func newFunctions(w *wasm.Rewriter) *Functions {
	m := w.Module()
	f := &Functions{imported: uint32(m.Imported[wasm.KindFunc]), all: uint32(len(m.Functions))}
	f.added = w.Renumber(f.imported) - f.imported
	for _, s := range m.Sections {
		if s.ID == wasm.SectionCustom && s.Name == "name" {
			f.sections = append(f.sections, m.Content(s))
		}
	}
	return f
}

// Original returns the index in the original module of a function of the
// rewritten one; false if it is one that was added.
func (f *Functions) Original(index uint32) (uint32, bool) {
	if index >= f.imported {
		if index-f.imported < f.added {
			return 0, false
		}
		index -= f.added
	}
	return index, index < f.all
}

// Name returns the name of a function of the rewritten module, fit to be shown:
// one line of at most MaxName bytes. A function without a name is called "$" and
// its original index. It returns false for functions that were added, which are
// nobody's.
func (f *Functions) Name(index uint32) (string, bool) {
	original, ok := f.Original(index)
	if !ok {
		return "", false
	}
	f.read.Do(f.readNames)
	if uint64(original) < uint64(len(f.at)) && f.at[original] > 0 {
		if name, _, _ := sized(f.names[f.at[original]:]); len(name) > 0 {
			return printable(name), true
		}
	}
	return fmt.Sprintf("$%d", original), true
}

// readNames takes the first section that names a function. The specification
// has a malformed name section ignored: what is well-formed before the first
// mistake is kept.
func (f *Functions) readNames() {
	for _, content := range f.sections {
		if f.readSection(content); len(f.at) > 0 {
			break
		}
	}
	f.sections = nil
}

// subsectionFunctions numbers the part of a name section that names functions.
const subsectionFunctions = 1

func (f *Functions) readSection(content []byte) {
	_, rest, ok := sized(content) // "name"
	for ok && len(rest) > 0 {
		id := rest[0]
		var part []byte
		if part, rest, ok = sized(rest[1:]); ok && id == subsectionFunctions {
			f.readMap(part)
			return
		}
	}
}

// readMap reads names by function, whose indices ascend.
func (f *Functions) readMap(part []byte) {
	claimed, rest, _ := number(part)
	for range claimed {
		index, after, ok := number(rest)
		if !ok || index >= uint64(f.all) || index < uint64(len(f.at)) {
			break
		}
		start := len(part) - len(after)
		if _, rest, ok = sized(after); !ok {
			break
		}
		for uint64(len(f.at)) < index {
			f.at = append(f.at, 0)
		}
		f.at = append(f.at, uint32(start))
	}
	f.names = part
}

// printable makes a name fit to be shown.
func printable(name []byte) string {
	short := string(name[:min(len(name), MaxName)])
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(short, "?"))
}

// number reads an unsigned LEB128 number of 32 bits.
func number(b []byte) (v uint64, rest []byte, ok bool) {
	v, n := binary.Uvarint(b)
	if n <= 0 || v > math.MaxUint32 {
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
