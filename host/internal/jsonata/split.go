package jsonata

import (
	"math"
	"strings"
)

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
