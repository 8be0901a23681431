package jsonata

import (
	"math"
	"strings"
)

func nativeString(c *call) (any, *Error) {
	switch v := c.arg(0).(type) {
	case UndefinedValue:
		return Undefined, nil
	case string:
		return v, nil
	}
	indent := ""
	if scriptTruth(c.arg(1)) {
		indent = "  "
	}
	s, err := c.ev.toString(c.arg(0), indent)
	return s, err
}

// mapString applies a function to the first argument.
func (c *call) mapString(f func(string) any) (any, *Error) {
	if !c.has(0) {
		return Undefined, nil
	}
	s, err := c.str(0)
	if err != nil {
		return nil, err
	}
	c.ev.spend(len(s) / 16)
	return f(s), nil
}

// made accounts for a string that a function has made.
func (c *call) made(s string) any {
	c.ev.makeBytes(len(s))
	return s
}

func nativeLength(c *call) (any, *Error) {
	return c.mapString(func(s string) any { return float64(runeLength(s)) })
}

func nativeLowercase(c *call) (any, *Error) {
	return c.mapString(func(s string) any { return c.made(lowerCase(s)) })
}

func nativeUppercase(c *call) (any, *Error) {
	return c.mapString(func(s string) any { return c.made(upperCase(s)) })
}

func nativeTrim(c *call) (any, *Error) {
	return c.mapString(func(s string) any {
		var b strings.Builder
		space := false
		for i := range len(s) {
			switch s[i] {
			case ' ', '\t', '\n', '\r':
				space = true
			default:
				if space && b.Len() > 0 {
					b.WriteByte(' ')
				}
				space = false
				b.WriteByte(s[i])
			}
		}
		return c.made(b.String())
	})
}

// sliceIndex is how JavaScript's slice takes an index: towards zero, negative
// ones from the end, within bounds.
func sliceIndex(f float64, length int) int {
	if math.IsNaN(f) {
		return 0
	}
	f = math.Trunc(f)
	if f < 0 {
		return int(math.Max(0, float64(length)+f))
	}
	return int(math.Min(f, float64(length)))
}

// slice returns the code points of a string from one index to another.
func slice(s string, from, to int) string {
	if from >= to {
		return ""
	}
	start, at := len(s), 0
	for i := 0; i < len(s); at++ {
		if at == from {
			start = i
		}
		if at == to {
			return s[start:i]
		}
		_, size := decodeRune(s[i:])
		i += size
	}
	return s[start:]
}

func nativeSubstring(c *call) (any, *Error) {
	if !c.has(0) {
		return Undefined, nil
	}
	s, err := c.str(0)
	if err != nil {
		return nil, err
	}
	start := 0.0
	if c.has(1) {
		if start, err = c.num(1); err != nil {
			return nil, err
		}
	}
	c.ev.spend(len(s) / 16)
	length := runeLength(s)
	if float64(length)+start < 0 {
		start = 0
	}
	to := length
	if c.has(2) {
		count, err := c.num(2)
		if err != nil {
			return nil, err
		}
		if count <= 0 {
			return "", nil
		}
		end := start + count
		if start < 0 {
			end += float64(length)
		}
		to = sliceIndex(end, length)
	}
	return c.made(slice(s, sliceIndex(start, length), to)), nil
}

// around returns the parts of the first argument before and after the second,
// or the first itself if the second is not in it.
func (c *call) around(after bool) (any, *Error) {
	if !c.has(0) {
		return Undefined, nil
	}
	s, err := c.str(0)
	if err != nil {
		return nil, err
	}
	if !c.has(1) {
		return s, nil
	}
	mark, err := c.str(1)
	if err != nil {
		return nil, err
	}
	c.ev.spend(len(s) / 16)
	before, rest, found := strings.Cut(s, mark)
	switch {
	case !found:
		return s, nil
	case after:
		return rest, nil
	}
	return before, nil
}

func nativeSubstringBefore(c *call) (any, *Error) { return c.around(false) }
func nativeSubstringAfter(c *call) (any, *Error)  { return c.around(true) }

func nativePad(c *call) (any, *Error) {
	if !c.has(0) {
		return Undefined, nil
	}
	s, err := c.str(0)
	if err != nil {
		return nil, err
	}
	if !c.has(1) {
		return s, nil
	}
	width, err := c.num(1)
	if err != nil {
		return nil, err
	}
	pad := " "
	if c.has(2) {
		if pad, err = c.str(2); err != nil {
			return nil, err
		}
		if pad == "" {
			pad = " "
		}
	}
	missing := math.Floor(math.Abs(width)) - float64(runeLength(s))
	if !(missing > 0) {
		return s, nil
	}
	units := float64(runeLength(pad))
	copies := math.Ceil(missing / units)
	if size := float64(len(s)) + copies*float64(len(pad)); size > float64(c.ev.limits.Bytes) {
		c.ev.stop("bytes", c.ev.limits.Bytes)
	}
	c.ev.makeBytes(len(s) + int(copies)*len(pad))
	padding := slice(strings.Repeat(pad, int(copies)), 0, int(missing))
	if width > 0 {
		return concat(s, padding), nil
	}
	return concat(padding, s), nil
}

func nativeJoin(c *call) (any, *Error) {
	if !c.has(0) {
		return Undefined, nil
	}
	items, err := c.items(0)
	if err != nil {
		return nil, err
	}
	separator := ""
	if c.has(1) {
		if separator, err = c.str(1); err != nil {
			return nil, err
		}
	}
	size := 0
	for _, item := range items {
		s, ok := item.(string)
		if !ok {
			return nil, c.bad(0)
		}
		size += len(s) + len(separator)
		if size > c.ev.limits.Bytes {
			c.ev.stop("bytes", c.ev.limits.Bytes)
		}
	}
	c.ev.spend(len(items))
	c.ev.makeBytes(size)
	var b strings.Builder
	b.Grow(size)
	for i, item := range items {
		if i > 0 {
			b.WriteString(separator)
		}
		b.WriteString(item.(string))
	}
	return normalize(b.String()), nil
}

func nativeContains(c *call) (any, *Error) {
	if !c.has(0) {
		return Undefined, nil
	}
	s, err := c.str(0)
	if err != nil {
		return nil, err
	}
	if token, ok := c.arg(1).(string); ok {
		c.ev.spend(len(s) / 16)
		return strings.Contains(s, token), nil
	}
	matcher, err := c.function(1)
	if err != nil {
		return nil, err
	}
	v, err := c.runMatcher(matcher, []any{s})
	return v != Undefined, err
}
