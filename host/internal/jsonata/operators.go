package jsonata

import "math"

func (ev *evaluation) binary(n *node, input any, f *frame) (any, *Error) {
	lhs, err := ev.eval(n.lhs, input, f)
	if err != nil {
		return nil, err
	}
	if n.text == "and" || n.text == "or" {
		v, err := ev.boolean(n, lhs, input, f)
		if err != nil {
			return nil, err.at(n.pos, n.text)
		}
		return v, nil
	}
	rhs, err := ev.eval(n.rhs, input, f)
	if err != nil {
		return nil, err
	}
	v, err := ev.operate(n.text, lhs, rhs)
	if err != nil {
		return nil, err.at(n.pos, n.text)
	}
	return v, nil
}

// boolean evaluates the right side only if the left one does not decide.
func (ev *evaluation) boolean(n *node, lhs, input any, f *frame) (any, *Error) {
	left, err := ev.truth(lhs)
	if err != nil {
		return nil, err
	}
	if left == (n.text == "or") {
		return left, nil
	}
	rhs, err := ev.eval(n.rhs, input, f)
	if err != nil {
		return nil, err
	}
	right, err := ev.truth(rhs)
	return right, err
}

func (ev *evaluation) operate(op string, lhs, rhs any) (any, *Error) {
	switch op {
	case "+", "-", "*", "/", "%":
		return arithmetic(op, lhs, rhs)
	case "=", "!=":
		if lhs == Undefined || rhs == Undefined {
			return false, nil
		}
		return ev.equal(lhs, rhs, 0) == (op == "="), nil
	case "<", "<=", ">", ">=":
		return compare(op, lhs, rhs)
	case "&":
		return ev.concatenate(lhs, rhs)
	case "..":
		return ev.rangeOf(lhs, rhs)
	default: // in
		return ev.includes(lhs, rhs), nil
	}
}

// number reports whether a value is a number; an infinite one is an error.
func number(v any) (float64, bool, *Error) {
	f, ok := v.(float64)
	if !ok || math.IsNaN(f) {
		return f, false, nil
	}
	if math.IsInf(f, 0) {
		return f, true, valueError("D1001", f)
	}
	return f, true, nil
}

