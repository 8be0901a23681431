package jsonata

// matchFrom runs a regular expression on a text from a position on. The result
// is the object that matchers give: match, start, end, groups and next.
func (ev *evaluation) matchFrom(fn *Function, text string, from any) (any, *Error) {
	ev.spend(len(text))
	start := 0
	units := toUnits(text)
	if f, ok := from.(float64); ok {
		if !(f >= 0 && f <= float64(len(units))) {
			return Undefined, nil
		}
		start = int(f)
	}
	return ev.matchUnits(fn, units, start), nil
}

func (ev *evaluation) matchUnits(fn *Function, units []uint16, from int) any {
	bounds := fn.regex.find(ev, units, from)
	if bounds == nil {
		return Undefined
	}
	text := func(i int) any {
		if bounds[i] < 0 {
			return Undefined
		}
		ev.makeBytes(bounds[i+1] - bounds[i])
		return fromUnits(units[bounds[i]:bounds[i+1]])
	}
	ev.makeItems(5 + len(bounds)/2)
	groups := make([]any, 0, len(bounds)/2-1)
	for i := 2; i < len(bounds); i += 2 {
		groups = append(groups, text(i))
	}
	end := bounds[1]
	result := ev.newObject()
	result.Set("match", text(0))
	result.Set("start", float64(bounds[0]))
	result.Set("end", float64(end))
	result.Set("groups", groups)
	result.Set("next", &Function{kind: nextFunction, next: func() (any, *Error) {
		if end >= len(units) {
			return Undefined, nil
		}
		next := ev.matchUnits(fn, units, end)
		if o, ok := next.(*Object); ok {
			if match, _ := o.Get("match"); match == "" {
				return nil, valueError("D1004", fn.regex.source).at(fn.pos, "") // it would never end
			}
		}
		return next, nil
	}})
	return result
}

// scriptString is the text that JavaScript would take a value for.
func scriptString(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return numberString(v)
	case nil:
		return "null"
	case bool:
		if v {
			return "true"
		}
		return "false"
	case UndefinedValue:
		return "undefined"
	}
	return "[object Object]"
}

// match is what a matcher has found.
type match struct {
	object     *Object
	text       string
	start, end int // in UTF-16 units
	groups     []any
}

// runMatcher calls a matcher and checks what it gives: Undefined or an object.
func (c *call) runMatcher(matcher *Function, args []any) (any, *Error) {
	v, err := c.callback(matcher, args)
	if err != nil || v == Undefined {
		return v, err
	}
	o, ok := v.(*Object)
	if !ok {
		return nil, newError("T1010")
	}
	start, _ := o.Get("start")
	groups, _ := o.Get("groups")
	next, _ := o.Get("next")
	_, hasStart := start.(float64)
	_, hasGroups := lengthOf(groups)
	_, hasNext := asFunction(next)
	if !hasStart && !hasGroups && !hasNext {
		return nil, newError("T1010")
	}
	return o, nil
}

func (c *call) found(v any, err *Error) (*match, *Error) {
	o, ok := v.(*Object)
	if err != nil || !ok {
		return nil, err
	}
	m := &match{object: o}
	text, _ := o.Get("match")
	start, _ := o.Get("start")
	end, _ := o.Get("end")
	groups, _ := o.Get("groups")
	m.text, _ = text.(string)
	m.start, m.end = position(start), position(end)
	m.groups, _ = itemsOf(groups)
	return m, nil
}

// position of a match that a function of the expression may have made up.
func position(v any) int {
	f, ok := v.(float64)
	if !ok || !(f >= 0) {
		return 0
	}
	return int(min(f, 1<<40))
}

// firstMatch returns the first match in a text, nil if there is none.
func (c *call) firstMatch(matcher *Function, text string) (*match, *Error) {
	v, err := c.runMatcher(matcher, []any{text})
	return c.found(v, err)
}

// nextMatch returns the match after another, nil if there is none.
func (c *call) nextMatch(m *match) (*match, *Error) {
	next, _ := m.object.Get("next")
	fn, ok := asFunction(next)
	if !ok {
		return nil, newError("T1010")
	}
	c.ev.spend(1)
	v, err := c.runMatcher(fn, []any{Undefined})
	return c.found(v, err)
}

func nativeMatch(c *call) (any, *Error) {
	if !c.has(0) {
		return Undefined, nil
	}
	s, err := c.str(0)
	if err != nil {
		return nil, err
	}
	limit, err := c.limit(2, "D3040")
	if err != nil {
		return nil, err
	}
	matcher, err := c.function(1)
	if err != nil {
		return nil, err
	}
	result := newSequence()
	if !below(0, limit) {
		return result, nil
	}
	m, err := c.firstMatch(matcher, s)
	for err == nil && m != nil && below(len(result.items), limit) {
		o := c.ev.newObject()
		for _, pair := range [][2]string{{"match", "match"}, {"index", "start"}, {"groups", "groups"}} {
			if v, ok := m.object.Get(pair[1]); ok {
				o.Set(pair[0], v)
			}
		}
		c.ev.makeItems(4)
		result.push(o)
		m, err = c.nextMatch(m)
	}
	if err != nil {
		return nil, err
	}
	return result, nil
}
