package wazero

import (
	"encoding/binary"
	"strings"
	"unicode"
)

// maxName is the longest function name that is kept, in bytes. wazero writes
// the names of 30 frames into the message of every trap, whatever their length.
const maxName = 200

// subsectionFunctions numbers the part of a name section that names functions.
const subsectionFunctions = 1

// functionNames returns a name section with the names of functions that the
// custom section has, nil if it is not the name section or has none. The
// specification has a malformed name section ignored: what is well-formed
// before the first mistake is kept.
func functionNames(custom []byte) []byte {
	title, rest, ok := sized(custom)
	if !ok || string(title) != "name" {
		return nil
	}
	for len(rest) > 0 {
		id := rest[0]
		content, next, ok := sized(rest[1:])
		if !ok {
			return nil
		}
		if id == subsectionFunctions {
			return nameSection(copyNames(content))
		}
		rest = next
	}
	return nil
}

// copyNames reads a name map and returns its entries, written anew, and their
// number.
func copyNames(content []byte) (entries []byte, count uint64) {
	claimed, rest, ok := number(content)
	if !ok {
		return nil, 0
	}
	last := int64(-1)
	for ; count < claimed; count++ {
		index, after, ok := number(rest)
		if !ok || index > 1<<32-1 || int64(index) <= last {
			break // indices must ascend
		}
		name, after, ok := sized(after)
		if !ok {
			break
		}
		entries = binary.AppendUvarint(entries, index)
		entries = appendName(entries, cleanName(name))
		last, rest = int64(index), after
	}
	return entries, count
}

func nameSection(entries []byte, count uint64) []byte {
	if count == 0 {
		return nil
	}
	body := append(binary.AppendUvarint(nil, count), entries...)
	return appendSection(appendName(nil, "name"), subsectionFunctions, body)
}

// cleanName makes a name fit to be shown: short, valid, in one line.
func cleanName(name []byte) string {
	short := string(name[:min(len(name), maxName)])
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(short, "?"))
}

func appendName(b []byte, name string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(name))), name...)
}
