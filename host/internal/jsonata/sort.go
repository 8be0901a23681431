package jsonata

// sort evaluates an order-by clause. Up to one item is given back as it came,
// more make an array without marks.
func (ev *evaluation) sort(n *node, input any, f *frame) (any, *Error) {
	items, ok := itemsOf(input)
	if !ok || len(items) <= 1 {
		return input, nil
	}
	l, isList := input.(*list)
	stream := isList && l.tupleStream
	key := func(term *node, item any) (any, *Error) {
		if t, ok := item.(*tuple); ok && stream {
			return ev.eval(term, t.context, tupleFrame(f, t))
		}
		return ev.eval(term, item, f)
	}
	return ev.mergeSort(items, func(a, b any) (bool, *Error) {
		for _, term := range n.terms {
			x, err := key(term.expr, a)
			if err != nil {
				return false, err
			}
			y, err := key(term.expr, b)
			if err != nil {
				return false, err
			}
			order, err := orderOf(x, y)
			if err != nil {
				return false, err.at(n.pos, "")
			}
			if term.descending && x != Undefined && y != Undefined {
				order = -order
			}
			if order != 0 {
				return order > 0, nil
			}
		}
		return false, nil
	})
}

// orderOf compares two keys; missing ones come last.
func orderOf(x, y any) (int, *Error) {
	switch {
	case x == Undefined && y == Undefined:
		return 0, nil
	case x == Undefined:
		return 1, nil
	case y == Undefined:
		return -1, nil
	}
	xs, xIsString := x.(string)
	ys, yIsString := y.(string)
	xn, xIsNumber := x.(float64)
	yn, yIsNumber := y.(float64)
	if !xIsString && !xIsNumber {
		return 0, valueError("T2008", x)
	}
	if !yIsString && !yIsNumber {
		return 0, valueError("T2008", y)
	}
	switch {
	case xIsString && yIsString:
		return compareUnits(xs, ys), nil
	case xIsString != yIsString:
		err := valueError("T2007", x)
		err.value2 = y
		return 0, err
	case xn == yn:
		return 0, nil
	case xn < yn:
		return -1, nil
	}
	return 1, nil // also if one is NaN
}

// mergeSort sorts stably. after says that a belongs behind b; it is asked in
// the order of the reference, so that the same comparison fails first.
func (ev *evaluation) mergeSort(items []any, after func(a, b any) (bool, *Error)) ([]any, *Error) {
	ev.makeItems(len(items))
	return ev.mergeHalves(items, after)
}

func (ev *evaluation) mergeHalves(items []any, after func(a, b any) (bool, *Error)) ([]any, *Error) {
	ev.spend(len(items))
	if len(items) <= 1 {
		return items, nil
	}
	middle := len(items) / 2
	left, err := ev.mergeHalves(items[:middle], after)
	if err != nil {
		return nil, err
	}
	right, err := ev.mergeHalves(items[middle:], after)
	if err != nil {
		return nil, err
	}
	merged := make([]any, 0, len(items))
	for len(left) > 0 && len(right) > 0 {
		swap, err := after(left[0], right[0])
		if err != nil {
			return nil, err
		}
		if swap {
			merged, right = append(merged, right[0]), right[1:]
		} else {
			merged, left = append(merged, left[0]), left[1:]
		}
	}
	return append(append(merged, left...), right...), nil
}
