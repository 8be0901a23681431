package verify

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lambent-dev/lambent/sandbox"
)

// Event is a sample event. Its Name is for people: that of its file, mostly.
type Event struct {
	Name  string
	Event []byte // JSON; nothing means {}
}

// maxName is the most bytes of an Event's Name.
const maxName = 128

// Check refuses sample events that Verify would not take.
func (v *Verifier) Check(events []Event) error {
	if len(events) == 0 {
		return errNone
	}
	if n, most := len(events), v.config.Events; n > most {
		return fmt.Errorf("there are %d sample events; at most %d are allowed", n, most)
	}
	size := 0
	for i, e := range events {
		if e.Name == "" || len(e.Name) > maxName || !utf8.ValidString(e.Name) || strings.ContainsFunc(e.Name, unicode.IsControl) {
			return fmt.Errorf("sample event %d has the name %.*q; it must have 1 to %d bytes of text", i+1, maxName, e.Name, maxName)
		}
		if err := sandbox.CheckEvent(e.Event); err != nil {
			return fmt.Errorf("sample event %s: %w", e.Name, err)
		}
		size += len(e.Event)
	}
	if most := v.config.Bytes; size > most {
		return fmt.Errorf("the sample events have %d bytes together; at most %d are allowed", size, most)
	}
	return nil
}
