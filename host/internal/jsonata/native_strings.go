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

// limit reads an optional count that must not be negative; -1 means without
// limit.
func (c *call) limit(i int, code string) (float64, *Error) {
	if !c.has(i) {
		return -1, nil
	}
	f, err := c.num(i)
	if err == nil && f < 0 {
		err = valueError(code, f)
		err.index = i + 1
	}
	return f, err
}

// below reports whether a count is below a limit.
func below(count int, limit float64) bool { return limit == -1 || float64(count) < limit }

func nativeSplit(c *call) (any, *Error) {
	if !c.has(0) {
		return Undefined, nil
	}
	s, err := c.str(0)
	if err != nil {
		return nil, err
	}
	limit, err := c.limit(2, "D3020")
	if err != nil {
		return nil, err
	}
	if !below(0, limit) {
		return []any{}, nil
	}
	if separator, ok := c.arg(1).(string); ok {
		if limit != -1 {
			limit = float64(uint32(math.Mod(math.Trunc(limit), 1<<32)))
		}
		return c.splitBy(s, separator, limit), nil
	}
	matcher, err := c.function(1)
	if err != nil {
		return nil, err
	}
	return c.splitMatches(s, matcher, limit)
}

func (c *call) splitBy(s, separator string, limit float64) []any {
	c.ev.spend(len(s) / 16)
	if separator == "" {
		items := c.ev.indexable(s)
		if limit != -1 && float64(len(items)) > limit {
			items = items[:int(limit)]
		}
		return items
	}
	result := []any{}
	for below(len(result), limit) {
		before, rest, found := strings.Cut(s, separator)
		c.ev.makeItems(1)
		c.ev.makeBytes(len(before))
		result = append(result, before)
		if !found {
			break
		}
		s = rest
	}
	return result
}

func (c *call) splitMatches(s string, matcher *Function, limit float64) (any, *Error) {
	m, err := c.firstMatch(matcher, s)
	if err != nil {
		return nil, err
	}
	c.ev.makeItems(1)
	if m == nil {
		return []any{s}, nil
	}
	units := toUnits(s)
	result := []any{}
	start := 0
	for m != nil && below(len(result), limit) {
		result = append(result, c.made(cut(units, start, m.start)))
		start = m.end
		c.ev.makeItems(1)
		if m, err = c.nextMatch(m); err != nil {
			return nil, err
		}
	}
	if below(len(result), limit) {
		result = append(result, c.made(cut(units, start, len(units))))
	}
	return result, nil
}

// cut is JavaScript's substring: bounds in either order, within the string.
func cut(units []uint16, from, to int) string {
	from, to = min(max(from, 0), len(units)), min(max(to, 0), len(units))
	return fromUnits(units[min(from, to):max(from, to)])
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
