package jsonata

// eval evaluates a node in a context. Every value of the language comes from
// here, so this is where steps and depth are counted.
func (ev *evaluation) eval(n *node, input any, f *frame) (any, *Error) {
	ev.enter()
	ev.spend(1)
	v, err := ev.node(n, input, f)
	for i := 0; err == nil && i < len(n.predicates); i++ {
		v, err = ev.filter(n.predicates[i].filter, v, f)
	}
	if err == nil && n.group != nil && n.kind != pathNode {
		v, err = ev.group(n.group.pairs, n.group.pos, v, f)
	}
	ev.depth--
	if err != nil {
		return nil, err
	}
	if l, ok := v.(*list); ok && l.sequence && !l.tupleStream {
		l.keepSingleton = l.keepSingleton || n.keepArray
		switch {
		case l.len() == 0:
			return Undefined, nil
		case l.len() == 1 && !l.keepSingleton:
			return l.all()[0], nil
		}
	}
	return v, nil
}

func (ev *evaluation) node(n *node, input any, f *frame) (any, *Error) {
	switch n.kind {
	case pathNode:
		return ev.path(n, input, f)
	case nameNode:
		return ev.member(input, n.text, 0), nil
	case stringNode:
		return n.text, nil
	case numberNode:
		return n.num, nil
	case valueNode:
		return n.value, nil
	case variableNode:
		if n.text != "" {
			return ev.lookup(f, n.text), nil
		}
		return unwrapOuter(input), nil
	case binaryNode:
		return ev.binary(n, input, f)
	case negateNode:
		return ev.negate(n, input, f)
	case arrayNode:
		return ev.array(n, input, f)
	case objectNode:
		return ev.group(n.pairs, n.pos, input, f)
	case wildcardNode:
		return ev.wildcard(input), nil
	case descendantNode:
		return ev.descendants(input), nil
	case parentNode:
		return ev.lookup(f, n.slot.label), nil
	case conditionNode:
		return ev.condition(n, input, f)
	case blockNode:
		return ev.block(n, input, f)
	case bindNode:
		v, err := ev.eval(n.rhs, input, f)
		if err == nil {
			f.bind(n.text, v)
		}
		return v, err
	case regexNode:
		return &Function{kind: regexFunction, regex: n.regex, pos: n.pos}, nil
	case callNode:
		return ev.call(n, input, f, nil)
	case partialNode:
		return ev.partial(n, input, f)
	case lambdaNode:
		return &Function{kind: lambdaFunction, params: n.list, body: n.other, signature: n.signature,
			input: input, frame: f, thunk: n.thunk}, nil
	case applyNode:
		return ev.applyTo(n, input, f)
	case transformNode:
		return ev.transformer(n, f), nil
	}
	return Undefined, nil // the "?" of a partial application
}

// unwrapOuter is the input itself where it was wrapped because it is an array.
func unwrapOuter(input any) any {
	if l, ok := input.(*list); ok && l.outerWrapper && l.len() > 0 {
		return l.all()[0]
	}
	return input
}

func (ev *evaluation) condition(n *node, input any, f *frame) (any, *Error) {
	v, err := ev.eval(n.lhs, input, f)
	if err != nil {
		return nil, err
	}
	yes, err := ev.truth(v)
	switch {
	case err != nil:
		return nil, err
	case yes:
		return ev.eval(n.rhs, input, f)
	case n.other != nil:
		return ev.eval(n.other, input, f)
	}
	return Undefined, nil
}

func (ev *evaluation) block(n *node, input any, f *frame) (v any, err *Error) {
	v = Undefined
	inner := newFrame(f)
	for _, part := range n.list {
		if v, err = ev.eval(part, input, inner); err != nil {
			return nil, err
		}
	}
	return v, nil
}

func (ev *evaluation) negate(n *node, input any, f *frame) (any, *Error) {
	v, err := ev.eval(n.lhs, input, f)
	if err != nil || v == Undefined {
		return v, err
	}
	num, ok, err := number(v)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, valueError("D1002", v).at(n.pos, n.text)
	}
	return -num, nil
}

