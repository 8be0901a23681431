package driver

import (
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

// TestWhenDone: a map run that saw the end of an execution before the execution gave
// back its share of the budget found no room for the next, and failed.
func TestWhenDone(t *testing.T) {
	definition, err := asl.Parse(`{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"End":true}}}`, asl.Options{})
	if err != nil {
		t.Fatal(err)
	}
	budget := NewBudget(1, 1<<30)
	e, err := Start(Config{Clock: NewFake(time.Unix(0, 0)), Budget: budget}, definition, &asl.Start{Input: "{}"})
	if err != nil {
		t.Fatal(err)
	}
	// What drain does, as far as to where others see it.
	e.mu.Lock()
	step, over, err := e.apply(asl.Signal{Kind: asl.Abort})
	e.mu.Unlock()
	if err != nil || e.Status() != asl.Aborted {
		t.Fatalf("it is %s, %v", e.Status(), err)
	}
	called := 0
	next := func() {
		called++
		if running, _ := budget.Used(); running != 0 {
			t.Errorf("%d executions are counted", running)
		}
	}
	e.whenDone(next)
	if called != 0 {
		t.Error("called before it was over")
	}
	for _, p := range over {
		p.end()
	}
	if e.carryOut(step); called != 1 {
		t.Errorf("called %d times", called)
	}
	if e.whenDone(next); called != 2 {
		t.Errorf("called %d times when it was over", called)
	}
}
