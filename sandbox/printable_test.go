package sandbox

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode"
)

// TestReportPrints makes the type of an error a log line, a command to the
// terminal, and very long.
func TestReportPrints(t *testing.T) {
	for _, hostile := range []string{"A\nREPORT", "A\x1b[2J", "A\u009b2J", "A\x7f", "A\u0085B", "A\u2028B", "A\u202eB", strings.Repeat("é", 1<<20)} {
		line := Report{RequestID: "r-1", Err: &FunctionError{Type: hostile}}.Report()
		_, shown, _ := strings.Cut(line, "Error Type: ")
		if len(shown) > maxShown+len("…") || strings.ContainsFunc(shown, func(r rune) bool { return !unicode.IsPrint(r) }) || !strings.HasPrefix(shown, hostile[:1]) {
			t.Errorf("%.20q: the REPORT line ends in %.300q", hostile, shown)
		}
	}
	if got := printable("Größe.Error"); got != "Größe.Error" {
		t.Errorf("a harmless type became %q", got)
	}
}

// TestListsAreShort names more modules than anybody reads.
func TestListsAreShort(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := range 1000 {
		if _, err := w.Create(fmt.Sprintf("\x1b[2J%0900d.wasm", i)); err != nil {
			t.Fatal(err)
		}
	}
	w.Close()
	_, err := ReadPackage(b.Bytes(), PackageLimits{})
	if err == nil || len(err.Error()) > 10_000 || strings.Contains(err.Error(), "\x1b") || !strings.HasSuffix(err.Error(), "and 980 more") {
		t.Errorf("got %.100q", err)
	}
}
