package driver

import (
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

// TestTurns: how many signals were applied at once depended on how many
// executions there were, each with as much memory as one signal may take.
func TestTurns(t *testing.T) {
	definition, err := asl.Parse(`{"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"W",
		"States":{"W":{"Type":"Wait","Seconds":1,"End":true}}},"End":true}}}`, asl.Options{})
	if err != nil {
		t.Fatal(err)
	}
	budget, clock := NewBudget(100, 1<<30), NewFake(time.Unix(0, 0))
	var taken []func()
	for range cap(budget.turns) {
		taken = append(taken, budget.turn())
	}
	over := make(chan asl.Status)
	go func() {
		e, err := Start(Config{Clock: clock, Budget: budget}, definition, &asl.Start{Input: "[1,2,3]"})
		if err != nil {
			t.Error(err)
			over <- asl.Failed
			return
		}
		for e.Status() == asl.Running && clock.Advance() {
		}
		over <- e.Status()
	}()
	select {
	case <-over:
		t.Error("an execution ends although all turns are taken")
	default:
	}
	for _, done := range taken {
		done()
	}
	if got := <-over; got != asl.Succeeded || len(budget.turns) != 0 {
		t.Errorf("the execution is %s, %d turns are taken", got, len(budget.turns))
	}
}
