package jsonata

import "slices"

// frame holds variables. A name that it does not bind is looked up in the
// frame around it, and at last among the bindings and functions of the
// evaluation.
type frame struct {
	outer  *frame
	names  []string
	values []any
	index  map[string]int // position in names; nil while there are few
	shared bool           // names and values belong to a tuple
}

func newFrame(outer *frame) *frame { return &frame{outer: outer} }

// tupleFrame is a frame with the bindings of a tuple.
func tupleFrame(outer *frame, t *tuple) *frame {
	return &frame{outer: outer, names: t.names, values: t.values, shared: true}
}

func (f *frame) find(name string) int {
	if f.index != nil {
		if i, ok := f.index[name]; ok {
			return i
		}
		return -1
	}
	for i, n := range f.names {
		if n == name {
			return i
		}
	}
	return -1
}

func (f *frame) bind(name string, v any) {
	if f.shared {
		f.names = slices.Clone(f.names)
		f.values = slices.Clone(f.values)
		f.shared = false
	}
	if i := f.find(name); i >= 0 {
		f.values[i] = v
		return
	}
	f.names, f.values = append(f.names, name), append(f.values, v)
	switch {
	case f.index != nil:
		f.index[name] = len(f.names) - 1
	case len(f.names) >= indexedFrom:
		f.index = make(map[string]int, 2*len(f.names))
		for i, n := range f.names {
			f.index[n] = i
		}
	}
}

// freeFrames is the number of frames that a lookup passes without using up
// steps.
const freeFrames = 64

func (ev *evaluation) lookup(f *frame, name string) any {
	for passed := 1; f != nil; f = f.outer {
		if i := f.find(name); i >= 0 {
			return f.values[i]
		}
		if passed++; passed%freeFrames == 0 {
			ev.spend(freeFrames / 8)
		}
	}
	return ev.global(name)
}

// global looks a name up among what the host provides and the built-in
// functions.
func (ev *evaluation) global(name string) any {
	if fn, ok := ev.functions[name]; ok {
		return fn
	}
	if native, ok := ev.env.Functions[name]; ok {
		return ev.remember(name, hostFunction(name, native))
	}
	if v, ok := ev.env.Bindings[name]; ok {
		return v
	}
	if b := ev.natives[name]; b != nil {
		return ev.remember(name, &Function{kind: nativeFunction, name: name, native: b, called: true, token: name})
	}
	return Undefined
}

// remember keeps a function, so that it is the same value wherever the
// evaluation names it.
func (ev *evaluation) remember(name string, fn *Function) *Function {
	if ev.functions == nil {
		ev.functions = make(map[string]*Function)
	}
	ev.functions[name] = fn
	return fn
}
