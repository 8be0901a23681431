package wasm

import (
	"fmt"
	"unicode/utf8"
)

// cursor reads bytes [pos, end) of a binary. Its first failure stays in err and
// moves pos to end: what is read after it is 0, so that callers may look at err
// once per item instead of once per byte.
type cursor struct {
	b        []byte
	pos, end int
	err      *Error

	part  string // what is being read, for messages: "function"
	index int    // which one, -1 if there is only one
}

// at sets what messages call the part that is being read.
func (c *cursor) at(part string, index int) { c.part, c.index = part, index }

func (c *cursor) where() string {
	if c.index < 0 {
		return c.part
	}
	return fmt.Sprintf("%s %d", c.part, c.index)
}

func (c *cursor) fail(err error, offset int, found, allowed string) {
	if c.err == nil {
		c.err = &Error{Err: err, Offset: offset, Where: c.where(), Found: found, Allowed: allowed}
	}
	c.pos = c.end
}

func (c *cursor) left() int { return c.end - c.pos }

func (c *cursor) byte() byte {
	if c.pos >= c.end {
		c.fail(ErrMalformed, c.end, "unexpected end", "at least 1 more byte is needed")
		return 0
	}
	v := c.b[c.pos]
	c.pos++
	return v
}

// bytes returns the next n bytes as a view.
func (c *cursor) bytes(n uint64) []byte {
	if n > uint64(c.left()) {
		c.fail(ErrMalformed, c.end, "unexpected end", fmt.Sprintf("%d more bytes are needed", n-uint64(c.left())))
		return nil
	}
	v := c.b[c.pos : c.pos+int(n) : c.pos+int(n)]
	c.pos += int(n)
	return v
}

// u32 reads an unsigned LEB128 of 32 bits.
func (c *cursor) u32() uint32 {
	if c.pos < c.end {
		if v := c.b[c.pos]; v < 0x80 {
			c.pos++
			return uint32(v)
		}
	}
	start := c.pos
	var v uint32
	for shift := 0; shift < 35; shift += 7 {
		b := c.byte()
		if shift == 28 && b > 0x0f {
			c.failLEB(start, b, 5, 32)
			return 0
		}
		v |= uint32(b&0x7f) << shift
		if b < 0x80 {
			break
		}
	}
	return v
}

// signed reads a signed LEB128 of 32, 33 or 64 bits.
func (c *cursor) signed(bits int) int64 {
	start, most := c.pos, (bits+6)/7
	var v int64
	for i := range most {
		b := c.byte()
		v |= int64(b&0x7f) << (7 * i)
		if i == most-1 {
			// The last byte has room for more bits than the type: they must
			// all repeat the sign.
			used := bits - 7*i
			if rest := int8(b<<1) >> used; b >= 0x80 || (rest != 0 && rest != -1) {
				c.failLEB(start, b, most, bits)
				return 0
			}
		}
		if b < 0x80 {
			if free := 64 - 7*(i+1); free > 0 {
				v = v << free >> free
			}
			return v
		}
	}
	return v
}

func (c *cursor) failLEB(start int, last byte, most, bits int) {
	found := fmt.Sprintf("an integer of more than %d bytes", most)
	if last < 0x80 {
		found = "an integer too large"
	}
	c.fail(ErrMalformed, start, found, fmt.Sprintf("%d bits in at most %d bytes are allowed", bits, most))
}

// name reads a length and that many bytes of UTF-8.
func (c *cursor) name() string {
	n := c.u32()
	start := c.pos
	b := c.bytes(uint64(n))
	if !utf8.Valid(b) {
		c.fail(ErrMalformed, start, "a name that is not UTF-8", "names are UTF-8")
		return ""
	}
	return string(b)
}

// count reads the length of a vector of what, of which there are already some
// and at most max may be. Nothing may be allocated by it: the items may be
// missing.
func (c *cursor) count(what string, already, max int) int {
	start := c.pos
	n := c.u32()
	if uint64(already)+uint64(n) > uint64(max) {
		c.tooMany(start, uint64(already)+uint64(n), what, max)
		return 0
	}
	return int(n)
}

func (c *cursor) tooMany(offset int, n uint64, what string, max int) {
	c.fail(ErrTooLarge, offset, fmt.Sprintf("%d %s", n, what), fmt.Sprintf("at most %d are allowed", max))
}

// checkIndex fails unless i is below n, the number of things called plural
// that the owner has.
func (c *cursor) checkIndex(offset int, i uint32, n int, singular, plural, owner string) bool {
	if uint64(i) < uint64(n) {
		return true
	}
	c.fail(ErrInvalid, offset, fmt.Sprintf("%s index %d", singular, i), fmt.Sprintf("the %s has %d %s", owner, n, plural))
	return false
}
