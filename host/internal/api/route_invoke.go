package api

import (
	"bytes"
	"strings"
)

// invokeRoute is the path of an operation that invokes a function: what comes
// before the function's name, and after it.
type invokeRoute struct {
	before, after []byte
	operation     *Operation
}

// invokes reports whether an operation invokes a function and waits.
func (o *Operation) invokes() bool { return o.Name == "Invoke" || o.Name == "invoke" }

func newInvokeRoute(o *Operation) invokeRoute {
	before, after, _ := strings.Cut(o.path, "{FunctionName}")
	return invokeRoute{[]byte(before), []byte(after), o}
}

// FindInvoke is Find for what nearly all requests ask for: to invoke a function by
// its plain name. It returns false if only Find can tell.
func (a *API) FindInvoke(method, target []byte) (Match, bool) {
	if string(method) != "POST" {
		return Match{}, false
	}
	for i := range a.routes.invokes {
		r := &a.routes.invokes[i]
		name, ok := bytes.CutPrefix(target, r.before)
		if !ok {
			continue
		}
		if name, ok = bytes.CutSuffix(name, r.after); ok && isWords(name) {
			return Match{Operation: r.operation, first: string(name)}, true
		}
	}
	return Match{}, false
}

// isWords reports whether b is a name with nothing in it to decode or to take
// apart.
func isWords(b []byte) bool {
	for _, c := range b {
		if !isWord(c) {
			return false
		}
	}
	return len(b) > 0
}
