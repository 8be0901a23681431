package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// ValueType is the type of a parameter or result, encoded as in the binary
// format of WebAssembly.
type ValueType byte

// The value types that cross the border between guest and host.
const (
	I32 ValueType = 0x7f
	I64 ValueType = 0x7e
	F32 ValueType = 0x7d
	F64 ValueType = 0x7c
)

func (t ValueType) String() string {
	switch t {
	case I32:
		return "i32"
	case I64:
		return "i64"
	case F32:
		return "f32"
	case F64:
		return "f64"
	case 0x7b:
		return "v128"
	case 0x70:
		return "funcref"
	case 0x6f:
		return "externref"
	}
	return fmt.Sprintf("type 0x%02x", byte(t))
}

// HostFunc is a function that guests may import.
type HostFunc struct {
	// Module and Name are what the guest imports.
	Module, Name string

	// Params and Results are the signature. One name may be offered with
	// several signatures; a guest is bound to the one it asks for.
	Params, Results []ValueType

	// Call answers the guest. stack holds the parameters on entry and takes
	// the results on return; it has room for the longer of the two. The upper
	// half of a slot that holds an i32 or f32 is garbage on entry: convert
	// with uint32 or int32.
	//
	// Call must not keep stack, in or a view of its memory, must not call back
	// into the guest, and must not block without selecting on ctx, the context
	// that was given to Func.Call. To end the guest it calls Stop. The guest has
	// paid HostCallFuel for the call; what it pays for the bytes that Call moves
	// is for Call to take, by Meter.ChargeBytes.
	Call func(ctx context.Context, in Instance, stack []uint64)
}

// Signature returns "(i32 i32) -> (i32)".
func (f HostFunc) Signature() string { return Signature(f.Params, f.Results) }

// Signature writes a function type as "(i32 i32) -> (i32)".
func Signature(params, results []ValueType) string {
	list := func(types []ValueType) string {
		names := make([]string, len(types))
		for i, t := range types {
			names[i] = t.String()
		}
		return "(" + strings.Join(names, " ") + ")"
	}
	return list(params) + " -> " + list(results)
}

// Host is an immutable set of host functions. Make one and share it: engines
// keep what they derive from it for as long as they live.
type Host struct {
	funcs []HostFunc
	index map[importKey][]int
}

type importKey struct{ module, name string }

// NewHost makes a Host of funcs. It panics if two of them have the same
// module, name and signature: that is a mistake of the program.
func NewHost(funcs ...HostFunc) *Host {
	h := &Host{funcs: slices.Clone(funcs), index: make(map[importKey][]int)}
	for i, f := range h.funcs {
		key := importKey{f.Module, f.Name}
		for _, j := range h.index[key] {
			if g := h.funcs[j]; slices.Equal(f.Params, g.Params) && slices.Equal(f.Results, g.Results) {
				panic(fmt.Sprintf("engine: host function %s.%s%s given twice", f.Module, f.Name, f.Signature()))
			}
		}
		h.index[key] = append(h.index[key], i)
	}
	return h
}

// Funcs returns the functions in the order given to NewHost. The caller must
// not change them.
func (h *Host) Funcs() []HostFunc { return h.funcs }

// Resolve returns the index into Funcs of the function that im asks for, or a
// *LinkError that names what is missing.
func (h *Host) Resolve(im Import) (int, error) {
	if im.Kind != KindFunc {
		return 0, &LinkError{Import: im, Reason: fmt.Sprintf("a %s cannot be imported, only functions", im.Kind)}
	}
	candidates := h.index[importKey{im.Module, im.Name}]
	for _, i := range candidates {
		if f := h.funcs[i]; slices.Equal(f.Params, im.Params) && slices.Equal(f.Results, im.Results) {
			return i, nil
		}
	}
	if len(candidates) > 0 {
		f := h.funcs[candidates[0]]
		return 0, &LinkError{Import: im, Reason: fmt.Sprintf("it is %s here, the module wants %s", f.Signature(), Signature(im.Params, im.Results))}
	}
	for key := range h.index {
		if key.module == im.Module {
			return 0, &LinkError{Import: im, Reason: "there is no such function in that module"}
		}
	}
	return 0, &LinkError{Import: im, Reason: "there is no such module; offered are " + strings.Join(h.modules(), ", ")}
}

func (h *Host) modules() []string {
	var names []string
	for key := range h.index {
		if !slices.Contains(names, key.module) {
			names = append(names, key.module)
		}
	}
	slices.Sort(names)
	return names
}
