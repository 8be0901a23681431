package api

import (
	"encoding/xml"
	"strconv"
	"strings"
	"time"
)

// element is one of an answer in XML: with a text, or with elements in it.
type element struct {
	name string
	text string
	in   []element
}

func texted(name, text string) element { return element{name: name, text: text} }

func holding(name string, in ...element) element { return element{name: name, in: in} }

func numbered(name string, n int) element { return texted(name, strconv.Itoa(n)) }

func dated(name string, t time.Time) element {
	return texted(name, t.UTC().Format("2006-01-02T15:04:05Z"))
}

// listOf is a list as the query protocol has it: each in an element "member".
func listOf(name string, members []element) element {
	for i := range members {
		members[i].name = "member"
	}
	return element{name: name, in: members}
}

// append writes the element.
func (e *element) append(b *strings.Builder) {
	b.WriteString("<" + e.name + ">")
	_ = xml.EscapeText(b, []byte(e.text)) // a Builder takes everything
	for i := range e.in {
		e.in[i].append(b)
	}
	b.WriteString("</" + e.name + ">")
}
