package jsonata

func nativeKeys(c *call) (any, *Error) {
	result := newSequence()
	switch v := c.arg(0).(type) {
	case *Object:
		c.ev.makeItems(v.Len())
		for key := range v.enumerate() {
			result.push(key)
		}
	case []any, *list:
		merged := NewObject()
		c.mergeKeys(v, merged, 0)
		for key := range merged.enumerate() {
			result.push(key)
		}
	}
	return result, nil
}

func (c *call) mergeKeys(v any, into *Object, depth int) {
	c.ev.checkDepth(depth)
	c.ev.spend(1)
	if o, ok := v.(*Object); ok {
		c.ev.makeItems(o.Len())
		for key := range o.enumerate() {
			into.Set(key, true)
		}
		return
	}
	items, _ := itemsOf(v)
	for _, item := range items {
		c.mergeKeys(item, into, depth+1)
	}
}

func nativeLookup(c *call) (any, *Error) {
	key := scriptString(Undefined) // as in the reference, a missing key is a name like others
	if c.has(1) {
		var err *Error
		if key, err = c.str(1); err != nil {
			return nil, err
		}
	}
	return c.ev.member(c.arg(0), key, 0), nil
}

func nativeSpread(c *call) (any, *Error) { return c.spread(c.arg(0), 0), nil }

// spread makes an object of each member of an object.
func (c *call) spread(v any, depth int) any {
	c.ev.checkDepth(depth)
	switch v := v.(type) {
	case *Object:
		result := newSequence()
		c.ev.makeItems(2 * v.Len())
		for key, value := range v.enumerate() {
			o := c.ev.newObject()
			o.Set(key, value)
			result.push(o)
		}
		return result
	case []any, *list:
		items, _ := itemsOf(v)
		if len(items) == 0 {
			return newSequence()
		}
		all := []any{}
		for _, item := range items {
			part := c.spread(item, depth+1)
			if part == Undefined {
				continue
			}
			values := itemsOrSelf(part)
			c.ev.makeItems(len(values))
			all = append(all, values...)
		}
		return all
	}
	return v
}

func nativeMerge(c *call) (any, *Error) {
	if !c.has(0) {
		return Undefined, nil
	}
	items, err := c.items(0)
	if err != nil {
		return nil, err
	}
	result := c.ev.newObject()
	for _, item := range items {
		c.ev.spend(1)
		if o, ok := item.(*Object); ok {
			c.ev.makeItems(o.Len())
			for key, value := range o.enumerate() {
				result.Set(key, value)
			}
		}
	}
	return result, nil
}

func nativeType(c *call) (any, *Error) {
	switch v := c.arg(0).(type) {
	case UndefinedValue:
		return Undefined, nil
	case nil:
		return "null", nil
	case float64:
		_, isNumber, err := number(v)
		if err != nil {
			return nil, err
		}
		if isNumber {
			return "number", nil
		}
	case string:
		return "string", nil
	case bool:
		return "boolean", nil
	case []any, *list:
		return "array", nil
	case *Function:
		return "function", nil
	}
	return "object", nil
}

func nativeError(c *call) (any, *Error) {
	err := newError("D3137")
	err.Message = c.message(0, "$error() function evaluated")
	return nil, err
}

func nativeAssert(c *call) (any, *Error) {
	if scriptTruth(c.arg(0)) {
		return Undefined, nil
	}
	err := newError("D3141")
	err.Message = c.message(1, "$assert() statement failed")
	return nil, err
}

func (c *call) message(i int, instead string) string {
	if s, ok := c.arg(i).(string); ok && s != "" {
		return s
	}
	return instead
}

// nativeClone copies a structure as writing and reading its JSON would.
func nativeClone(c *call) (any, *Error) {
	if !c.has(0) {
		return Undefined, nil
	}
	return c.ev.clone(unwrapOuter(c.arg(0)), 0)
}

func (ev *evaluation) clone(v any, depth int) (any, *Error) {
	ev.checkDepth(depth)
	switch v := v.(type) {
	case float64:
		_, isNumber, err := number(v)
		if err != nil {
			return nil, err
		}
		if !isNumber {
			return nil, nil // NaN
		}
		return to15Digits(v), nil
	case []any, *list:
		items, _ := itemsOf(v)
		ev.makeItems(len(items) + 1)
		result := make([]any, len(items))
		for i, item := range items {
			var err *Error
			if result[i], err = ev.clone(item, depth+1); err != nil {
				return nil, err
			}
			if result[i] == Undefined {
				result[i] = nil
			}
		}
		return result, nil
	case *Object:
		ev.makeItems(v.Len() + 1)
		result := ev.newObject()
		for key, value := range v.All() {
			copied, err := ev.clone(value, depth+1)
			if err != nil {
				return nil, err
			}
			if copied != Undefined {
				result.Set(key, copied)
			}
		}
		return result, nil
	case *Function:
		return "", nil
	}
	return v, nil
}

// nativeEval parses and evaluates its argument.
func nativeEval(c *call) (any, *Error) {
	if !c.has(0) {
		return Undefined, nil
	}
	source, err := c.str(0)
	if err != nil {
		return nil, err
	}
	input := c.input
	if c.has(1) {
		input = c.arg(1)
		if items, ok := itemsOf(input); ok && !isSequence(input) {
			input = &list{items: []any{items}, sequence: true, outerWrapper: true}
		}
	}
	c.ev.spend(len(source))
	c.ev.enter()
	defer func() { c.ev.depth-- }()
	root, cost, _, err := parse(source)
	c.ev.spend(8 * cost)
	if err != nil {
		return nil, valueError("D3120", err.complete().Message)
	}
	v, err := c.ev.eval(root, input, c.frame)
	if err != nil {
		return nil, valueError("D3121", err.complete().Message)
	}
	return v, nil
}
