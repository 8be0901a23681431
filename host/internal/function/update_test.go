package function_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// Events that tell which of two guests answered.
const (
	greetEvent = `{"name":"Ada","n":41}`
	greeting   = `{"message":"Hello, Ada!","n":42}` // of json; echo answers the event
)

func updateCode(t testing.TB, s *function.Service, name string, zip []byte) function.Configuration {
	t.Helper()
	c, err := s.UpdateCode(t.Context(), function.UpdateCodeInput{Ref: function.Ref{Name: name}, Zip: zip})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestUpdateWaitsForTheNew holds an update: until it is ready the old code
// answers, nothing else may change, and everything is described as new. If it
// cannot become ready everything is as it was.
func TestUpdateWaitsForTheNew(t *testing.T) {
	g := newGate()
	s := newService(t, function.Config{Compile: g.compile})
	ref := function.Ref{Name: "f"}
	create(t, s, "f", packGuest(t, "echo"))
	g.pass(t, nil)
	old := settle(t, s, "f")

	for _, verdict := range []error{&function.CompileError{Err: errors.New("too clever by half")}, nil} {
		before, err := s.Configuration(t.Context(), ref)
		if err != nil {
			t.Fatal(err)
		}
		updated := updateCode(t, s, "f", packGuest(t, "json"))
		g.held()
		if got := invoke(t, s, "f", greetEvent); got != greetEvent {
			t.Errorf("while the update was under way: %s", got)
		}
		if c, err := s.Configuration(t.Context(), ref); err != nil || c.CodeSHA256 == old.CodeSHA256 || c.Update.Is != function.InProgress || c.State.Is != function.Active || c.RevisionID != updated.RevisionID {
			t.Errorf("while the update was under way: %+v, %v", c, err)
		}
		_, err = s.UpdateCode(t.Context(), function.UpdateCodeInput{Ref: ref, Zip: packGuest(t, "echo")})
		wantFault(t, "a second update", err, fault.ResourceConflict, "An update is in progress for resource: "+s.ARN(ref))
		_, err = s.UpdateConfiguration(t.Context(), function.UpdateConfigurationInput{Ref: ref})
		wantFault(t, "a second update", err, fault.ResourceConflict, "An update is in progress for resource: "+s.ARN(ref))

		g.pass(t, verdict)
		now := settle(t, s, "f")
		if now.RevisionID == updated.RevisionID || now.RevisionID == before.RevisionID {
			t.Error("the revision did not change as the update settled")
		}
		if verdict == nil {
			if now.CodeSHA256 != updated.CodeSHA256 || now.Update != (function.Status{Is: "Successful"}) {
				t.Errorf("after the update: %+v", now)
			}
			if got := invoke(t, s, "f", greetEvent); got != greeting {
				t.Errorf("after the update: %s", got)
			}
			continue
		}
		if now.CodeSHA256 != old.CodeSHA256 || now.State.Is != function.Active || now.Update != (function.Status{Is: "Failed", Reason: "too clever by half", Code: "InvalidZipFileException"}) {
			t.Errorf("after the update that failed: %+v", now)
		}
		if got := invoke(t, s, "f", greetEvent); got != greetEvent {
			t.Errorf("after the update that failed: %s", got)
		}
	}
}

// TestRevision updates with the revision that is there, and with another.
func TestRevision(t *testing.T) {
	s := newService(t, function.Config{})
	c := active(t, s, "f", packGuest(t, "echo"))
	ref := function.Ref{Name: "f"}
	const message = "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id"
	for _, dry := range []bool{true, false} {
		_, err := s.UpdateCode(t.Context(), function.UpdateCodeInput{Ref: ref, Zip: packGuest(t, "json"), RevisionID: "other", DryRun: dry})
		wantFault(t, "update of code", err, fault.PreconditionFailed, message)
	}
	_, err := s.UpdateConfiguration(t.Context(), function.UpdateConfigurationInput{Ref: ref, RevisionID: "other"})
	wantFault(t, "update of configuration", err, fault.PreconditionFailed, message)

	would, err := s.UpdateCode(t.Context(), function.UpdateCodeInput{Ref: ref, Zip: packGuest(t, "json"), RevisionID: c.RevisionID, DryRun: true})
	if err != nil || would.CodeSHA256 == c.CodeSHA256 || would.CodeSize == c.CodeSize {
		t.Errorf("dry run: %+v, %v", would, err)
	}
	if now := settle(t, s, "f"); now.CodeSHA256 != c.CodeSHA256 || now.RevisionID != c.RevisionID {
		t.Errorf("the dry run changed something: %+v", now)
	}
	if _, err := s.UpdateConfiguration(t.Context(), function.UpdateConfigurationInput{Ref: ref, RevisionID: c.RevisionID, Settings: function.Settings{Timeout: ptr(9)}}); err != nil {
		t.Error(err)
	}
	if now := settle(t, s, "f"); now.Timeout != 9 || !now.LastModified.After(c.LastModified) {
		t.Errorf("after the update: %+v", now)
	}
}

// TestPending invokes and changes a function that is not ready.
func TestPending(t *testing.T) {
	g := newGate()
	s := newService(t, function.Config{Compile: g.compile, Patience: time.Millisecond})
	create(t, s, "f", packGuest(t, "echo"))
	g.held()
	_, err := s.Invoke(t.Context(), function.InvokeInput{Ref: function.Ref{Name: "f"}})
	const message = "The operation cannot be performed at this time. The function is currently in the following state: Pending"
	wantFault(t, "an invocation out of patience", err, fault.ResourceConflict, message)
	_, err = s.UpdateCode(t.Context(), function.UpdateCodeInput{Ref: function.Ref{Name: "f"}, Zip: packGuest(t, "json")})
	wantFault(t, "an update", err, fault.ResourceConflict, message)

	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("gone home"))
	if _, err := s.Invoke(ctx, function.InvokeInput{Ref: function.Ref{Name: "f"}}); err == nil || err.Error() != "gone home" {
		t.Errorf("an invocation whose caller gave up: %v", err)
	}
	g.pass(t, nil)
	settle(t, s, "f")
	if got := invoke(t, s, "f", `1`); got != `1` {
		t.Errorf("it answered %s", got)
	}
}

