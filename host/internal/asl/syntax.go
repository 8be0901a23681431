package asl

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// syntax reports a definition that is no JSON, as AWS does: in the words of the
// parser it uses, as far as they can be foreseen.
func (b *builder) syntax(text string, err error) {
	if strings.TrimSpace(text) == "" {
		b.schema("", "Definition must be a valid JSON object")
		return
	}
	message, offset := strings.TrimPrefix(err.Error(), "jsonata: "), 0
	start := len(text) - len(strings.TrimLeft(text, " \t\r\n"))
	if word := leadingWord(text[start:]); word != "" && word != "true" && word != "false" && word != "null" {
		message = fmt.Sprintf("Unrecognized token '%s': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')", word)
		offset = start + len(word)
	}
	line := 1 + strings.Count(text[:offset], "\n")
	column := offset - strings.LastIndex(text[:offset], "\n")
	source := text
	if len(source) > 500 {
		source = strings.ToValidUTF8(text[:500], "") + fmt.Sprintf("\"[truncated %d chars]", utf8.RuneCountInString(text)-500)
	}
	location := fmt.Sprintf("[Source: (String)\"%s\"; line: %d, column: %d]", source, line, column)
	b.find(Error, codeJSON, location, "%s\n at %s", message, location)
}

func leadingWord(text string) string {
	for i, r := range text {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_' || r == '$' || i > 0 && r >= '0' && r <= '9') {
			return text[:i]
		}
	}
	return text
}
