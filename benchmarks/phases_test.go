package main

import (
	"os"
	"testing"
	"time"
)

// TestPhases measures those of the handler that is made fastest.
func TestPhases(t *testing.T) {
	module, err := os.ReadFile(sharedGuests + "/json.wasm")
	if err != nil {
		t.Fatal(err)
	}
	p, err := measurePhases(t.Context(), handler{name: "C", lambent: module}, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, took := range map[string][]time.Duration{
		"Check": p.Check, "Compile": p.Compile, "New": p.New, "Load": p.Load, "NewLoad": p.NewLoad,
		"LoadCode": p.LoadCode, "Open": p.Open, "First": p.First,
	} {
		if len(took) != phaseRuns || min(took[0], took[phaseRuns-1]) <= 0 {
			t.Errorf("%s: %v, want %d durations", name, took, phaseRuns)
		}
	}
	if len(p.Run) != phaseRuns*phaseEvents {
		t.Errorf("%d events were measured, want %d", len(p.Run), phaseRuns*phaseEvents)
	}
	for i := range p.Open {
		if p.LoadCode[i] >= p.Open[i] || p.Compile[i] >= p.New[i] {
			t.Errorf("the whole takes less than a part: %v of %v, %v of %v", p.LoadCode[i], p.Open[i], p.Compile[i], p.New[i])
		}
	}
}
