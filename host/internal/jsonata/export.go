package jsonata

// export makes a result of an evaluation a value of the package: without
// marks, without reference to the evaluation, and no larger than the limits
// allow, also when the same part is in it many times.
func (ev *evaluation) export(v any) any {
	x := exporter{ev: ev}
	return x.value(v, 0)
}

// settle completes an error that ends the evaluation. A value that is too large
// to be exported is left out.
func (ev *evaluation) settle(failure *Error) *Error {
	failure.complete()
	failure.Value = ev.exportIfSmall(failure.Value)
	return failure
}

func (ev *evaluation) exportIfSmall(v any) (exported any) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case exceeded:
			exported = Undefined
		default:
			panic(r)
		}
	}()
	return ev.export(v)
}

// share makes a value one of the package for a function of the host. It may
// still be changed by the evaluation once the function has returned.
func (ev *evaluation) share(v any) any {
	x := exporter{ev: ev, sharing: true}
	return x.value(v, 0)
}

type exporter struct {
	ev           *evaluation
	items, bytes int
	sharing      bool
}

func (x *exporter) count(items, bytes int) {
	x.items += items
	x.bytes += bytes
	if x.items > x.ev.limits.Items {
		x.ev.stop("items in the result", x.ev.limits.Items)
	}
	if x.bytes > x.ev.limits.Bytes {
		x.ev.stop("bytes in the result", x.ev.limits.Bytes)
	}
	x.ev.spend(items)
}

func (x *exporter) value(v any, depth int) any {
	x.ev.checkDepth(depth)
	switch v := v.(type) {
	case string:
		x.count(1, len(v))
		return v
	case []any:
		return x.array(v, depth)
	case *list:
		if array := x.array(v.all(), depth); array != nil {
			return array
		}
		return []any{}
	case *Object:
		return x.object(v, depth)
	case *tuple:
		o := NewObject()
		o.Set("@", x.value(v.context, depth+1))
		for i, name := range v.names {
			o.Set(name, x.value(v.values[i], depth+1))
		}
		return o
	case *Function:
		x.count(1, 0)
		return &Function{name: v.name}
	}
	x.count(1, 0)
	return v
}

// array copies an array only if an item is not what it is to be.
func (x *exporter) array(items []any, depth int) []any {
	x.count(1, 0)
	var changed []any
	for i, item := range items {
		exported := x.value(item, depth+1)
		if exported == Undefined {
			exported = nil
		}
		if changed == nil && !same(item, exported) {
			changed = append(make([]any, 0, len(items)), items[:i]...)
		}
		if changed != nil {
			changed = append(changed, exported)
		}
	}
	if changed != nil {
		return changed
	}
	return items
}

// object changes the values of an object that the evaluation has made in
// place; another it copies if a value is not what it is to be.
func (x *exporter) object(o *Object, depth int) any {
	x.count(1, 0)
	if o.own == x.ev && !x.sharing {
		o.own = nil // from here on nothing else changes it
		var missing []string
		for i := range o.members {
			m := &o.members[i]
			x.count(0, len(m.key))
			if m.deleted {
				continue
			}
			if m.value = x.value(m.value, depth+1); m.value == Undefined {
				missing = append(missing, m.key)
			}
		}
		for _, key := range missing {
			o.Delete(key)
		}
		return o
	}
	var changed *Object
	for key, value := range o.All() {
		x.count(0, len(key))
		exported := x.value(value, depth+1)
		if changed == nil && !same(value, exported) {
			changed = NewObject()
			for k, v := range o.All() {
				if k == key {
					break
				}
				changed.Set(k, v)
			}
		}
		if changed != nil && exported != Undefined {
			changed.Set(key, exported)
		}
	}
	if changed != nil {
		return changed
	}
	return o
}

// same reports whether two values are one: equal scalars, or the same array,
// object or function.
func same(a, b any) bool {
	switch a := a.(type) {
	case []any:
		b, ok := b.([]any)
		return ok && len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
	case float64:
		b, ok := b.(float64)
		return ok && (a == b || a != a && b != b)
	case nil, bool, string, *Object, *Function, *list, *tuple, UndefinedValue:
		return a == b
	}
	return false
}
