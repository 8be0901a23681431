package asl_test

import (
	"testing"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/asl/payload"
)

func TestExplainJSON(t *testing.T) {
	for text, want := range map[string]string{
		`x`:                "Unrecognized token 'x': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n at [Source: (String)\"x\"; line: 1, column: 2]",
		"{\n  \"a\": nul}": "Unrecognized token 'nul': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n at [Source: (String)\"{\n  \"a\": nul}\"; line: 2, column: 11]",
		"{\n \"a\" 1}":     "JSON text has '1', want ':'\n at [Source: (String)\"{\n \"a\" 1}\"; line: 2, column: 6]",
		`[1,`:              "JSON text ends, want a value\n at [Source: (String)\"[1,\"; line: 1, column: 4]",
		`1e999`:            "JSON text has a number that is out of range\n at [Source: (String)\"1e999\"; line: 1, column: 1]",
	} {
		_, err := payload.Parse(text)
		if err == nil {
			t.Errorf("%q is taken for JSON", text)
			continue
		}
		if got := asl.ExplainJSON(text, err); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
