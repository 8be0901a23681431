package fault

import (
	"strings"
	"testing"
)

func TestViolations(t *testing.T) {
	one := Violation("layerName", new("a b"), Matches("[a-z]+"))
	none := Violation("role", nil, NotNull)
	hidden := HiddenViolation("environment", MostLength(4096))
	want := "3 validation errors detected: Value 'a b' at 'layerName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z]+; " +
		"Value null at 'role' failed to satisfy constraint: Member must not be null; " +
		"Value at 'environment' failed to satisfy constraint: Member must have length less than or equal to 4096"
	if err := Violated([]string{one, none, hidden}); err.Code != Validation || err.Message != want {
		t.Errorf("%s: %s, want %s", err.Code, err.Message, want)
	}
	if err := Violated(nil); err != nil {
		t.Errorf("of nothing: %v", err)
	}
	if got, want := Violates("role", nil, NotNull).Message, "1 validation error detected: "+none; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestLongValuesAreNotRepeated: a value may be as large as the request that it came with.
func TestLongValuesAreNotRepeated(t *testing.T) {
	got := Violation("description", new(strings.Repeat("x", 5<<20)), MostLength(256))
	if want := "Value '" + strings.Repeat("x", maxShown) + "…' at 'description' failed to satisfy constraint: Member must have length less than or equal to 256"; got != want {
		t.Errorf("%d bytes: %.100s…", len(got), got)
	}
}
