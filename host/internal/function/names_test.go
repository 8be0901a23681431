package function

import "testing"

// TestIsName asks it of every byte, at each place of a name.
func TestIsName(t *testing.T) {
	for c := range 256 {
		for _, name := range []string{string([]byte{byte(c)}), string([]byte{byte(c), 'a'}), string([]byte{'a', byte(c)}), string([]byte{'a', byte(c), 'a'})} {
			if got, want := isName(name), namePattern.MatchString(name); got != want {
				t.Errorf("%q: %v, by the pattern %v", name, got, want)
			}
		}
	}
	if isName("") {
		t.Error("nothing is a name")
	}
}
