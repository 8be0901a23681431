package jsonata

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"math"
	"strings"
)

// The functions that AWS Step Functions adds to JSONata. They do what the
// intrinsic functions of the same purpose do, but for limits of their own. An
// argument that they cannot use is the error T0410, as if it were of the wrong
// type. What AWS answers in these cases is not known.

// nativePartition splits an array into arrays of a length, which is rounded
// towards zero; the last may be shorter. Into arrays of nothing it cannot be
// split: the result is undefined.
func nativePartition(c *call) (any, *Error) {
	if !c.has(0) || !c.has(1) {
		return Undefined, nil
	}
	items, err := c.items(0)
	if err != nil {
		return nil, err
	}
	size, err := c.num(1)
	if err != nil {
		return nil, err
	}
	size = math.Trunc(size)
	switch {
	case size == 0:
		return Undefined, nil
	case !(size > 0):
		return nil, c.bad(1)
	}
	n := int(min(size, float64(max(len(items), 1))))
	c.ev.makeItems(len(items)/n + 1)
	chunks := []any{}
	for len(items) > 0 {
		m := min(n, len(items))
		chunks = append(chunks, items[:m:m])
		items = items[m:]
	}
	return chunks, nil
}

// nativeRange gives the numbers from the first to at most the last, by a step.
// Arguments are rounded towards zero; with a step of 0 the result is undefined.
func nativeRange(c *call) (any, *Error) {
	if !c.has(0) || !c.has(1) || !c.has(2) {
		return Undefined, nil
	}
	var bounds [3]float64
	for i := range bounds {
		f, err := c.num(i)
		if err != nil {
			return nil, err
		}
		bounds[i] = math.Trunc(f)
		if math.IsNaN(f) || math.Abs(f) > 1<<53 {
			return nil, c.bad(i)
		}
	}
	first, last, step := bounds[0], bounds[1], bounds[2]
	if step == 0 {
		return Undefined, nil
	}
	count := int(max(math.Floor((last-first)/step)+1, 0))
	c.ev.makeItems(count)
	result := make([]any, count)
	for i := range result {
		result[i] = first + float64(i)*step
	}
	return result, nil
}

// nativeHash gives the hash of a string in hexadecimal digits.
func nativeHash(c *call) (any, *Error) {
	if !c.has(0) || !c.has(1) {
		return Undefined, nil
	}
	s, err := c.str(0)
	if err != nil {
		return nil, err
	}
	algorithm, err := c.str(1)
	if err != nil {
		return nil, err
	}
	c.ev.spend(len(s))
	data := []byte(s)
	switch algorithm {
	case "MD5":
		sum := md5.Sum(data)
		return hex.EncodeToString(sum[:]), nil
	case "SHA-1":
		sum := sha1.Sum(data)
		return hex.EncodeToString(sum[:]), nil
	case "SHA-256":
		sum := sha256.Sum256(data)
		return hex.EncodeToString(sum[:]), nil
	case "SHA-384":
		sum := sha512.Sum384(data)
		return hex.EncodeToString(sum[:]), nil
	case "SHA-512":
		sum := sha512.Sum512(data)
		return hex.EncodeToString(sum[:]), nil
	}
	return nil, c.bad(1)
}

// nativeSeededRandom gives a random number, 0 ≤ n < 1; with a seed, which is
// rounded towards zero, always the one that AWS gives: the first nextDouble of
// Java's generator.
func nativeSeededRandom(c *call) (any, *Error) {
	if !c.has(0) {
		return c.ev.random(), nil
	}
	seed, err := c.num(0)
	if err != nil {
		return nil, err
	}
	if math.IsNaN(seed) || math.Abs(seed) > 1<<53 {
		return nil, c.bad(0)
	}
	const multiplier, bits = 0x5DEECE66D, 48
	state := uint64(int64(seed)) ^ multiplier
	next := func(n int) uint64 {
		state = (state*multiplier + 11) & (1<<bits - 1)
		return state >> (bits - n)
	}
	high := next(26)
	return float64(high<<27+next(27)) / (1 << 53), nil
}

// nativeUUID gives a random UUID (version 4).
func nativeUUID(c *call) (any, *Error) {
	var b [16]byte
	for i := range b {
		b[i] = byte(c.ev.random() * 256)
	}
	b[6] = b[6]&0x0F | 0x40
	b[8] = b[8]&0x3F | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]), nil
}

// nativeParse reads JSON, whose objects may not have a key twice.
func nativeParse(c *call) (any, *Error) {
	if !c.has(0) {
		return Undefined, nil
	}
	s, err := c.str(0)
	if err != nil {
		return nil, err
	}
	c.ev.makeBytes(len(s))
	c.ev.makeItems(len(s) / 2)
	v, invalid := (&decoder{text: []byte(s), unique: true}).all()
	if invalid != nil {
		return nil, failure("the argument of the parse function is not JSON: %s", strings.TrimPrefix(invalid.Error(), "jsonata: "))
	}
	return v, nil
}

// failure is an error that JSONata has no code for: it has the one of $error.
func failure(format string, args ...any) *Error {
	err := newError("D3137")
	err.Message = fmt.Sprintf(format, args...)
	return err
}