// array evaluates an array constructor. Arrays among the items are flattened
// unless they are constructors themselves.
func (ev *evaluation) array(n *node, input any, f *frame) (any, *Error) {
	result := make([]any, 0, len(n.list))
	for _, item := range n.list {
		v, err := ev.eval(item, input, f)
		if err != nil {
			return nil, err
		}
		if v == Undefined {
			continue
		}
		if _, isArray := lengthOf(v); !isArray || item.kind == arrayNode {
			ev.makeItems(1)
			result = append(result, v)
			continue
		}
		if l, ok := v.(*list); ok && l.span != nil && len(n.list) == 1 && !n.consArray {
			return &list{span: l.span}, nil
		}
		items, _ := itemsOf(v)
		ev.makeItems(len(items))
		result = append(result, items...)
	}
	if n.consArray {
		return &list{items: result, cons: true}, nil
	}
	return result, nil
}

// wildcard gives the values of an object, arrays among them flattened.
func (ev *evaluation) wildcard(input any) any {
	var result []any
	sequence := true // until an array is among the values
	add := func(v any) {
		if _, isArray := lengthOf(v); isArray {
			result = ev.flatten(v, result, 0)
			sequence = false
			return
		}
		ev.makeItems(1)
		result = append(result, v)
	}
	switch v := unwrapOuter(input).(type) {
	case *Object:
		for _, value := range v.enumerate() {
			add(value)
		}
	case []any, *list:
		items, _ := itemsOf(v)
		for _, item := range items {
			add(item)
		}
	}
	if sequence {
		return &list{items: result, sequence: true}
	}
	return result
}

func (ev *evaluation) flatten(v any, into []any, depth int) []any {
	ev.checkDepth(depth)
	items, ok := itemsOf(v)
	if !ok {
		ev.makeItems(1)
		return append(into, v)
	}
	ev.spend(1)
	for _, item := range items {
		into = ev.flatten(item, into, depth+1)
	}
	return into
}

// descendants gives a value and everything in it, except arrays themselves.
func (ev *evaluation) descendants(input any) any {
	if input == Undefined {
		return Undefined
	}
	result := newSequence()
	ev.descend(input, result, 0)
	if len(result.items) == 1 {
		return result.items[0]
	}
	return result
}

func (ev *evaluation) descend(v any, result *list, depth int) {
	ev.checkDepth(depth)
	if items, ok := itemsOf(v); ok {
		ev.spend(1)
		for _, item := range items {
			ev.descend(item, result, depth+1)
		}
		return
	}
	ev.makeItems(1)
	result.push(v)
	if o, ok := v.(*Object); ok {
		for _, value := range o.enumerate() {
			ev.descend(value, result, depth+1)
		}
	}
}

// member looks a key up in an object, or in the objects of an array, whose
// values make a sequence.
func (ev *evaluation) member(v any, key string, depth int) any {
	switch v := v.(type) {
	case *Object:
		if value, ok := v.Get(key); ok {
			return value
		}
	case *tuple: // a sorted stream of tuples is filtered as if they were objects
		if key == "@" {
			return v.context
		}
		value, _ := v.get(key)
		return value
	case []any, *list:
		items, _ := itemsOf(v)
		return ev.members(items, key, depth)
	}
	return Undefined
}

func (ev *evaluation) members(items []any, key string, depth int) *list {
	ev.checkDepth(depth)
	result := newSequence()
	for _, item := range items {
		ev.spend(1)
		switch found := ev.member(item, key, depth+1).(type) {
		case UndefinedValue:
		case []any, *list:
			inner, _ := itemsOf(found)
			ev.makeItems(len(inner))
			result.items = append(result.items, inner...)
		default:
			ev.makeItems(1)
			result.push(found)
		}
	}
	return result
}