// TestDeleteWhileDeploying deletes a function whose deployment is held, and makes
// another of that name: what was held never answers.
func TestDeleteWhileDeploying(t *testing.T) {
	g := newGate()
	s := newService(t, function.Config{Compile: g.compileOn, Compilers: 2})
	ref := function.Ref{Name: "f"}
	create(t, s, "f", packGuest(t, "echo"))
	g.held()
	if err := s.Delete(t.Context(), ref); err != nil {
		t.Fatal(err)
	}
	_, err := s.Invoke(t.Context(), function.InvokeInput{Ref: ref})
	wantFault(t, "invoking what was deleted", err, fault.ResourceNotFound, "function:f:$LATEST")

	create(t, s, "f", packGuest(t, "json"))
	g.held()
	g.verdict <- nil // both pass, in whatever order
	g.verdict <- nil
	if c := settle(t, s, "f"); c.State.Is != function.Active {
		t.Fatalf("%+v", c)
	}
	if got := invoke(t, s, "f", greetEvent); got != greeting {
		t.Errorf("what was deleted answered: %s", got)
	}
	if err := s.Delete(t.Context(), ref); err != nil {
		t.Fatal(err)
	}
	wantFault(t, "deleting it again", s.Delete(t.Context(), ref), fault.ResourceNotFound, "Function not found: "+s.ARN(ref))
}

// TestDeletedNeverAnswers lets a deployment become ready after its function was
// deleted. Whatever it still asks of the store, nobody gets an answer of it.
func TestDeletedNeverAnswers(t *testing.T) {
	g := newGate()
	watched := &shaky{Store: openStore(t, t.TempDir())}
	var s *function.Service
	var deleted atomic.Bool
	ref := function.Ref{Name: "f"}
	watched.before = func(method string) {
		if deleted.Load() && method == "ChangeFunction" {
			_, err := s.Invoke(t.Context(), function.InvokeInput{Ref: ref})
			wantFault(t, "before the deployment is settled", err, fault.ResourceNotFound, "function:f:$LATEST")
		}
	}
	s = newService(t, function.Config{Store: watched, Compile: g.compileOn, Deployments: 1})
	create(t, s, "f", packGuest(t, "echo"))
	g.held()
	if err := s.Delete(t.Context(), ref); err != nil {
		t.Fatal(err)
	}
	deleted.Store(true)
	g.pass(t, nil)
	for { // until that deployment is over
		_, err := s.Create(t.Context(), function.CreateInput{Name: "g", Zip: packGuest(t, "echo"), Settings: settings()})
		if err == nil {
			break
		}
		wantFault(t, "the next deployment", err, fault.TooManyRequests, "")
		time.Sleep(time.Millisecond)
	}
	g.pass(t, nil)
	settle(t, s, "g") // or closing would wait for it
	_, err := s.Invoke(t.Context(), function.InvokeInput{Ref: ref})
	wantFault(t, "afterwards", err, fault.ResourceNotFound, "function:f:$LATEST")
}

