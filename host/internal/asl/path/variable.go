package path

import "unicode"

// IsVariableName reports whether a text can be the name of a variable: letters,
// digits and underscores, not starting with a digit, at most 80 characters.
func IsVariableName(name string) bool {
	length := 0
	for i, r := range name {
		if !isVariableRune(r, i == 0) {
			return false
		}
		length++
	}
	return length > 0 && length <= 80
}

func isVariableRune(r rune, first bool) bool {
	if unicode.IsLetter(r) || r == '_' {
		return true
	}
	return !first && (unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Mc, r))
}
