package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/sandbox"
)

// TestUnstartedSaysAtWhat: a function that starts, but fails at its warm-up event,
// did not fail at the event that it was to be given.
func TestUnstartedSaysAtWhat(t *testing.T) {
	failed := &sandbox.FunctionError{Type: "Runtime.Trap", Message: "unreachable", Payload: []byte("{}")}
	var stdout, stderr strings.Builder
	o := &output{stdout: &stdout, stderr: &stderr}
	if err := o.unstarted(&sandbox.InitError{Err: fmt.Errorf("warmup %q: %w", "warm.json", failed)}, failed); err != nil {
		t.Fatal(err)
	}
	if want := "The function did not start: warmup \"warm.json\": Runtime.Trap: unreachable\n"; stderr.String() != want || stdout.String() != "{}\n" {
		t.Errorf("%q and %q, want %q", stderr.String(), stdout.String(), want)
	}
}
