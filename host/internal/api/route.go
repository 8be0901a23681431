package api

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/lambent-dev/lambent/host/internal/fault"
)

// Match is an operation and the parts of the path that it takes.
type Match struct {
	Operation            *Operation
	first, second, third string // decoded; none takes more
}

// routes finds operations by what is cheap to see of a request.
type routes struct {
	shapes  map[shape][]*Operation
	invokes []invokeRoute
}

// shape is a method, the first segment of a path and how many there are: on AWS
// the first is the day on which an operation came to be.
type shape struct {
	method, first string
	segments      int
}

func newRoutes(tables ...[]Operation) routes {
	r := routes{shapes: map[shape][]*Operation{}}
	for _, table := range tables {
		for i := range table {
			o := &table[i]
			s := shapeOf(o.method, o.path)
			if o.query != "" { // the more particular one is asked first
				r.shapes[s] = append([]*Operation{o}, r.shapes[s]...)
			} else {
				r.shapes[s] = append(r.shapes[s], o)
			}
			if o.invokes() {
				r.invokes = append(r.invokes, newInvokeRoute(o))
			}
		}
	}
	return r
}

// shapeOf leaves one slash at the end of the path aside: SDKs differ in it.
func shapeOf(method, path string) shape {
	path = strings.TrimPrefix(strings.TrimSuffix(path, "/"), "/")
	first, _, _ := strings.Cut(path, "/")
	return shape{method, first, strings.Count(path, "/") + 1}
}

// Find finds the operation of a request. target is the request's target in
// origin form, as it came: "/2015-03-31/functions/NAME?Qualifier=1".
//
// Errors: UnknownOperation, InvalidParameterValue (a part of the path is not
// percent-encoded UTF-8).
func (a *API) Find(method, target string) (Match, *fault.Error) {
	path, query, _ := strings.Cut(target, "?")
	for _, o := range a.routes.shapes[shapeOf(method, path)] {
		raw, ok := o.match(path)
		if !ok || o.query != "" && !hasPair(query, o.query) {
			continue
		}
		first, err := unescape(raw[0])
		if err != nil {
			return Match{}, err
		}
		second, err := unescape(raw[1])
		if err != nil {
			return Match{}, err
		}
		third, err := unescape(raw[2])
		if err != nil {
			return Match{}, err
		}
		return Match{o, first, second, third}, nil
	}
	return Match{}, fault.New(fault.UnknownOperation, "%s %s is not an operation of AWS Lambda", method, clip(strings.ToValidUTF8(path, "\uFFFD")))
}

// match compares segment by segment and returns what stands in the places of the
// first three {parameters}.
func (o *Operation) match(path string) (parts [3]string, ok bool) {
	path = strings.TrimSuffix(path, "/")
	seen := 0
	for pattern := o.path; pattern != ""; {
		var want, got string
		want, pattern = segment(pattern)
		got, path = segment(path)
		switch {
		case !strings.HasPrefix(want, "{"):
			if got != want {
				return parts, false
			}
		case seen < len(parts):
			parts[seen] = got
			seen++
		}
	}
	return parts, path == ""
}

// segment cuts the first segment off a path that begins with a slash.
func segment(path string) (first, rest string) {
	path = strings.TrimPrefix(path, "/")
	if i := strings.IndexByte(path, '/'); i >= 0 {
		return path[:i], path[i:]
	}
	return path, ""
}

func hasPair(query, pair string) bool {
	for q := range strings.SplitSeq(query, "&") {
		if q == pair {
			return true
		}
	}
	return false
}

func unescape(s string) (string, *fault.Error) {
	if strings.IndexByte(s, '%') >= 0 {
		decoded, err := url.PathUnescape(s)
		if err != nil {
			return "", fault.New(fault.InvalidParameterValue, "%q in the path is not percent-encoded", clip(s))
		}
		s = decoded
	}
	if !utf8.ValidString(s) {
		return "", fault.New(fault.InvalidParameterValue, "%q in the path is not UTF-8", clip(s))
	}
	return s, nil
}

// parameters are those of a query string.
type parameters url.Values

func parseQuery(query string) (parameters, *fault.Error) {
	if query == "" {
		return nil, nil
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return nil, fault.New(fault.InvalidParameterValue, "the query string is not percent-encoded pairs: %q", clip(query))
	}
	for name, list := range values {
		if !utf8.ValidString(name) || !utf8.ValidString(list[0]) {
			return nil, fault.New(fault.InvalidParameterValue, "parameter %q in the query string is not UTF-8", clip(name))
		}
	}
	return parameters(values), nil
}

// get returns the first value of a parameter, nil if it was not given.
func (p parameters) get(name string) *string {
	if list := p[name]; len(list) > 0 {
		return &list[0]
	}
	return nil
}

// clip bounds what a message repeats of a request.
func clip(s string) string { return fault.Clip(s, 4096) }
