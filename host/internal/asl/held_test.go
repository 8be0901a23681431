package asl_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

// untilItWaits starts an execution and fires the timers that are due until it waits.
func untilItWaits(t *testing.T, definition, input string) *asl.Run {
	t.Helper()
	parsed, err := asl.Parse(definition, asl.Options{})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	run := asl.NewRun(parsed)
	if _, err := run.Apply(asl.Signal{Kind: asl.Begin, At: now, Start: &asl.Start{Input: input}}); err != nil {
		t.Fatal(err)
	}
	for run.Status() == asl.Running {
		fired := false
		for _, effect := range run.Effects() {
			if effect.Kind == asl.Timer && !effect.At.After(now) {
				fired = true
				if _, err := run.Apply(asl.Signal{Kind: asl.TimerFired, Effect: effect.ID, At: now}); err != nil {
					t.Fatal(err)
				}
			}
		}
		if !fired {
			break
		}
	}
	return run
}

// TestItemsOfManyMaps: items that expressions make of nothing, of Map states in
// Map states, added up to gigabytes in one execution.
func TestItemsOfManyMaps(t *testing.T) {
	if testing.Short() {
		t.Skip("evaluates long expressions")
	}
	inner := `{"Type":"Wait","Seconds":1000,"End":true}`
	for range 4 {
		inner = `{"Type":"Map","Items":"{% [1..90000] %}","ItemProcessor":{"StartAt":"S","States":{"S":` + inner + `}},"End":true}`
	}
	for i := range 5 {
		inner = strings.Replace(inner, `"S","States":{"S"`, `"`+string(rune('a'+i))+`","States":{"`+string(rune('a'+i))+`"`, 1)
	}
	run := untilItWaits(t, `{"QueryLanguage":"JSONata","StartAt":"M","States":{"M":`+inner+`}}`, "{}")
	_, cause := run.Failure()
	if run.Status() != asl.Failed || cause == nil || !strings.Contains(*cause, "values that the execution works on") {
		t.Fatalf("the execution is %s and holds %d bytes", run.Status(), run.Held())
	}
	if run.Held() != 0 {
		t.Errorf("an execution that is over holds %d bytes", run.Held())
	}
}

// TestHeldIsLetGo: what states worked on is no longer held when they are over.
func TestHeldIsLetGo(t *testing.T) {
	for name, state := range map[string]string{
		"map":      `"Type":"Map","Items":"{% [1..1000] %}","ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","Assign":{"v":"{% $states.input %}"},"End":true}}},"Output":{},"Next":"W"`,
		"caught":   `"Type":"Map","Items":"{% [1..1000] %}","ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","Output":"{% $error('no') %}","End":true}}},"Catch":[{"ErrorEquals":["States.ALL"],"Next":"W","Output":{}}],"Next":"W"`,
		"parallel": `"Type":"Parallel","Branches":[{"StartAt":"P","States":{"P":{"Type":"Pass","Output":"{% [1..1000] %}","End":true}}},{"StartAt":"F","States":{"F":{"Type":"Succeed"}}}],"Output":{},"Next":"W"`,
	} {
		t.Run(name, func(t *testing.T) {
			run := untilItWaits(t, `{"QueryLanguage":"JSONata","StartAt":"S","States":{"S":{`+state+`},"W":{"Type":"Wait","Seconds":9,"End":true}}}`, "{}")
			if run.Status() != asl.Running || run.Held() != len("{}") {
				t.Errorf("the execution is %s and holds %d bytes, want %d", run.Status(), run.Held(), len("{}"))
			}
		})
	}
}

// TestManyVariables: of variables only the values counted, and assigning literals
// cost nothing, so that a million small ones took hundreds of megabytes.
func TestManyVariables(t *testing.T) {
	var variables strings.Builder
	for i := range 30_000 {
		fmt.Fprintf(&variables, `"v%d":1,`, i)
	}
	run := untilItWaits(t, `{"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{"StartAt":"P","States":{
		"P":{"Type":"Pass","Assign":{`+variables.String()+`"z":1},"Next":"W"},"W":{"Type":"Wait","Seconds":9,"End":true}}},"End":true}}}`,
		"["+strings.Repeat("1,", 39)+"1]")
	if run.Status() != asl.Failed {
		t.Fatalf("the execution is %s and holds %d bytes", run.Status(), run.Held())
	}
}
