package asl_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

// TestLongNamesAboveManyExpressions: each of the values below a long name once
// kept the name for itself, so that a definition of some hundred kilobytes took
// gigabytes.
func TestLongNamesAboveManyExpressions(t *testing.T) {
	name := strings.Repeat("x", 400_000)
	for what, text := range map[string]string{
		"expressions": `{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Output":{"` + name + `":[` + strings.Repeat(`"{% 1 %}",`, 40_000) + `1]},"End":true}}}`,
		"states": `{"StartAt":"A","States":{"` + name + `":{"Type":"Parallel","End":true,"Branches":[` +
			strings.Repeat(`{"StartAt":"B","States":{"B":{"Type":"Succeed"}}},`, 10_000) + `{}]}}}`,
	} {
		t.Run(what, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			asl.Validate(text, asl.Options{})
			runtime.ReadMemStats(&after)
			if took := (after.TotalAlloc - before.TotalAlloc) >> 20; took > 500 {
				t.Errorf("validating %d bytes takes %d MiB", len(text), took)
			}
		})
	}
}
