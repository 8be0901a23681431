package asl

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

// syntax reports a definition that is no JSON.
func (b *builder) syntax(text string, err error) {
	if strings.TrimSpace(text) == "" {
		b.schema("", "Definition must be a valid JSON object")
		return
	}
	message, location := explainJSON(text, err)
	b.find(Error, codeJSON, location, "%s\n at %s", message, location)
}

// ExplainJSON says why a text is no JSON, as AWS does: in the words of the
// parser it uses, as far as they can be foreseen, and with the place. err is
// what payload.Parse has against the text.
func ExplainJSON(text string, err error) string {
	message, location := explainJSON(text, err)
	return message + "\n at " + location
}

func explainJSON(text string, err error) (message, location string) {
	var invalid *jsonata.SyntaxError
	if !errors.As(err, &invalid) {
		invalid = &jsonata.SyntaxError{Found: "cannot be read: " + err.Error()}
	}
	message, offset := "JSON text "+invalid.Found+invalid.Want, min(invalid.Offset, len(text))
	if word := leadingWord(text[offset:]); strings.HasSuffix(invalid.Want, " a value") && word != "" {
		message = fmt.Sprintf("Unrecognized token '%s': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')", truncate(word, 256))
		offset += len(word)
	}
	line := 1 + strings.Count(text[:offset], "\n")
	column := offset - strings.LastIndex(text[:offset], "\n")
	source := text
	if len(source) > 500 {
		source = strings.ToValidUTF8(text[:500], "") + fmt.Sprintf("\"[truncated %d chars]", utf8.RuneCountInString(text)-500)
	}
	return message, fmt.Sprintf("[Source: (String)\"%s\"; line: %d, column: %d]", source, line, column)
}

func leadingWord(text string) string {
	for i, r := range text {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_' || r == '$' || i > 0 && r >= '0' && r <= '9') {
			return text[:i]
		}
	}
	return text
}
