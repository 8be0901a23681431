package wazero

import (
	"reflect"
	"slices"

	"github.com/tetratelabs/wazero/api"
)

// mostStack is how many bytes of stack a function keeps between two events.
const mostStack = 256 << 10

// stackOf returns the stack of a function, to ask how long it is: wazero v1.12.0
// grows it as deep as calls go, to 400 MB, never makes it smaller, and has no way
// to tell. The interpreter keeps none; then the result is not valid.
func stackOf(f api.Function) reflect.Value {
	v := reflect.ValueOf(f)
	if v.Kind() != reflect.Pointer || v.Elem().Kind() != reflect.Struct {
		return reflect.Value{}
	}
	stack := v.Elem().FieldByName("stack")
	if !stack.IsValid() || stack.Kind() != reflect.Slice {
		return reflect.Value{}
	}
	return stack
}

// dropStacks forgets functions whose calls went deep. They are made again when
// somebody asks for them.
func (in *instance) dropStacks() {
	for i, f := range in.funcs {
		if f.stack.IsValid() && f.stack.Len() > mostStack {
			in.funcs = slices.Delete(in.funcs, i, i+1)
			in.dropStacks()
			return
		}
	}
}
