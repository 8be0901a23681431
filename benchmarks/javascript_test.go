package main

import (
	"testing"

	"github.com/lambent-dev/lambent/sandbox"
)

// TestJavaScriptThrows has the handler throw between events that it answers.
func TestJavaScriptThrows(t *testing.T) {
	h, err := readJavaScript()
	if err != nil {
		t.Fatal(err)
	}
	for _, mode := range []sandbox.Mode{sandbox.Pristine, sandbox.Reuse, sandbox.InitEach} {
		t.Run(string(mode), func(t *testing.T) {
			c, err := loadLambent(mode, false)(t.Context(), h)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			for range 3 {
				if err := ask(t.Context(), c); err != nil {
					t.Error(err)
				}
				if got, err := c.Answer(t.Context(), []byte("null")); err == nil {
					t.Errorf("answered %q to null", got)
				}
			}
		})
	}
}
