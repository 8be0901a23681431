package driver_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/asl/driver"
)

const waits = `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":10,"End":true}}}`

func wantUsed(t *testing.T, b *driver.Budget, executions int, some bool) {
	t.Helper()
	if n, bytes := b.Used(); n != executions || (bytes > 0) != some {
		t.Errorf("%d executions take %d bytes, want %d", n, bytes, executions)
	}
}

func TestBudgetOfExecutions(t *testing.T) {
	clock, budget := driver.NewFake(midnight), driver.NewBudget(2, 1<<30)
	config := driver.Config{Clock: clock, Budget: budget}
	var running []*driver.Execution
	for range 2 {
		e, err := driver.Start(config, parse(t, waits), start("{}"))
		if err != nil {
			t.Fatal(err)
		}
		running = append(running, e)
	}
	var full *driver.BudgetError
	if _, err := driver.Start(config, parse(t, waits), start("{}")); !errors.As(err, &full) || full.What != "executions" || full.Limit != 2 {
		t.Errorf("got %v for the third execution", err)
	}
	wantUsed(t, budget, 2, true)
	running[0].Abort(nil, nil)
	e, err := driver.Start(config, parse(t, waits), start("{}"))
	if err != nil {
		t.Fatal(err)
	}
	finish(t, clock, running[1])
	finish(t, clock, e)
	wantUsed(t, budget, 0, false)
}

// TestRefusedStartsTakeNothing: what is refused leaves the budget as it was.
func TestRefusedStartsTakeNothing(t *testing.T) {
	budget := driver.NewBudget(2, 1<<20)
	if _, err := driver.Start(driver.Config{Budget: budget}, parse(t, waits), start("no JSON")); err == nil {
		t.Error("an execution starts with an input that is no JSON")
	}
	wantUsed(t, budget, 0, false)
	var full *driver.BudgetError
	if _, err := driver.Start(driver.Config{Budget: budget}, parse(t, waits), start(`"`+strings.Repeat("x", 200_000)+`"`)); !errors.As(err, &full) || full.What != "bytes" {
		t.Errorf("got %v for a large input", err)
	}
	wantUsed(t, budget, 0, false)
}

// TestBudgetOfBytes: an execution for which there is no room any more fails, and
// those it shares the budget with go on.
func TestBudgetOfBytes(t *testing.T) {
	clock, budget := driver.NewFake(midnight), driver.NewBudget(10, 4<<20)
	config := driver.Config{Clock: clock, Budget: budget}
	other, err := driver.Start(config, parse(t, waits), start("{}"))
	if err != nil {
		t.Fatal(err)
	}
	e, err := driver.Start(config, parse(t, `{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"s.$":"$.s","n.$":"States.MathRandom(0, 9999)"},"Next":"B"},
		"B":{"Type":"Choice","Choices":[{"Variable":"$.end","IsPresent":true,"Next":"C"}],"Default":"A"},"C":{"Type":"Succeed"}}}`), start(`{"s":"`+strings.Repeat("x", 50_000)+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	for e.Status() == asl.Running && clock.Advance() {
	}
	if got := outcome(e); !strings.HasPrefix(got, "FAILED ExecutionLimitExceeded The executions that run take") {
		t.Errorf("got %.200s", got)
	}
	wantUsed(t, budget, 1, true)
	finish(t, clock, other)
	if got := outcome(other); got != "SUCCEEDED {}" {
		t.Errorf("got %s", got)
	}
	wantUsed(t, budget, 0, false)
}

// TestBudgetOfMapRuns: the executions of distributed maps in distributed maps
// were bounded for each map alone. Now a map whose executions do not fit at once
// has fewer of them, and one for which not a single one fits fails.
func TestBudgetOfMapRuns(t *testing.T) {
	machine := distributed("")
	input := "[" + strings.TrimSuffix(strings.Repeat("1,", 50), ",") + "]"
	for executions, want := range map[int]string{1: "FAILED ExecutionLimitExceeded", 2: "SUCCEEDED", 7: "SUCCEEDED", 100: "SUCCEEDED"} {
		clock, budget := driver.NewFake(midnight), driver.NewBudget(executions, 1<<30)
		worker := &counting{clock: clock}
		e, err := driver.Start(driver.Config{Clock: clock, Budget: budget, Worker: worker}, parse(t, machine), start(input))
		if err != nil {
			t.Fatal(err)
		}
		finish(t, clock, e)
		if got := outcome(e); !strings.HasPrefix(got, want) {
			t.Errorf("room for %d executions: got %s, want %s", executions, got, want)
		}
		if want := min(50, executions-1); worker.most != want {
			t.Errorf("room for %d executions: %d ran at once, want %d", executions, worker.most, want)
		}
		wantUsed(t, budget, 0, false)
	}
}

// TestResultsOfMapRunsAreBounded: results that are too large together were all
// kept until the last was there.
func TestResultsOfMapRunsAreBounded(t *testing.T) {
	clock := driver.NewFake(midnight)
	worker := workerFunc(func(_ context.Context, task asl.Effect, answer func(asl.Signal)) {
		clock.At(clock.Now().Add(time.Second), func() {
			answer(asl.Signal{Kind: asl.TaskSucceeded, Output: `"` + strings.Repeat("x", 100_000) + `"`})
		})
	})
	e, err := driver.Start(driver.Config{Clock: clock, Worker: worker}, parse(t, distributed("")), start("[1,2,3,4]"))
	if err != nil {
		t.Fatal(err)
	}
	finish(t, clock, e)
	if got := outcome(e); !strings.HasPrefix(got, "FAILED States.DataLimitExceeded") {
		t.Errorf("got %.200s", got)
	}
}
