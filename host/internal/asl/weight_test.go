package asl_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

// TestManyLargeExpressions: a definition of a megabyte with forty thousand
// regular expressions took gigabytes.
func TestManyLargeExpressions(t *testing.T) {
	regex := `"{% $match('a', /` + strings.Repeat("a{900}", 20) + `/) %}",`
	text := `{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Output":[` + strings.Repeat(regex, 100) + `1],"End":true}}}`
	_, err := asl.Parse(text, asl.Options{})
	if err == nil || strings.Count(err.Error(), "MiB of memory") != 1 {
		t.Errorf("got %.300v, want one error about memory", err)
	}
}

// TestWeightIsNoLess: a definition takes no more than it says.
func TestWeightIsNoLess(t *testing.T) {
	for name, fields := range map[string]string{
		"template":   `"Parameters":{` + strings.Repeat(`"a.$":"$",`, 1) + `"b":[` + strings.Repeat(`{"a.$":"$"},`, 20_000) + `1]}`,
		"steps":      `"Parameters":{"a.$":"$` + strings.Repeat("[0]", 5000) + `"}`,
		"call":       `"Parameters":{"a.$":"States.Array(` + strings.Repeat("1,", 250) + `1)"}`,
		"result":     `"Result":[` + strings.Repeat("{},", 50_000) + `1]`,
		"expression": `"QueryLanguage":"JSONata","Output":"{% [` + strings.Repeat("{},", 20_000) + `1] %}"`,
		"members":    `"QueryLanguage":"JSONata","Output":[` + strings.Repeat(`"{%1%}",`, 20_000) + `1]`,
	} {
		t.Run(name, func(t *testing.T) {
			text := `{"StartAt":"A","States":{"A":{"Type":"Pass",` + fields + `,"End":true}}}`
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			definition, err := asl.Parse(text, asl.Options{})
			if err != nil {
				t.Fatal(err)
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			if kept := int64(after.HeapAlloc) - int64(before.HeapAlloc); kept > int64(definition.Weight()) {
				t.Errorf("takes %d KiB, says %d KiB", kept>>10, definition.Weight()>>10)
			}
		})
	}
}