func allNumbers(items []any) (bool, *Error) {
	for _, item := range items {
		if _, ok, err := number(item); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

func arithmetic(op string, lhs, rhs any) (any, *Error) {
	x, ok, err := number(lhs)
	if err != nil {
		return nil, err
	}
	if !ok && lhs != Undefined {
		return nil, valueError("T2001", lhs)
	}
	y, ok, err := number(rhs)
	if err != nil {
		return nil, err
	}
	if !ok && rhs != Undefined {
		return nil, valueError("T2002", rhs)
	}
	if lhs == Undefined || rhs == Undefined {
		return Undefined, nil
	}
	switch op {
	case "+":
		return x + y, nil
	case "-":
		return x - y, nil
	case "*":
		return x * y, nil
	case "/":
		return x / y, nil
	default:
		return math.Mod(x, y), nil
	}
}

func isOrdered(v any) bool {
	switch v.(type) {
	case string, float64:
		return true
	}
	return false
}

func compare(op string, lhs, rhs any) (any, *Error) {
	if lhs != Undefined && !isOrdered(lhs) {
		return nil, valueError("T2010", lhs)
	}
	if rhs != Undefined && !isOrdered(rhs) {
		if lhs == Undefined {
			return nil, valueError("T2010", lhs)
		}
		return nil, valueError("T2010", rhs)
	}
	if lhs == Undefined || rhs == Undefined {
		return Undefined, nil
	}
	if x, ok := lhs.(float64); ok {
		if y, ok := rhs.(float64); ok {
			switch op {
			case "<":
				return x < y, nil
			case "<=":
				return x <= y, nil
			case ">":
				return x > y, nil
			}
			return x >= y, nil
		}
	}
	x, xIsString := lhs.(string)
	y, yIsString := rhs.(string)
	if !xIsString || !yIsString {
		err := valueError("T2009", lhs)
		err.value2 = rhs
		return nil, err
	}
	order := compareUnits(x, y)
	switch op {
	case "<":
		return order < 0, nil
	case "<=":
		return order <= 0, nil
	case ">":
		return order > 0, nil
	}
	return order >= 0, nil
}

func (ev *evaluation) concatenate(lhs, rhs any) (any, *Error) {
	left, err := ev.stringOf(lhs)
	if err != nil {
		return nil, err
	}
	right, err := ev.stringOf(rhs)
	if err != nil {
		return nil, err
	}
	ev.makeBytes(len(left) + len(right))
	return concat(left, right), nil
}

// stringOf is what $string gives, "" for Undefined.
func (ev *evaluation) stringOf(v any) (string, *Error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case UndefinedValue:
		return "", nil
	}
	return ev.toString(v, "")
}

// maxRange is the largest number of items that ".." may stand for.
const maxRange = 10_000_000

func (ev *evaluation) rangeOf(lhs, rhs any) (any, *Error) {
	isInteger := func(v any) bool {
		f, ok := v.(float64)
		return ok && f == math.Trunc(f) && !math.IsInf(f, 0)
	}
	if lhs != Undefined && !isInteger(lhs) {
		return nil, valueError("T2003", lhs)
	}
	if rhs != Undefined && !isInteger(rhs) {
		return nil, valueError("T2004", rhs)
	}
	if lhs == Undefined || rhs == Undefined {
		return Undefined, nil
	}
	from, to := lhs.(float64), rhs.(float64)
	if from > to {
		return Undefined, nil
	}
	if size := to - from + 1; size > maxRange {
		return nil, valueError("D2014", size)
	}
	return &list{span: &span{first: from, count: int(to - from + 1), ev: ev}, sequence: true}, nil
}

func (ev *evaluation) includes(v, in any) bool {
	if v == Undefined || in == Undefined {
		return false
	}
	items := itemsOrSelf(in)
	ev.spend(len(items))
	for _, item := range items {
		if identical(item, v) {
			return true
		}
	}
	return false
}

// identical is JavaScript's ===: equal scalars, the same array or object.
func identical(a, b any) bool {
	if x, ok := a.(float64); ok {
		y, ok := b.(float64)
		return ok && x == y
	}
	return same(a, b)
}

// equal compares by value, objects whatever the order of their keys.
func (ev *evaluation) equal(a, b any, depth int) bool {
	ev.checkDepth(depth)
	ev.spend(1)
	if x, ok := itemsOf(a); ok {
		y, ok := itemsOf(b)
		if !ok || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !ev.equal(x[i], y[i], depth+1) {
				return false
			}
		}
		return true
	}
	x, ok := a.(*Object)
	if !ok {
		return identical(a, b)
	}
	y, ok := b.(*Object)
	if !ok || x.Len() != y.Len() {
		return false
	}
	if x == y {
		return true
	}
	for key, value := range x.All() {
		other, ok := y.Get(key)
		if !ok || !ev.equal(value, other, depth+1) {
			return false
		}
	}
	return true
}

// truth is what a value means as a condition.
func (ev *evaluation) truth(v any) (bool, *Error) {
	switch v := v.(type) {
	case bool:
		return v, nil
	case string:
		return v != "", nil
	case float64:
		_, isNumber, err := number(v)
		return isNumber && v != 0, err
	case *Object:
		return v.Len() > 0, nil
	case *Function:
		// As in the reference a function is true, but false when it has been
		// passed to a function.
		return v.isObject(), nil
	case []any:
		return ev.anyTrue(v, 0)
	case *list:
		return ev.anyTrue(v.all(), 0)
	case *tuple:
		return true, nil
	}
	return false, nil
}

// anyTrue reports whether an item of an array is true. All of them are looked
// at, as an infinite number among them is an error.
func (ev *evaluation) anyTrue(items []any, depth int) (bool, *Error) {
	ev.checkDepth(depth)
	found := false
	for _, item := range items {
		ev.spend(1)
		var yes bool
		var err *Error
		if inner, ok := itemsOf(item); ok {
			yes, err = ev.anyTrue(inner, depth+1)
		} else {
			yes, err = ev.truth(item)
		}
		if err != nil {
			return false, err
		}
		found = found || yes
	}
	return found, nil
}
