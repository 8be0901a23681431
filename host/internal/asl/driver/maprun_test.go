package driver_test

import (
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/asl/driver"
)

// TestMapRunsCanBeEnded: executions of a distributed map that end at once were
// started all in a row, those of maps in them too, and nothing could end the
// execution meanwhile.
func TestMapRunsCanBeEnded(t *testing.T) {
	inner := `{"Type":"Pass","End":true}`
	for _, name := range []string{"c", "b", "a"} {
		inner = `{"Type":"Map","ItemsPath":"$$.Execution.Input","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"` +
			name + `","States":{"` + name + `":` + inner + `}},"End":true}`
	}
	inner = strings.ReplaceAll(inner, `"ItemsPath":"$$.Execution.Input"`, `"Items":"{% [1..3000] %}"`)
	clock, budget := driver.NewFake(midnight), driver.NewBudget(10_000, 1<<30)
	e, err := driver.Start(driver.Config{Clock: clock, Budget: budget}, parse(t, `{"QueryLanguage":"JSONata","StartAt":"M","States":{"M":`+inner+`}}`), start("{}"))
	if err != nil {
		t.Fatal(err)
	}
	for range 50 {
		clock.Advance()
	}
	e.Abort(nil, nil)
	if e.Status() != asl.Aborted {
		t.Errorf("the execution is %s", e.Status())
	}
	for clock.Advance() {
	}
	wantUsed(t, budget, 0, false)
}