// TestInterrupted closes a Service in the middle of a create and an update. The
// next one finishes both; meanwhile the old code of the update answers.
func TestInterrupted(t *testing.T) {
	dir := t.TempDir()
	g := newGate()
	first := openStore(t, dir)
	s := newService(t, function.Config{Store: first, Compile: g.compile})
	create(t, s, "old", packGuest(t, "echo"))
	g.pass(t, nil)
	settle(t, s, "old")
	updateCode(t, s, "old", packGuest(t, "json"))
	create(t, s, "new", packGuest(t, "echo"))
	g.held()
	closeNow(t, s)
	_, err := s.Create(t.Context(), function.CreateInput{Name: "late", Zip: packGuest(t, "echo"), Settings: settings()})
	wantFault(t, "after Close", err, fault.ServiceUnavailable, "shutting down")
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}

	s = newService(t, function.Config{Store: openStore(t, dir), Compile: g.compile})
	g.held()
	if got := invoke(t, s, "old", greetEvent); got != greetEvent {
		t.Errorf("before the update was resumed it answered %s", got)
	}
	g.verdict <- nil
	g.pass(t, nil)
	for _, name := range []string{"old", "new"} {
		if c := settle(t, s, name); c.State.Is != function.Active || c.Update.Is != function.Successful {
			t.Errorf("%s was not resumed: %+v", name, c)
		}
	}
	if got := invoke(t, s, "old", greetEvent); got != greeting {
		t.Errorf("after the update was resumed it answered %s", got)
	}
	if got := invoke(t, s, "new", greetEvent); got != greetEvent {
		t.Errorf("what was created answered %s", got)
	}
}

// TestTooManyDeployments fills the queue.
func TestTooManyDeployments(t *testing.T) {
	g := newGate()
	s := newService(t, function.Config{Compile: g.compile, Deployments: 2, Compilers: 1})
	create(t, s, "a", packGuest(t, "echo"))
	create(t, s, "b", packGuest(t, "echo"))
	in := function.CreateInput{Name: "c", Zip: packGuest(t, "echo"), Settings: settings()}
	_, err := s.Create(t.Context(), in)
	wantFault(t, "a third", err, fault.TooManyRequests, "Rate Exceeded.")
	if _, err := s.Get(t.Context(), function.Ref{Name: "c"}); err == nil {
		t.Error("what was refused is there")
	}
	g.pass(t, nil)
	settle(t, s, "a")
	for { // the place is free a moment after a is settled
		_, err := s.Create(t.Context(), in)
		if err == nil {
			break
		}
		wantFault(t, "a third", err, fault.TooManyRequests, "Rate Exceeded.")
		time.Sleep(time.Millisecond)
	}
}

// TestNoOldAnswers updates code and configuration while many invoke, other
// functions push it out of the few places there are, and nobody waits for
// anything but the update: whoever begins after it has settled gets the new.
func TestNoOldAnswers(t *testing.T) {
	s := newService(t, function.Config{Sandboxes: 1})
	active(t, s, "f", packGuest(t, "context"))
	active(t, s, "other", packGuest(t, "echo"))
	stop := make(chan struct{})
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() { // pushes f out
			for {
				select {
				case <-stop:
					return
				default:
					invoke(t, s, "other", `1`)
				}
			}
		})
		all.Go(func() { // keeps f loading and loaded
			for {
				select {
				case <-stop:
					return
				default:
					invoke(t, s, "f", `""`)
				}
			}
		})
	}
	handlers := []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p"}
	if testing.Short() {
		handlers = handlers[:4]
	}
	for _, handler := range handlers {
		if _, err := s.UpdateConfiguration(t.Context(), function.UpdateConfigurationInput{Ref: function.Ref{Name: "f"}, Settings: function.Settings{Handler: &handler}}); err != nil {
			t.Error(err)
			break
		}
		settle(t, s, "f")
		var now sync.WaitGroup
		for range 4 {
			now.Go(func() {
				if got, want := invoke(t, s, "f", `""`), `"handler":"`+handler+`"`; !strings.Contains(got, want) {
					t.Errorf("after the update: %s, want %s in it", got, want)
				}
			})
		}
		now.Wait()
	}
	close(stop)
	all.Wait()
}
