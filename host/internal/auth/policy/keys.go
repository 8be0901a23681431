package policy

// Keys are what conditions and variables may ask about a request.
type Keys interface {
	// Values returns the values of a condition key, nil if the request has none.
	// The key is in lower case: "aws:sourcearn".
	Values(key string) []string
}

// Map is Keys that are at hand. Its keys are in lower case.
type Map map[string][]string

// Values implements Keys.
func (m Map) Values(key string) []string { return m[key] }

// single returns the value of a key that has exactly one: of others, no variable
// can say which is meant.
func single(keys Keys, key string) (string, bool) {
	if keys == nil {
		return "", false
	}
	if values := keys.Values(key); len(values) == 1 {
		return values[0], true
	}
	return "", false
}
