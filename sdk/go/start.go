package lambent

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Start hands events to handler and never returns. Call it from main, once.
//
// handler is a [Handler] or a function of one of these forms:
//
//	func()
//	func() error
//	func(In) error
//	func() (Out, error)
//	func(In) (Out, error)
//	func(context.Context)
//	func(context.Context) error
//	func(context.Context, In) error
//	func(context.Context) (Out, error)
//	func(context.Context, In) (Out, error)
//
// In is what encoding/json decodes the event into, Out what it encodes as the
// response; without Out the response is null. As with the AWS library, a
// json.RawMessage passes as it is, a []byte is base64 in a JSON string, the
// characters <, > and & are not escaped, and an Out that is an io.Reader whose
// JSON would be {} is read to its end instead, and closed if it is an
// io.Closer.
//
// A nil handler serves the handlers given to [Register]. Anything else is
// reported as the error of initialisation, which names what is wrong.
func Start(handler any) {
	if handler == nil {
		start(nil, nil)
	}
	start(newInvoker(handler))
}

// StartFunc is [Start] for one handler whose types the compiler knows: it works
// without reflection on the function, and the compiler refuses a wrong one.
func StartFunc[In, Out any](handler func(context.Context, In) (Out, error)) {
	if handler == nil {
		start(nil, errors.New("lambent: the handler is nil"))
	}
	start(func(ctx context.Context, event []byte, write writeFunc) error {
		var in In
		if err := decodeEvent(event, &in); err != nil {
			return err
		}
		out, err := handler(ctx, in)
		if err != nil {
			return err
		}
		return writeResult(out, write)
	}, nil)
}

// Register adds a handler under a name, for programs that hold several; the
// function's Handler setting selects one. Call it before Start(nil). A name has
// 1 to 128 bytes and no white space. handler is as in [Start]; what is wrong
// with it, or with the name, is reported by Start.
func Register(name string, handler any) {
	registered.add(name, handler)
}

// registered is what the program said before Start.
var registered registry

// registry collects handlers.
type registry struct {
	mu       sync.Mutex
	handlers handlers
	errs     []error
	started  bool
}

func (r *registry) add(name string, handler any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	invoke, err := newInvoker(handler)
	switch {
	case r.started:
		err = errors.New("it comes after Start")
	case name == "" || len(name) > 128 || strings.Join(strings.Fields(name), "") != name:
		err = errors.New("a name has 1 to 128 bytes and no white space")
	case slices.Contains(r.handlers.names, name):
		err = errors.New("the name is taken")
	}
	if err != nil {
		r.errs = append(r.errs, fmt.Errorf("lambent: Register(%q): %w", name, err))
		return
	}
	r.handlers.names = append(r.handlers.names, name)
	r.handlers.invokers = append(r.handlers.invokers, invoke)
}

// seal ends registration. single is the handler given to Start, nil if none.
func (r *registry) seal(single invoker, err error) (*handlers, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.started {
		panic("lambent: Start called twice")
	}
	switch {
	case err != nil:
	case len(r.errs) > 0:
		err = errors.Join(r.errs...)
	case single == nil && len(r.handlers.names) == 0:
		err = errors.New("lambent: Start(nil) without a handler given to Register")
	case single != nil && len(r.handlers.names) > 0:
		err = fmt.Errorf("lambent: handlers were registered (%s): call Start(nil)", strings.Join(r.handlers.names, ", "))
	}
	r.started = true
	if single != nil {
		r.handlers.invokers = []invoker{single}
	}
	return &r.handlers, err
}

// handlers is what a program offers: names[i] is handled by invokers[i]; or
// there are no names and one invoker.
type handlers struct {
	names    []string
	invokers []invoker
}

// find returns the handler of that name. A single handler accepts any name.
func (h *handlers) find(name string) (invoker, error) {
	if len(h.invokers) == 1 {
		return h.invokers[0], nil
	}
	if i := slices.Index(h.names, name); i >= 0 {
		return h.invokers[i], nil
	}
	return nil, &failure{
		Type:    "Runtime.HandlerNotFound",
		Message: fmt.Sprintf("unknown handler %q; there are %s", name, strings.Join(h.names, ", ")),
	}
}

// start serves the program's handlers, or reports why that is impossible.
func start(single invoker, err error) {
	h, err := registered.seal(single, err)
	serve(h, err)
	panic("lambent: serve returned") // or main's deferred functions would run
}
