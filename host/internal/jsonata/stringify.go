package jsonata

import (
	"math"
	"unicode/utf8"
)

// toString is what $string makes of a value that is no string: JSON as
// JavaScript writes it, with numbers of at most 15 digits and functions as
// empty strings. With an indent, the JSON has lines.
func (ev *evaluation) toString(v any, indent string) (string, *Error) {
	switch f := v.(type) {
	case *Function:
		return "", nil
	case float64:
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return "", valueError("D3001", f)
		}
	}
	w := jsonWriter{ev: ev, indent: indent, limit: ev.limits.Bytes}
	if !w.value(unwrapOuter(v), 0) && w.err == nil {
		ev.stop("bytes", ev.limits.Bytes)
	}
	if w.err != nil {
		return "", w.err
	}
	ev.makeBytes(len(w.buf))
	return string(w.buf), nil
}

// jsonWriter writes values as JavaScript's JSON.stringify does. With an
// evaluation it writes what $string gives, and uses up steps; without, the
// values in messages.
type jsonWriter struct {
	ev     *evaluation
	buf    []byte
	limit  int // of buf
	indent string
	err    *Error
}

// value writes a value. It returns false if that failed or became too long.
func (w *jsonWriter) value(v any, depth int) bool {
	if w.ev != nil {
		w.ev.spend(1)
		w.ev.checkDepth(depth)
	}
	if depth > maxNesting || len(w.buf) > w.limit {
		return false
	}
	switch v := v.(type) {
	case bool:
		if v {
			w.buf = append(w.buf, "true"...)
		} else {
			w.buf = append(w.buf, "false"...)
		}
	case float64:
		return w.number(v)
	case string:
		return w.text(v)
	case []any:
		return w.array(v, depth)
	case *list:
		if v.span != nil && w.ev == nil {
			return w.span(v.span) // without making the items
		}
		return w.array(v.all(), depth)
	case *Object:
		return w.object(v, depth)
	case *Function:
		if w.ev != nil {
			w.buf = append(w.buf, `""`...)
		} else {
			w.buf = append(w.buf, "undefined"...)
		}
	case UndefinedValue:
		w.buf = append(w.buf, "undefined"...)
	default:
		w.buf = append(w.buf, "null"...)
	}
	return true
}

// text writes a string. A long one is written in pieces, as escapes may make
// it six times as long.
func (w *jsonWriter) text(s string) bool {
	const piece = 1 << 10
	w.buf = append(w.buf, '"')
	for len(s) > 0 {
		end := min(piece, len(s))
		for end < len(s) && !utf8.RuneStart(s[end]) {
			end++
		}
		start := len(w.buf)
		w.buf = appendQuoted(w.buf, s[:end])
		w.buf = append(w.buf[:start], w.buf[start+1:len(w.buf)-1]...) // without its quotes
		if s = s[end:]; len(w.buf) > w.limit {
			return false
		}
	}
	w.buf = append(w.buf, '"')
	return true
}

func (w *jsonWriter) number(f float64) bool {
	switch {
	case math.IsNaN(f):
		w.buf = append(w.buf, "null"...)
		return true
	case math.IsInf(f, 0):
		if w.ev != nil {
			w.err = valueError("D1001", f)
			return false
		}
		w.buf = append(w.buf, "null"...)
		return true
	}
	if w.ev != nil {
		f = to15Digits(f)
	}
	w.buf = appendNumber(w.buf, f)
	return true
}

func (w *jsonWriter) line(depth int) {
	if w.indent == "" {
		return
	}
	w.buf = append(w.buf, '\n')
	for range depth {
		w.buf = append(w.buf, w.indent...)
	}
}

func (w *jsonWriter) array(items []any, depth int) bool {
	w.buf = append(w.buf, '[')
	for i, item := range items {
		if i > 0 {
			w.buf = append(w.buf, ',')
		}
		w.line(depth + 1)
		if item == Undefined {
			item = nil
		}
		if !w.value(item, depth+1) {
			return false
		}
	}
	if len(items) > 0 {
		w.line(depth)
	}
	w.buf = append(w.buf, ']')
	return true
}

func (w *jsonWriter) span(s *span) bool {
	separator := byte('[')
	for i := range s.count {
		if len(w.buf) > w.limit {
			return false
		}
		w.buf = appendNumber(append(w.buf, separator), s.first+float64(i))
		separator = ','
	}
	w.buf = append(w.buf, ']')
	return true
}

func (w *jsonWriter) object(o *Object, depth int) bool {
	w.buf = append(w.buf, '{')
	first := true
	for key, value := range o.enumerate() {
		if value == Undefined {
			continue
		}
		if _, ok := value.(*Function); ok && w.ev == nil {
			continue
		}
		if !first {
			w.buf = append(w.buf, ',')
		}
		first = false
		w.line(depth + 1)
		if !w.text(key) {
			return false
		}
		w.buf = append(w.buf, ':')
		if w.indent != "" {
			w.buf = append(w.buf, ' ')
		}
		if !w.value(value, depth+1) {
			return false
		}
	}
	if !first {
		w.line(depth)
	}
	w.buf = append(w.buf, '}')
	return true
}
