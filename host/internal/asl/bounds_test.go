package asl_test

import (
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

func TestHistoryIsBounded(t *testing.T) {
	h := begin(t, `{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"C"},"C":{"Type":"Choice","Choices":[{"Variable":"$.end","IsPresent":true,"Next":"E"}],"Default":"A"},"E":{"Type":"Succeed"}}}`, `{}`)
	// It runs in steps, so that others get their turn.
	steps := 0
	for ; h.run.Status() == asl.Running; steps++ {
		h.apply(asl.Signal{Kind: asl.TimerFired, Effect: h.only(asl.Timer).ID})
	}
	if steps < 10 {
		t.Errorf("a machine that never waits has run in %d steps", steps+1)
	}
	h.ends(asl.Failed, "States.Runtime: The execution reached the maximum number of history events (25000).")
	if n := len(h.events); n != 25_000 {
		t.Errorf("the history has %d events", n)
	}
}

func TestVariablesAreBounded(t *testing.T) {
	h := begin(t, `{"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"a.$":"$","b.$":"$"},"End":true}}}`, `"`+strings.Repeat("x", 200_000)+`"`)
	name, cause := h.run.Failure()
	if name == nil || *name != "States.Runtime" || !strings.Contains(*cause, "exceed the limit") {
		t.Errorf("the execution is %s", h.run.Status())
	}
}

func TestPayloadsAreBounded(t *testing.T) {
	for _, definition := range []string{
		`{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"a.$":"$","b.$":"$"},"End":true}}}`,
		`{"StartAt":"A","States":{"A":{"Type":"Parallel","Branches":[{"StartAt":"X","States":{"X":{"Type":"Pass","End":true}}},{"StartAt":"Y","States":{"Y":{"Type":"Pass","End":true}}}],"End":true}}}`,
		`{"StartAt":"A","QueryLanguage":"JSONata","States":{"A":{"Type":"Pass","Output":["{% $states.input %}","{% $states.input %}"],"End":true}}}`,
	} {
		h := begin(t, definition, `"`+strings.Repeat("x", 200_000)+`"`)
		if name, _ := h.run.Failure(); name == nil || *name != "States.DataLimitExceeded" {
			t.Errorf("%s: the execution is %s", definition, h.run.Status())
		}
	}
}

func TestWorkIsBounded(t *testing.T) {
	// Each expression is within its bounds, all of them are not.
	expression := `"{% $count($map([1..100000], function($i) { $i + 1 })) %}"`
	items := strings.Repeat(expression+",", 200)
	h := begin(t, `{"StartAt":"A","QueryLanguage":"JSONata","States":{"A":{"Type":"Pass","Output":[`+strings.TrimSuffix(items, ",")+`],"End":true}}}`, `{}`)
	if name, cause := h.run.Failure(); name == nil || !strings.Contains(*cause, "takes too long") {
		t.Errorf("the execution is %s", h.run.Status())
	}
	// Spread over states, they are done in turns.
	h = begin(t, `{"StartAt":"A","QueryLanguage":"JSONata","States":{
		"A":{"Type":"Pass","Output":[`+expression+`,`+expression+`],"Assign":{"n":1},"Next":"B"},
		"B":{"Type":"Pass","Output":`+expression+`,"Assign":{"n":"{% $n + 1 %}"},"Next":"C"},
		"C":{"Type":"Choice","Choices":[{"Condition":"{% $n < 30 %}","Next":"B"}],"Default":"D"},
		"D":{"Type":"Succeed"}}}`, `{}`)
	turns := 0
	for ; h.run.Status() == asl.Running; turns++ {
		h.apply(asl.Signal{Kind: asl.TimerFired, Effect: h.only(asl.Timer).ID})
	}
	if turns == 0 {
		t.Error("much work was done in one turn")
	}
	h.ends(asl.Succeeded, "100000")
}
