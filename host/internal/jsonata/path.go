package jsonata

// path evaluates the steps of a path, each on what the one before gave.
func (ev *evaluation) path(n *node, input any, f *frame) (any, *Error) {
	var current any
	if _, ok := lengthOf(input); ok && n.list[0].kind != variableNode {
		current = input
	} else {
		current = newSequence(input)
	}
	var result any = Undefined
	var tuples *list // the stream of tuples, once a step binds a variable
	streaming := false
	for i, step := range n.list {
		var err *Error
		streaming = streaming || step.tuple
		switch {
		case i == 0 && step.consArray:
			result, err = ev.eval(step, current, f)
		case streaming:
			tuples, err = ev.tupleStep(step, current, tuples, f)
		default:
			result, err = ev.step(step, current, f, i == len(n.list)-1)
		}
		if err != nil {
			return nil, err
		}
		if !streaming && isEmpty(result) {
			break
		}
		if step.focus == "" {
			current = result
		}
	}
	if streaming {
		result = ev.endOfStream(n, tuples)
	}
	if n.keepSingleton {
		result = keepSingleton(result)
	}
	if n.group != nil {
		if streaming {
			result = tuplesValue(tuples)
		}
		return ev.group(n.group.pairs, n.group.pos, result, f)
	}
	return result, nil
}

// isEmpty reports whether a step gave nothing to go on with.
func isEmpty(v any) bool {
	if s, ok := v.(string); ok {
		return s == ""
	}
	length, isArray := lengthOf(v)
	return v == Undefined || isArray && length == 0
}

func tuplesValue(tuples *list) any {
	if tuples == nil {
		return newSequence()
	}
	return tuples
}

// endOfStream takes the contexts out of the tuples, unless the path is to hand
// the tuples on.
func (ev *evaluation) endOfStream(n *node, tuples *list) any {
	if n.tuple {
		return tuplesValue(tuples)
	}
	result := newSequence()
	if tuples != nil {
		ev.makeItems(len(tuples.items))
		result.items = make([]any, len(tuples.items))
		for i, item := range tuples.items {
			result.items[i] = contextOf(item)
		}
	}
	return result
}

func contextOf(item any) any {
	if t, ok := item.(*tuple); ok {
		return t.context
	}
	return Undefined
}

// keepSingleton marks the result of a path that has "[]" in it.
func keepSingleton(v any) any {
	if l, ok := v.(*list); ok {
		if l.cons && !l.sequence {
			return &list{items: []any{l}, sequence: true, keepSingleton: true}
		}
		l.keepSingleton = true
	}
	return v
}

// indexable returns what a step iterates over: the items of an array, or the
// UTF-16 units of a string that an array constructor's predicate has left.
func (ev *evaluation) indexable(v any) []any {
	if items, ok := itemsOf(v); ok {
		return items
	}
	s, ok := v.(string)
	if !ok {
		return nil
	}
	units := toUnits(s)
	ev.makeItems(len(units))
	items := make([]any, len(units))
	for i := range units {
		items[i] = fromUnits(units[i : i+1])
	}
	return items
}

// step evaluates a step for each item, and flattens the results one level.
func (ev *evaluation) step(n *node, input any, f *frame, isLast bool) (any, *Error) {
	if n.kind == sortNode {
		sorted, err := ev.sort(n, input, f)
		if err != nil || n.stages == nil {
			return sorted, err
		}
		return ev.runStages(n.stages, sorted, f)
	}
	var results []any
	for _, item := range ev.indexable(input) {
		v, err := ev.eval(n, item, f)
		for i := 0; err == nil && i < len(n.stages); i++ {
			if n.stages[i].filter != nil { // an index binds only in a stream of tuples
				v, err = ev.filter(n.stages[i].filter, v, f)
			}
		}
		if err != nil {
			return nil, err
		}
		if v != Undefined {
			results = append(results, v)
		}
	}
	if isLast && len(results) == 1 && !isSequence(results[0]) {
		if _, isArray := lengthOf(results[0]); isArray {
			return results[0], nil
		}
	}
	return ev.flattenOnce(results), nil
}

func (ev *evaluation) flattenOnce(results []any) *list {
	ev.makeItems(len(results))
	flat := true
	for _, v := range results {
		if _, isArray := lengthOf(v); isArray {
			flat = false
			break
		}
	}
	if flat {
		return &list{items: results, sequence: true}
	}
	sequence := newSequence()
	for _, v := range results {
		if l, ok := v.(*list); ok && l.cons {
			sequence.push(v)
		} else if items, ok := itemsOf(v); ok {
			ev.makeItems(len(items))
			sequence.items = append(sequence.items, items...)
		} else {
			sequence.push(v)
		}
	}
	return sequence
}

// filter evaluates a predicate for each item: numbers select by position,
// anything else by its truth.
func (ev *evaluation) filter(predicate *node, input any, f *frame) (any, *Error) {
	results := newSequence()
	stream := false
	if l, ok := input.(*list); ok && l.tupleStream {
		stream, results.tupleStream = true, true
	}
	items, isArray := itemsOf(input)
	if !isArray {
		items = []any{input}
	}
	if predicate.kind == numberNode {
		item := itemAt(items, predicate.num)
		if _, isArray := lengthOf(item); isArray {
			return item, nil
		}
		if item != Undefined {
			results.push(item)
		}
		return results, nil
	}
	for i, item := range items {
		context, inner := item, f
		if t, ok := item.(*tuple); ok && stream {
			context, inner = t.context, tupleFrame(f, t)
		}
		v, err := ev.eval(predicate, context, inner)
		if err != nil {
			return nil, err
		}
		times, err := ev.selects(v, i, len(items))
		if err != nil {
			return nil, err
		}
		ev.makeItems(times)
		for range times {
			results.push(item)
		}
	}
	return results, nil
}

func itemAt(items []any, position float64) any {
	i := floorIndex(position, len(items))
	if i < 0 || i >= len(items) {
		return Undefined
	}
	return items[i]
}

// floorIndex turns a position, from the end if it is negative, into an index;
// -1 if it is outside.
func floorIndex(position float64, length int) int {
	i := jsFloor(position)
	if i < 0 {
		i += float64(length)
	}
	if !(i >= 0 && i < float64(length)) {
		return -1
	}
	return int(i)
}

// selects returns how many times a predicate's value selects the item at an
// index: as often as the index is among its numbers.
func (ev *evaluation) selects(v any, index, length int) (int, *Error) {
	numbers, isArray := itemsOf(v)
	if num, ok := v.(float64); ok {
		if _, ok, err := number(num); err != nil {
			return 0, err
		} else if ok {
			numbers, isArray = []any{num}, true
		}
	}
	if isArray {
		all, err := allNumbers(numbers)
		if err != nil {
			return 0, err
		}
		if all {
			ev.spend(len(numbers))
			times := 0
			for _, num := range numbers {
				if floorIndex(num.(float64), length) == index {
					times++
				}
			}
			return times, nil
		}
	}
	yes, err := ev.truth(v)
	if err == nil && yes {
		return 1, nil
	}
	return 0, err
}

func (ev *evaluation) runStages(stages []stage, input any, f *frame) (any, *Error) {
	result := input
	for _, s := range stages {
		if s.filter != nil {
			var err *Error
			if result, err = ev.filter(s.filter, result, f); err != nil {
				return nil, err
			}
			continue
		}
		items, _ := itemsOf(result)
		for i, item := range items {
			if t, ok := item.(*tuple); ok {
				t.set(s.index, float64(i))
			}
		}
	}
	return result, nil
}
