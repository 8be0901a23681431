package wasmbuild

// Uint encodes v as unsigned LEB128, in the fewest bytes.
func Uint(v uint64) []byte {
	var out []byte
	for v >= 0x80 {
		out = append(out, byte(v)|0x80)
		v >>= 7
	}
	return append(out, byte(v))
}

// Int encodes v as signed LEB128, in the fewest bytes.
func Int(v int64) []byte {
	var out []byte
	for {
		low := byte(v & 0x7f)
		v >>= 7
		if (v == 0 && low&0x40 == 0) || (v == -1 && low&0x40 != 0) {
			return append(out, low)
		}
		out = append(out, low|0x80)
	}
}

// PaddedUint encodes v as unsigned LEB128 in exactly n bytes, as linkers do,
// or, with more bytes than the type allows, as nobody may.
func PaddedUint(v uint64, n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(v&0x7f) | 0x80
		v >>= 7
	}
	out[n-1] &= 0x7f
	return out
}

// Name encodes s as a name: its length in bytes, then the bytes.
func Name(s string) []byte { return append(Uint(uint64(len(s))), s...) }

// Vec encodes a vector: the number of items, then the items.
func Vec(items ...[]byte) []byte { return append(Uint(uint64(len(items))), Cat(items...)...) }

// Cat joins parts.
func Cat(parts ...[]byte) []byte {
	var out []byte
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// Section encodes a section: its number, its size, its content.
func Section(id byte, content ...[]byte) []byte {
	all := Cat(content...)
	return Cat([]byte{id}, Uint(uint64(len(all))), all)
}

// Header is the magic number and the version of a module.
func Header() []byte { return []byte("\x00asm\x01\x00\x00\x00") }

// Module is the header followed by sections.
func Module(sections ...[]byte) []byte { return append(Header(), Cat(sections...)...) }
