package wasm

import (
	"encoding/binary"
	"strings"
)

// Subsections of the name section that are keyed by functions.
const (
	nameFunctions = 1
	nameLocals    = 2
	nameLabels    = 3
)

// custom returns the content of a custom section, or that it is left out.
func (w *Rewriter) custom(content []byte, name string) ([]byte, bool) {
	switch {
	case name == "name":
		return w.names(content)
	case strings.HasPrefix(name, ".debug_"):
		return nil, false
	}
	return content, true
}

// names renumbers the functions of a name section. Nobody has read it before.
func (w *Rewriter) names(content []byte) ([]byte, bool) {
	c := &cursor{b: content, end: len(content)}
	c.name()
	out := append([]byte(nil), content[:c.pos]...)
	for c.err == nil && c.left() > 0 {
		id := c.byte()
		sub := &cursor{b: c.bytes(uint64(c.u32()))}
		sub.end = len(sub.b)
		items := sub.b
		if id >= nameFunctions && id <= nameLabels {
			items = w.functionNames(sub, id != nameFunctions)
			if sub.err != nil || sub.left() > 0 {
				return nil, false
			}
		}
		out = appendSized(append(out, id), items)
	}
	return out, c.err == nil
}

// functionNames reads one subsection: names by function, or by function and by
// number.
func (w *Rewriter) functionNames(c *cursor, indirect bool) []byte {
	n := c.u32()
	out := binary.AppendUvarint(nil, uint64(n))
	for i := uint32(0); i < n && c.err == nil; i++ {
		start := c.pos
		f := c.u32()
		c.checkIndex(start, f, len(w.m.Functions), "function", "functions", "module")
		out = binary.AppendUvarint(out, uint64(w.Renumber(f)))
		start = c.pos
		if indirect {
			for j := c.u32(); j > 0 && c.err == nil; j-- {
				c.u32()
				c.name()
			}
		} else {
			c.name()
		}
		if c.err == nil {
			out = append(out, c.b[start:c.pos]...)
		}
	}
	return out
}
