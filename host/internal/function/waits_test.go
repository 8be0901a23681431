package function_test

import (
	"testing"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// TestWaits has changes take a while, and so long that another one meets them.
func TestWaits(t *testing.T) {
	db := openStore(t, t.TempDir())
	s := newService(t, function.Config{Store: db, Waits: 0.1})
	active(t, s, "f", packGuest(t, "echo"))
	if got := invoke(t, s, "f", `1`); got != `1` {
		t.Errorf("it answered %s", got)
	}
	closeNow(t, s)
	s = newService(t, function.Config{Store: db, Waits: 1e6})
	change := function.UpdateConfigurationInput{Ref: function.Ref{Name: "f"}, Settings: function.Settings{Description: ptr("d")}}
	if _, err := s.UpdateConfiguration(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	_, err := s.UpdateConfiguration(t.Context(), change)
	wantFault(t, "a second change", err, fault.ResourceConflict, "An update is in progress for resource: ")
	closeNow(t, s)
	s = newService(t, function.Config{Store: db, Waits: 0.1}) // takes it up
	if c := settle(t, s, "f"); c.Update.Is != function.Successful || c.Description != "d" {
		t.Errorf("settled as %+v", c)
	}
}
