package sandbox

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// texts are what functions learn by name. They end up in environments, where a
// NUL cuts them, and in log lines, which a line end would forge.
type texts []struct{ field, value string }

// check refuses what does not print.
func (t texts) check() error {
	for _, text := range t {
		if !prints(text.value) {
			return fmt.Errorf("%s is %.100q; it must be one line of text that prints", text.field, text.value)
		}
	}
	return nil
}

// prints says whether text is valid and prints as a part of one line.
func prints(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' {
			return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
		}
	}
	return true
}

// check refuses what cannot be given to a function.
func (r *Request) check() error {
	err := texts{{"ID", r.ID}, {"FunctionARN", r.FunctionARN}, {"TraceID", r.TraceID}, {"Tenant", r.Tenant}, {"LogStream", r.LogStream}}.check()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRequest, err)
	}
	if err := checkJSON("ClientContext", r.ClientContext); err != nil {
		return err
	}
	return checkJSON("Identity", r.Identity)
}

func checkJSON(field string, value json.RawMessage) error {
	if len(value) > 0 && !json.Valid(value) {
		return fmt.Errorf("%w: %s is %.100q, which is not JSON", ErrRequest, field, value)
	}
	return nil
}
