package sandbox_test

import (
	"fmt"
	"testing"

	"github.com/lambent-dev/lambent/sandbox"
)

// TestTapedInstancesAreNotReused: an instance that was told the answers of a tape
// has seen another clock, and chance that whoever has the tape knows.
func TestTapedInstancesAreNotReused(t *testing.T) {
	box := newBox(t, counting(nil, nil), sandbox.Config{Manifest: sandbox.Manifest{Mode: "reuse"}})
	do := func(tape sandbox.Tape) {
		res, err := box.Do(t.Context(), sandbox.Request{Event: []byte("{}"), Tape: tape})
		if err != nil || string(res.Response) != "101" {
			t.Errorf("with a tape: %s, %v", res.Response, err)
		}
		if n, _ := box.Idle(); n != 0 {
			t.Errorf("%d instances are idle", n)
		}
	}
	tape := new(sandbox.Recorder)
	do(tape)
	do(&sandbox.Player{Answers: tape.Answers})
	for _, want := range []string{"101", "102"} {
		if got := run(t, box, "{}"); got != want {
			t.Errorf("answered %s, want %s", got, want)
		}
	}
}

// TestProgramsAreNotReused: the second event used to find the first one's stdin,
// read to its end, in a program that had returned from _start.
func TestProgramsAreNotReused(t *testing.T) {
	box := newBox(t, guest(t, "c/stdio"), sandbox.Config{Manifest: sandbox.Manifest{Mode: "reuse"}})
	if mode, why := box.Mode(); mode != sandbox.Pristine || why == nil {
		t.Errorf("mode %q, %v", mode, why)
	}
	for i := range 3 {
		if got, want := run(t, box, fmt.Sprintf("[%d]", i)), fmt.Sprintf("{\"bytes\":3,\"event\":[%d]}\n", i); got != want {
			t.Errorf("event %d: answered %q, want %q", i, got, want)
		}
	}
}
