package function_test

import (
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// becomes waits for a status.
func becomes(t *testing.T, s *function.Service, of function.Ref, status string) function.Provisioned {
	t.Helper()
	for {
		p, err := s.Provisioned(t.Context(), of)
		if err != nil || p.Status == status {
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		time.Sleep(time.Millisecond)
	}
}

func TestProvisioned(t *testing.T) {
	db := openStore(t, t.TempDir())
	s := newService(t, function.Config{Store: db, ShrinkAfter: time.Millisecond, ParkAfter: time.Millisecond, DropAfter: time.Millisecond})
	ctx := t.Context()
	active(t, s, "f", packGuest(t, "echo"))
	publish(t, s, "f")
	one, live := ref("f", "1"), ref("f", "live")
	if _, err := s.CreateAlias(ctx, function.CreateAliasInput{Ref: ref("f", ""), Name: ptr("live"), Version: ptr("1")}); err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		ref     function.Ref
		n       int
		code    fault.Code
		message string
	}{
		"$LATEST":  {ref("f", "$LATEST"), 1, fault.InvalidParameterValue, "cannot be applied to unpublished function versions"},
		"version":  {ref("f", "7"), 1, fault.ResourceNotFound, "function:f:7"},
		"alias":    {ref("f", "dead"), 1, fault.ResourceNotFound, "Cannot find alias arn: "},
		"too much": {one, 901, fault.InvalidParameterValue, "decreases account's UnreservedConcurrentExecution below its minimum value of [100]."},
		"all":      {one, 1001, fault.InvalidParameterValue, "greater than account's unreserved concurrency [1000]."},
	} {
		_, err := s.PutProvisioned(ctx, c.ref, c.n)
		wantFault(t, what, err, c.code, c.message)
	}
	_, err := s.Provisioned(ctx, one)
	wantFault(t, "nothing", err, fault.ProvisionedConcurrencyConfigNotFound, "No Provisioned Concurrency Config found for this function")
	if err := s.DeleteProvisioned(ctx, one); err != nil {
		t.Errorf("to delete nothing: %v", err)
	}
	for _, latest := range []function.Ref{ref("f", "$LATEST"), ref("nobody", "$LATEST")} {
		_, err := s.Provisioned(ctx, latest)
		for what, err := range map[string]error{"get": err, "delete": s.DeleteProvisioned(ctx, latest)} {
			wantFault(t, what+" of $LATEST", err, fault.InvalidParameterValue, "The function resource provided must be an alias or a published version.")
		}
	}
	wantFault(t, "delete of no version", s.DeleteProvisioned(ctx, ref("f", "7")), fault.ResourceNotFound, "function:f:7")
	if p, err := s.PutProvisioned(ctx, one, 3); err != nil || p.Status != "IN_PROGRESS" || p.Requested != 3 || p.Available != 0 {
		t.Fatalf("%+v, %v", p, err)
	}
	if p := becomes(t, s, one, "READY"); p.Available != 3 || p.Allocated != 3 {
		t.Errorf("%+v", p)
	}
	idle := func(what string, want int) {
		t.Helper()
		if n := s.IdleInstances("f:1"); n != want {
			t.Errorf("%s: %d instances are idle, want %d", what, n, want)
		}
	}
	idle("ready", 3)
	for range 10 {
		answers(t, s, one, `1`, "1")
	}
	idle("used", 3)
	time.Sleep(20 * time.Millisecond) // functions that rest would have lost them
	idle("rested", 3)
	_, err = s.PutProvisioned(ctx, live, 1)
	wantFault(t, "by another name", err, fault.ResourceConflict, "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version")
	if u, err := s.AccountUsage(ctx); err != nil || u.Unreserved != 997 {
		t.Errorf("%+v, %v", u, err)
	}

	// It is there again after a start.
	closeNow(t, s)
	s = newService(t, function.Config{Store: db})
	becomes(t, s, one, "READY")
	idle("started", 3)
	if err := s.DeleteProvisioned(ctx, one); err != nil {
		t.Fatal(err)
	}
	_, err = s.Provisioned(ctx, one)
	wantFault(t, "deleted", err, fault.ProvisionedConcurrencyConfigNotFound, "No Provisioned Concurrency Config found for this function")
	if _, err := s.PutProvisioned(ctx, live, 2); err != nil {
		t.Fatal(err)
	}
	_, err = s.PutProvisioned(ctx, one, 1)
	wantFault(t, "by its number", err, fault.ResourceConflict, "Version is pointed by a Provisioned Concurrency alias")
	becomes(t, s, live, "READY")
	if all, _, err := s.Provisions(ctx, "f", "", 0); err != nil || len(all) != 1 || all[0].FunctionARN != s.ARN(live) {
		t.Errorf("%+v, %v", all, err)
	}
	if err := s.Delete(ctx, ref("f", "")); err != nil {
		t.Fatal(err)
	}
	if u, err := s.AccountUsage(ctx); err != nil || u.Unreserved != 1000 {
		t.Errorf("after the function went: %+v, %v", u, err)
	}
}

// TestProvisionedWeights has an alias of two versions refused: none of them is the one
// that instances would be ready of.
func TestProvisionedWeights(t *testing.T) {
	s := newService(t, function.Config{})
	active(t, s, "f", packGuest(t, "echo"))
	publish(t, s, "f")
	if _, err := s.UpdateConfiguration(t.Context(), function.UpdateConfigurationInput{Ref: ref("f", ""), Settings: function.Settings{Description: ptr("other")}}); err != nil {
		t.Fatal(err)
	}
	settle(t, s, "f")
	publish(t, s, "f")
	in := function.CreateAliasInput{Ref: ref("f", ""), Name: ptr("live"), Version: ptr("1"), Weights: map[string]float64{"2": 0.5}}
	if _, err := s.CreateAlias(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	_, err := s.PutProvisioned(t.Context(), ref("f", "live"), 1)
	wantFault(t, "two versions", err, fault.InvalidParameterValue, "Alias with weights can not be used with Provisioned Concurrency")
}

// TestProvisionedAndReserved has all that is reserved be provisioned: nothing is
// left for $LATEST.
func TestProvisionedAndReserved(t *testing.T) {
	h := newHeld(t, function.Config{}, "f")
	publish(t, h.Service, "f")
	one, latest := ref("f", "1"), ref("f", function.Latest)
	if _, err := h.PutProvisioned(t.Context(), one, 2); err != nil {
		t.Fatal(err)
	}
	wantFault(t, "less", h.PutConcurrency(t.Context(), ref("f", ""), 1), fault.InvalidParameterValue, " ReservedConcurrentExecutions  1 should not be lower than function's total provisioned concurrency [2].")
	if err := h.PutConcurrency(t.Context(), ref("f", ""), 2); err != nil {
		t.Fatal(err)
	}
	h.throttled(t, latest, reservedReached)
	h.hold(t, one, 2)
	h.throttled(t, one, reservedReached)
	h.letGo(2)
	_, err := h.PutProvisioned(t.Context(), one, 3)
	wantFault(t, "more", err, fault.InvalidParameterValue, "Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function")
	if err := h.PutConcurrency(t.Context(), ref("f", ""), 3); err != nil {
		t.Fatal(err)
	}
	h.hold(t, one, 3) // one of them is not provisioned
	h.throttled(t, latest, reservedReached)
	h.letGo(3)
}

// TestProvisionedAnew deletes a function whose instances are ready, and makes it again:
// they are ready when it has some, not because the other had.
func TestProvisionedAnew(t *testing.T) {
	s := newService(t, function.Config{})
	one := ref("f", "1")
	for range 10 {
		active(t, s, "f", packGuest(t, "echo"))
		publish(t, s, "f")
		if _, err := s.PutProvisioned(t.Context(), one, 1); err != nil {
			t.Fatal(err)
		}
		if becomes(t, s, one, "READY"); s.IdleInstances("f:1") < 1 {
			t.Fatalf("ready, with %d instances", s.IdleInstances("f:1"))
		}
		if err := s.Delete(t.Context(), ref("f", "")); err != nil {
			t.Fatal(err)
		}
	}
}
