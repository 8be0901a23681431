package function

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/lambent-dev/lambent/sandbox"
)

// Roles lends functions credentials of their execution roles.
type Roles interface {
	// Enforced reports whether roles count. If not, credentials are never asked for,
	// and functions find a pair that everybody knows.
	Enforced() bool

	// Lend returns credentials of a session of a role for the function with that ARN;
	// held are those that it returned before, which it may return again. It returns
	// nil if there is no such role, or if it is not for functions; an error, if that
	// cannot be known now.
	Lend(ctx context.Context, role, function string, held *Loan) (*Loan, error)
}

// Loan is what a function acts with for a while.
type Loan struct {
	Credentials *sandbox.Credentials
	Expires     time.Time
	Held        any // of who lent it
}

// Credentials are looked at anew after checkAfter, while events go on with what is
// there, as long as that was looked at less than trustFor ago and is good for longer
// than an event may take. Else the event waits.
const (
	checkAfter = 5 * time.Second
	trustFor   = time.Minute
	longest    = 15 * time.Minute
)

// identity is what the events of one deployment act as.
type identity struct {
	role, function string // ARNs

	current  atomic.Pointer[lent]
	renewing chan struct{} // has an element while current is made
}

// lent is what was lent last, nil for nothing, and when that was found out.
type lent struct {
	loan    *Loan
	checked time.Time
}

// identity returns what the events of a deployment act as; nil for nothing.
func (s *Service) identity(c *Configuration) *identity {
	if s.config.Roles == nil || c.Role == "" {
		return nil
	}
	return &identity{role: c.Role, function: s.ARN(Ref{Name: c.Name}), renewing: make(chan struct{}, 1)}
}

// credentials returns what an event acts with, nil for nothing. It is called while
// s.invocations counts the event.
func (s *Service) credentials(ctx context.Context, as *identity) *sandbox.Credentials {
	if as == nil || !s.config.Roles.Enforced() {
		return nil
	}
	now := s.config.Now()
	l := as.current.Load()
	switch age := l.age(now); {
	case age < checkAfter:
	case age < trustFor && l.lasts(now) > longest:
		select {
		case as.renewing <- struct{}{}:
			s.loads.Go(func() {
				defer as.renewed()
				s.renew(s.life, as)
			})
		default: // somebody does it
		}
	default:
		select {
		case as.renewing <- struct{}{}:
			defer as.renewed()
		case <-ctx.Done():
			return nil
		}
		// It may have waited for long, and for somebody who did it meanwhile.
		now = s.config.Now()
		if l = as.current.Load(); l.age(now) >= checkAfter {
			s.renew(ctx, as)
			l = as.current.Load()
		}
	}
	if l.lasts(now) <= 0 {
		return nil
	}
	return l.loan.credentials()
}

func (as *identity) renewed() { <-as.renewing }

// renew asks for credentials; as.renewing has an element. If that fails, those that are
// there stay as long as they are good.
func (s *Service) renew(ctx context.Context, as *identity) {
	var held *Loan
	if l := as.current.Load(); l != nil {
		held = l.loan
	}
	loan, err := s.config.Roles.Lend(ctx, as.role, as.function, held)
	if err != nil {
		if ctx.Err() != nil {
			return
		}
		slog.Warn("lambent: the credentials of an execution role cannot be renewed", "function", as.function, "role", as.role, "error", err)
		loan = held
	}
	as.current.Store(&lent{loan, s.config.Now()})
}

// age is how long ago it was looked at.
func (l *lent) age(now time.Time) time.Duration {
	if l == nil || now.Before(l.checked) {
		return trustFor
	}
	return now.Sub(l.checked)
}

// lasts is how much longer it is good: without credentials, it is at any time.
func (l *lent) lasts(now time.Time) time.Duration {
	switch {
	case l == nil:
		return 0
	case l.loan == nil:
		return longest + 1
	}
	return l.loan.Expires.Sub(now)
}

func (l *Loan) credentials() *sandbox.Credentials {
	if l == nil {
		return nil
	}
	return l.Credentials
}

// placeholder is what functions find where roles do not count: no secret, but the
// account, which is all that such a host reads of it. SDKs want something to sign
// with. Those that are good are never in the configuration of a sandbox.
func (s *Service) placeholder(c *Configuration) *sandbox.Credentials {
	if s.config.Roles == nil || c.Role == "" || s.config.Roles.Enforced() {
		return nil
	}
	known, err := sandbox.NewCredentials(s.config.Account, "test", "test")
	if err != nil {
		return nil // an account is never empty
	}
	return known
}
