package lambent

import (
	"context"
	"errors"
	"fmt"
	"reflect"
)

// Handler is a handler that does its own decoding and encoding.
type Handler interface {
	// Invoke handles one event and returns the response. Both are JSON.
	Invoke(ctx context.Context, event []byte) ([]byte, error)
}

// writeFunc appends to the response. It does not keep p.
type writeFunc func(p []byte) error

// invoker is a handler of any form: it decodes the event, calls the handler
// and writes the response. Its error is the invocation's.
type invoker func(ctx context.Context, event []byte, write writeFunc) error

var (
	contextType = reflect.TypeFor[context.Context]()
	errorType   = reflect.TypeFor[error]()
)

// newInvoker makes an invoker of what was given to Start or Register.
func newInvoker(handler any) (invoker, error) {
	if h, ok := handler.(Handler); ok {
		return rawInvoker(h), nil
	}
	f := reflect.ValueOf(handler)
	if !f.IsValid() || f.Kind() == reflect.Func && f.IsNil() {
		return nil, errors.New("lambent: the handler is nil")
	}
	s, err := signatureOf(f.Type())
	if err != nil {
		return nil, err
	}
	return s.invoker(f), nil
}

func rawInvoker(h Handler) invoker {
	return func(ctx context.Context, event []byte, write writeFunc) error {
		out, err := h.Invoke(ctx, event)
		if err != nil {
			return err
		}
		return write(out)
	}
}

// signature is which of the forms of Start a function has.
type signature struct {
	context bool
	in      reflect.Type // nil: takes no event
	out     bool
	err     bool
}

func signatureOf(t reflect.Type) (signature, error) {
	var s signature
	if t.Kind() != reflect.Func {
		return s, fmt.Errorf("lambent: a handler of type %s: it is neither a function nor a lambent.Handler", t)
	}
	refuse := func(reason string) (signature, error) {
		return s, fmt.Errorf("lambent: a handler of type %s: %s", t, reason)
	}
	switch {
	case t.IsVariadic():
		return refuse("it takes a variable number of arguments; it may take a context.Context and one event")
	case t.NumIn() > 2:
		return refuse(fmt.Sprintf("it takes %d arguments; it may take a context.Context and one event", t.NumIn()))
	case t.NumIn() > 0:
		first := t.In(0)
		s.context = isContext(first)
		switch {
		case t.NumIn() == 2 && !s.context:
			return refuse(fmt.Sprintf("the first of its two arguments has type %s; it must be a context.Context", first))
		case t.NumIn() == 2:
			s.in = t.In(1)
		case !s.context:
			s.in = first
		}
	}
	if s.in != nil && s.in.Kind() == reflect.Interface && s.in.NumMethod() > 0 {
		return refuse(fmt.Sprintf("no event can be decoded into the interface %s", s.in))
	}
	switch n := t.NumOut(); {
	case n > 2:
		return refuse(fmt.Sprintf("it returns %d values; it may return a result and an error", n))
	case n > 0 && !t.Out(n-1).Implements(errorType):
		return refuse(fmt.Sprintf("the last value it returns has type %s; it must be an error", t.Out(n-1)))
	default:
		s.out, s.err = n == 2, n > 0
	}
	return s, nil
}

// isContext says whether t is context.Context, under whatever name.
func isContext(t reflect.Type) bool {
	return t.Kind() == reflect.Interface && t.NumMethod() > 0 && t.Implements(contextType) && contextType.Implements(t)
}

// invoker makes an invoker of f, which has the signature s.
func (s signature) invoker(f reflect.Value) invoker {
	return func(ctx context.Context, event []byte, write writeFunc) error {
		args := make([]reflect.Value, 0, 2)
		if s.context {
			args = append(args, reflect.ValueOf(ctx))
		}
		if s.in != nil {
			in := reflect.New(s.in)
			if err := decodeEvent(event, in.Interface()); err != nil {
				return err
			}
			args = append(args, in.Elem())
		}
		results := f.Call(args)
		if s.err {
			if last := results[len(results)-1]; !isNil(last) {
				return last.Interface().(error)
			}
		}
		if !s.out {
			return write([]byte("null"))
		}
		return writeResult(results[0].Interface(), write)
	}
}

// isNil says whether v is a nil error, or a nil pointer of a type that
// implements error.
func isNil(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan:
		return v.IsNil()
	}
	return false
}
