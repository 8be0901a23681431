package memfs

import "encoding/binary"

// tape turns bytes into decisions, so that a random source and a fuzzer can
// drive the same operations. Beyond its end it reads zeros.
type tape []byte

func (t *tape) byte() byte {
	if len(*t) == 0 {
		return 0
	}
	b := (*t)[0]
	*t = (*t)[1:]
	return b
}

// below returns a number below n, which is at most 256.
func (t *tape) below(n int) int { return int(t.byte()) % n }

func (t *tape) uint64() uint64 {
	var p [8]byte
	for i := range p {
		p[i] = t.byte()
	}
	return binary.LittleEndian.Uint64(p[:])
}

// path makes a path of few names, so that many of them meet. It never climbs
// above where it starts, unless hostile.
func (t *tape) path(hostile bool) string {
	path, depth := "", 0
	for i, n := 0, 1+t.below(4); i < n; i++ {
		name := [...]string{"a", "b", "c", "d", "e", "long-name", ".", ".."}[t.below(8)]
		switch {
		case name == ".." && depth == 0 && !hostile:
			name = "f"
		case name == "..":
			depth--
		}
		if name[0] != '.' {
			depth++
		}
		if path != "" {
			path += "/"
		}
		path += name
	}
	if t.below(16) == 0 {
		path += "/"
	}
	if hostile {
		switch t.below(64) {
		case 0:
			path = "/" + path
		case 1:
			path += "\x00"
		case 2:
			path += "\xff"
		case 3:
			path = ""
		}
	}
	return path
}

// offset makes an offset or size, near to borders more often than not.
func (t *tape) offset(hostile bool) uint64 {
	near := uint64(t.below(64))
	switch t.below(8) {
	case 0:
		return near
	case 1, 2:
		return near * 97
	case 3, 4:
		return pageSize*uint64(t.below(4)) + near
	case 5:
		return pageSize*uint64(1+t.below(8)) - min(near, 1)
	}
	if hostile {
		return t.uint64() >> t.below(64)
	}
	return near * 3001
}
