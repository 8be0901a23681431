package jsonata

func nativeBoolean(c *call) (any, *Error) {
	v := c.arg(0)
	if items, ok := itemsOf(v); ok && len(items) == 1 && items[0] == Undefined {
		v = Undefined
	}
	if v == Undefined {
		return Undefined, nil
	}
	yes, err := c.ev.truth(v)
	return yes, err
}

func nativeNot(c *call) (any, *Error) {
	if !c.has(0) {
		return Undefined, nil
	}
	yes, err := c.ev.truth(c.arg(0))
	return !yes, err
}

func nativeExists(c *call) (any, *Error) { return c.has(0), nil }

// concatenation joins two values to an array, unless one is missing.
func (ev *evaluation) concatenation(a, b any) any {
	switch {
	case a == Undefined:
		return b
	case b == Undefined:
		return a
	}
	x, y := itemsOrSelf(a), itemsOrSelf(b)
	ev.makeItems(len(x) + len(y))
	result := make([]any, 0, len(x)+len(y))
	return append(append(result, x...), y...)
}

func nativeAppend(c *call) (any, *Error) { return c.ev.concatenation(c.arg(0), c.arg(1)), nil }

// rearranged gives a new array of the first argument's items: place puts them
// where they belong, in order.
func (c *call) rearranged(place func(result []any, i int, item any)) (any, *Error) {
	if !c.has(0) {
		return Undefined, nil
	}
	items, err := c.items(0)
	if err != nil {
		return nil, err
	}
	if len(items) <= 1 {
		return c.arg(0), nil
	}
	c.ev.makeItems(len(items))
	result := make([]any, len(items))
	for i, item := range items {
		place(result, i, item)
	}
	return result, nil
}

func nativeReverse(c *call) (any, *Error) {
	return c.rearranged(func(result []any, i int, item any) { result[len(result)-1-i] = item })
}

func nativeShuffle(c *call) (any, *Error) {
	return c.rearranged(func(result []any, i int, item any) {
		j := min(int(c.ev.random()*float64(i+1)), i)
		result[i] = result[j]
		result[j] = item
	})
}

func nativeSort(c *call) (any, *Error) {
	if !c.has(0) {
		return Undefined, nil
	}
	items, err := c.items(0)
	if err != nil {
		return nil, err
	}
	if len(items) <= 1 {
		return c.arg(0), nil
	}
	if !c.has(1) {
		return c.sortPlain(items)
	}
	after, err := c.function(1)
	if err != nil {
		return nil, err
	}
	return c.ev.mergeSort(items, func(a, b any) (bool, *Error) {
		v, err := c.callback(after, []any{a, b})
		return scriptTruth(v), err
	})
}

// sortPlain sorts an array of numbers or one of strings.
func (c *call) sortPlain(items []any) (any, *Error) {
	numbers, err := allNumbers(items)
	if err != nil {
		return nil, err
	}
	if !numbers && !allStrings(items) {
		return nil, newError("D3070")
	}
	return c.ev.mergeSort(items, func(a, b any) (bool, *Error) {
		order, err := orderOf(a, b)
		return order > 0, err
	})
}

func allStrings(items []any) bool {
	for _, item := range items {
		if _, ok := item.(string); !ok {
			return false
		}
	}
	return true
}

// nativeDistinct compares scalars by lookup, only structures one by one.
func nativeDistinct(c *call) (any, *Error) {
	items, ok := itemsOf(c.arg(0))
	if !ok || len(items) <= 1 {
		return c.arg(0), nil
	}
	c.ev.makeItems(len(items))
	seen := make(map[any]bool, len(items))
	var structures, result []any
	for _, item := range items {
		if isStructure(item) {
			if c.contains(structures, item) {
				continue
			}
			structures = append(structures, item)
		} else {
			if seen[item] {
				continue
			}
			seen[item] = true
		}
		result = append(result, item)
	}
	if isSequence(c.arg(0)) {
		return &list{items: result, sequence: true}, nil
	}
	return result, nil
}

func isStructure(v any) bool {
	switch v.(type) {
	case nil, bool, float64, string, UndefinedValue, *Function:
		return false
	}
	return true
}

func (c *call) contains(items []any, v any) bool {
	for _, item := range items {
		if c.ev.equal(item, v, 0) {
			return true
		}
	}
	return false
}

func nativeZip(c *call) (any, *Error) {
	shortest := -1
	for _, arg := range c.args {
		n, _ := lengthOf(arg) // what is no array has no items
		if shortest < 0 || n < shortest {
			shortest = n
		}
	}
	shortest = max(shortest, 0)
	c.ev.makeItems(shortest * (len(c.args) + 1))
	result := make([]any, shortest)
	for i := range result {
		row := make([]any, len(c.args))
		for j, arg := range c.args {
			items, _ := itemsOf(arg)
			row[j] = items[i]
		}
		result[i] = row
	}
	return result, nil
}
