package jsonata

// callback calls a function that was passed to a built-in one. Its context is
// null, except that of a lambda that came here without having been an argument
// of a call itself, by partial application or a tail call.
func (c *call) callback(fn *Function, args []any) (any, *Error) {
	var context any
	if fn.kind == lambdaFunction {
		context = fn.input
	}
	return c.ev.apply(fn, args, context, c.frame)
}

// callWith calls a function with a value and, as far as it has parameters for
// them, the value's place and the whole.
func (c *call) callWith(fn *Function, value, place, whole any) (any, *Error) {
	args := make([]any, 1, 3)
	args[0] = value
	switch arity := fn.arity(); {
	case arity >= 3:
		args = append(args, place, whole)
	case arity == 2:
		args = append(args, place)
	}
	c.ev.spend(1)
	return c.callback(fn, args)
}

// arrayAndFunction reads the arguments of functions such as $map. The items
// are nil, and ok false, if there is no array.
func (c *call) arrayAndFunction() (items []any, fn *Function, ok bool, err *Error) {
	if !c.has(0) {
		return nil, nil, false, nil
	}
	if items, err = c.items(0); err != nil {
		return nil, nil, false, err
	}
	fn, err = c.function(1)
	return items, fn, err == nil, err
}

func nativeMap(c *call) (any, *Error) {
	items, fn, ok, err := c.arrayAndFunction()
	if !ok {
		return Undefined, err
	}
	result := newSequence()
	for i, item := range items {
		v, err := c.callWith(fn, item, float64(i), c.arg(0))
		if err != nil {
			return nil, err
		}
		if v != Undefined {
			c.ev.makeItems(1)
			result.push(v)
		}
	}
	return result, nil
}

func nativeFilter(c *call) (any, *Error) {
	items, fn, ok, err := c.arrayAndFunction()
	if !ok {
		return Undefined, err
	}
	result := newSequence()
	for i, item := range items {
		yes, err := c.test(fn, item, float64(i))
		if err != nil {
			return nil, err
		}
		if yes {
			c.ev.makeItems(1)
			result.push(item)
		}
	}
	return result, nil
}

func (c *call) test(fn *Function, item, place any) (bool, *Error) {
	v, err := c.callWith(fn, item, place, c.arg(0))
	if err != nil {
		return false, err
	}
	return c.ev.truth(v)
}

func nativeSingle(c *call) (any, *Error) {
	if !c.has(0) {
		return Undefined, nil
	}
	items, err := c.items(0)
	if err != nil {
		return nil, err
	}
	var result any
	found := false
	for i, item := range items {
		if c.has(1) {
			fn, err := c.function(1)
			if err != nil {
				return nil, err
			}
			yes, err := c.test(fn, item, float64(i))
			if err != nil {
				return nil, err
			}
			if !yes {
				continue
			}
		}
		if found {
			return nil, newError("D3138")
		}
		result, found = item, true
	}
	if !found {
		return nil, newError("D3139")
	}
	return result, nil
}

func nativeReduce(c *call) (any, *Error) {
	items, fn, ok, err := c.arrayAndFunction()
	if !ok {
		return Undefined, err
	}
	arity := fn.arity()
	if arity < 2 {
		return nil, newError("D3050")
	}
	result, start := c.arg(2), 0
	if result == Undefined && len(items) > 0 {
		result, start = items[0], 1
	}
	for i := start; i < len(items); i++ {
		args := []any{result, items[i]}
		if arity >= 3 {
			args = append(args, float64(i))
		}
		if arity >= 4 {
			args = append(args, c.arg(0))
		}
		c.ev.spend(1)
		if result, err = c.callback(fn, args); err != nil {
			return nil, err
		}
	}
	return result, nil
}

func nativeEach(c *call) (any, *Error) {
	result := newSequence()
	o, ok := c.arg(0).(*Object)
	if !ok {
		return result, nil
	}
	for key, value := range o.enumerate() {
		fn, err := c.function(1)
		if err != nil {
			return nil, err
		}
		v, err := c.callWith(fn, value, key, o)
		if err != nil {
			return nil, err
		}
		if v != Undefined {
			c.ev.makeItems(1)
			result.push(v)
		}
	}
	return result, nil
}

func nativeSift(c *call) (any, *Error) {
	o, ok := c.arg(0).(*Object)
	if !ok {
		return Undefined, nil
	}
	result := c.ev.newObject()
	for key, value := range o.enumerate() {
		fn, err := c.function(1)
		if err != nil {
			return nil, err
		}
		yes, err := c.test(fn, value, key)
		if err != nil {
			return nil, err
		}
		if yes {
			c.ev.makeItems(1)
			result.Set(key, value)
		}
	}
	if result.Len() == 0 {
		return Undefined, nil
	}
	return result, nil
}
