package function_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/sandbox"
)

// lender lends credentials whose id is how many it has lent, an hour each.
type lender struct {
	now      atomic.Int64 // seconds
	enforced atomic.Bool
	asked    atomic.Int64
	gone     atomic.Bool          // there is no such role
	failing  atomic.Bool          // it cannot be known
	entered  chan<- chan struct{} // told of each call, which goes on when it closes what it is told
}

func (l *lender) time() time.Time { return time.Unix(l.now.Load(), 0) }

func (l *lender) Enforced() bool { return l.enforced.Load() }

func (l *lender) Lend(_ context.Context, role, arn string, held *function.Loan) (*function.Loan, error) {
	n := l.asked.Add(1)
	if l.entered != nil && held != nil {
		wait := make(chan struct{})
		l.entered <- wait
		<-wait
	}
	switch {
	case l.failing.Load():
		return nil, errors.New("the store does not answer")
	case l.gone.Load():
		return nil, nil
	}
	c, err := sandbox.NewCredentials(fmt.Sprint(n), role, arn)
	return &function.Loan{Credentials: c, Expires: l.time().Add(time.Hour)}, err
}

// seen is what c/credentials answers.
type seen struct{ ID, Secret, Token, Init string }

const unset = "(unset)"

var nothing = seen{unset, unset, unset, unset}

func newLending(t *testing.T) (*lender, *function.Service, func() seen) {
	l := &lender{}
	l.now.Store(1_800_000_000)
	l.enforced.Store(true)
	s := newService(t, function.Config{Roles: l, Now: l.time})
	return l, s, func() (got seen) {
		t.Helper()
		if err := json.Unmarshal([]byte(invoke(t, s, "f", "{}")), &got); err != nil {
			t.Fatal(err)
		}
		return got
	}
}

// TestCredentialsOfRole is what events find while time goes by.
func TestCredentialsOfRole(t *testing.T) {
	l, s, event := newLending(t)
	active(t, s, "f", packGuest(t, "credentials"))
	if n := l.asked.Load(); n != 0 {
		t.Errorf("%d were lent to the init phase", n)
	}
	want := seen{"1", role, "arn:aws:lambda:us-east-1:000000000000:function:f", unset}
	check := func(what string, want seen, asked int64) {
		t.Helper()
		if got, n := event(), l.asked.Load(); got != want || n != asked {
			t.Errorf("%s: %+v after %d questions, want %+v after %d", what, got, n, want, asked)
		}
	}
	check("the first event", want, 1)
	l.now.Add(4)
	check("soon", want, 1)
	l.now.Add(60)
	want.ID = "2"
	check("after a pause", want, 2)
	l.now.Add(-3600)
	want.ID = "3"
	check("the clock was put back", want, 3)

	l.failing.Store(true)
	l.now.Add(3599)
	check("the store fails", want, 4)
	l.now.Add(1)
	check("they are expired, which nobody has to ask", nothing, 4)
	l.now.Add(60)
	check("they are expired, and the store fails", nothing, 5)
	l.failing.Store(false)
	l.now.Add(60)
	want.ID = "6"
	check("the store does not fail any more", want, 6)

	l.gone.Store(true)
	l.now.Add(60)
	check("the role is gone", nothing, 7)
	check("it is still", nothing, 7)
	l.gone.Store(false)
	l.now.Add(60)
	want.ID = "8"
	check("it is there again", want, 8)

	l.enforced.Store(false)
	check("roles do not count", nothing, 8)
}

// TestCredentialsRenewedInTheBackground: an event does not wait for credentials
// while there are some.
func TestCredentialsRenewedInTheBackground(t *testing.T) {
	l, s, event := newLending(t)
	entered := make(chan chan struct{})
	l.entered = entered
	active(t, s, "f", packGuest(t, "credentials"))
	event()
	l.now.Add(5)
	for range 3 { // one of them asks, none waits
		if got := event(); got.ID != "1" {
			t.Errorf("an event found %+v", got)
		}
	}
	close(<-entered)
	for event().ID != "2" { // it has no other way to say that it is done
	}
	if n := l.asked.Load(); n != 2 {
		t.Errorf("%d questions, want 2", n)
	}
}

// TestCredentialsOfOneDeployment: another role is another deployment.
func TestCredentialsOfOneDeployment(t *testing.T) {
	_, s, event := newLending(t)
	active(t, s, "f", packGuest(t, "credentials"))
	if got := event(); got.Secret != role {
		t.Errorf("%+v", got)
	}
	const other = "arn:aws:iam::000000000000:role/other"
	if _, err := s.UpdateConfiguration(t.Context(), function.UpdateConfigurationInput{Ref: function.Ref{Name: "f"}, Settings: function.Settings{Role: ptr(other)}}); err != nil {
		t.Fatal(err)
	}
	settle(t, s, "f")
	if got := event(); got.Secret != other {
		t.Errorf("%+v", got)
	}
}

// TestPlaceholder: where roles do not count, functions find what every SDK takes,
// in the init phase, too.
func TestPlaceholder(t *testing.T) {
	l := &lender{}
	s := newService(t, function.Config{Roles: l, Account: "111111111111"})
	active(t, s, "f", packGuest(t, "credentials"))
	var got seen
	if err := json.Unmarshal([]byte(invoke(t, s, "f", "{}")), &got); err != nil {
		t.Fatal(err)
	}
	if want := (seen{"111111111111", "test", "test", "111111111111"}); got != want || l.asked.Load() != 0 {
		t.Errorf("%+v, want %+v; asked %d times", got, want, l.asked.Load())
	}
}

// TestCredentialsRenewedOnce has many events wait for credentials at once: who waited
// takes what the first of them got.
func TestCredentialsRenewedOnce(t *testing.T) {
	l, s, event := newLending(t)
	active(t, s, "f", packGuest(t, "credentials"))
	event()
	entered := make(chan chan struct{})
	l.entered = entered
	before := l.asked.Load()
	l.now.Add(int64(time.Hour.Seconds()))
	var events sync.WaitGroup
	for range 5 {
		events.Go(func() {
			if out, err := s.Invoke(t.Context(), function.InvokeInput{Ref: ref("f", ""), Event: []byte("{}")}); err != nil || out.Failed {
				t.Errorf("%+v, %v", out, err)
			}
		})
	}
	first := <-entered
	time.Sleep(50 * time.Millisecond) // for the others to wait, if they are quick
	l.now.Add(1)
	close(first)
	go func() {
		for next := range entered {
			close(next)
		}
	}()
	events.Wait()
	close(entered)
	if n := l.asked.Load() - before; n != 1 {
		t.Errorf("they were asked for %d times", n)
	}
}
