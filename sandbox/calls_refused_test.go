package sandbox_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/sandbox"
)

// TestCallErrorIsLimited: an error is an answer, too.
func TestCallErrorIsLimited(t *testing.T) {
	quote := func(_ context.Context, in []byte) ([]byte, error) {
		return nil, errors.New(strings.Repeat("\n", len(in)))
	}
	box := newBox(t, guest(t, "c/call"), sandbox.Config{Calls: sandbox.Calls{"price.lookup": quote}, Limits: sandbox.Limits{CallBytes: 151}})
	prefix := `{"errorType":"Lambent.CallFailed","errorMessage":"`
	if got, want := run(t, box, strings.Repeat("1", 49)), answer(500, prefix+strings.Repeat(`\n`, 49)+`"}`); got != want {
		t.Errorf("an error of 150 bytes: answered\n%s, want\n%s", got, want)
	}
	if got, want := run(t, box, strings.Repeat("1", 50)), `failed with an error of 152 bytes; at most 151 are allowed`; !strings.Contains(got, want) {
		t.Errorf("an error of 152 bytes: answered %s, want %s", got, want)
	}
}

// TestCallsHaveShortNames refuses what no guest could call.
func TestCallsHaveShortNames(t *testing.T) {
	call := func(context.Context, []byte) ([]byte, error) { return nil, nil }
	for n, fits := range map[int]bool{256: true, 257: false} {
		err := sandbox.Check(guest(t, "c/tiny"), sandbox.Config{Calls: sandbox.Calls{strings.Repeat("n", n): call}})
		if fits != (err == nil) || !fits && !errors.Is(err, sandbox.ErrConfig) {
			t.Errorf("a name of %d bytes: %v", n, err)
		}
	}
}
