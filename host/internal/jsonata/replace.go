package jsonata

import (
	"strconv"
	"strings"
)

func nativeReplace(c *call) (any, *Error) {
	if !c.has(0) {
		return Undefined, nil
	}
	s, err := c.str(0)
	if err != nil {
		return nil, err
	}
	if c.arg(1) == "" {
		err := valueError("D3010", "")
		err.index = 2
		return nil, err
	}
	limit, err := c.limit(3, "D3011")
	if err != nil {
		return nil, err
	}
	if !below(0, limit) {
		return s, nil
	}
	if pattern, ok := c.arg(1).(string); ok {
		return c.replaceText(s, pattern, limit)
	}
	matcher, err := c.function(1)
	if err != nil {
		return nil, err
	}
	return c.replaceMatches(s, matcher, limit)
}

// output collects a string of bounded length.
type output struct {
	strings.Builder
	ev *evaluation
}

func (o *output) add(s string) {
	o.ev.makeBytes(len(s))
	o.WriteString(s)
}

func (c *call) replaceText(s, pattern string, limit float64) (any, *Error) {
	replacement := scriptString(c.arg(2))
	_, isFunction := c.arg(2).(*Function)
	out := &output{ev: c.ev}
	for count := 0; below(count, limit); count++ {
		before, rest, found := strings.Cut(s, pattern)
		if !found {
			break
		}
		if isFunction {
			return nil, valueError("D3012", c.arg(2))
		}
		out.add(before)
		out.add(replacement)
		c.ev.spend(1)
		s = rest
	}
	out.add(s)
	return normalize(out.String()), nil
}

func (c *call) replaceMatches(s string, matcher *Function, limit float64) (any, *Error) {
	m, err := c.firstMatch(matcher, s)
	if err != nil {
		return nil, err
	}
	if m == nil {
		return s, nil
	}
	units := toUnits(s)
	out := &output{ev: c.ev}
	at := 0
	for count := 0; m != nil && below(count, limit); count++ {
		out.add(cut(units, at, m.start))
		replacement, err := c.replacement(m)
		if err != nil {
			return nil, err
		}
		out.add(replacement)
		at = m.start + unitLength(m.text)
		if m, err = c.nextMatch(m); err != nil {
			return nil, err
		}
	}
	out.add(cut(units, at, len(units)))
	return normalize(out.String()), nil
}

func (c *call) replacement(m *match) (string, *Error) {
	if template, ok := c.arg(2).(string); ok {
		return c.substitute(template, m), nil
	}
	fn, err := c.function(2)
	if err != nil {
		return "", err
	}
	v, err := c.callback(fn, []any{m.object})
	if err != nil {
		return "", err
	}
	s, ok := v.(string)
	if !ok {
		return "", valueError("D3012", v)
	}
	return s, nil
}

// substitute puts the match for $0, groups for $1, $2, … and "$" for $$ into a
// template. Of the digits after a "$" as many are taken as the number of
// groups has, one less if that is no group.
func (c *call) substitute(template string, m *match) string {
	out := &output{ev: c.ev}
	for {
		before, rest, found := strings.Cut(template, "$")
		out.add(before)
		if !found {
			return out.String()
		}
		c.ev.spend(1)
		template = rest
		switch {
		case strings.HasPrefix(rest, "$"):
			out.add("$")
			template = rest[1:]
		case strings.HasPrefix(rest, "0"):
			out.add(m.text)
			template = rest[1:]
		default:
			group, ok := groupNumber(rest, len(m.groups))
			if !ok {
				out.add("$")
				continue
			}
			if group >= 1 && group <= len(m.groups) {
				if text, ok := m.groups[group-1].(string); ok {
					out.add(text)
				}
			}
			template = rest[len(strconv.Itoa(group)):]
		}
	}
}

func groupNumber(s string, groups int) (int, bool) {
	most := 1
	if groups > 0 {
		most = len(strconv.Itoa(groups))
	}
	parse := func(digits int) (int, bool) {
		n := 0
		for n < digits && n < len(s) && s[n] >= '0' && s[n] <= '9' {
			n++
		}
		group, err := strconv.Atoi(s[:n])
		return group, err == nil
	}
	group, ok := parse(most)
	if ok && most > 1 && group > groups {
		group, ok = parse(most - 1)
	}
	return group, ok
}
