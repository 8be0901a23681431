package function

import (
	"cmp"
	"context"
	"sync"
	"sync/atomic"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// permits bounds how many invocations run at once: of functions that have reserved
// or provisioned concurrency, and of all others in what is left then. Without any
// of these it counts nothing.
type permits struct {
	mu   sync.Mutex                 // one change of what is allotted at a time
	now  atomic.Pointer[allotments] // nil: to be read
	last *allotments                // that was read, whose counters go on; guarded by mu
}

// allotments are what is reserved and provisioned. They do not change; counters go
// from one to the next.
type allotments struct {
	of         map[string]*allotment // by function
	unreserved int                   // what the others have
	others     *counter
}

// allotment is that of one function.
type allotment struct {
	reserved    bool
	total       int // reserved, else provisioned
	onDemand    *counter
	provisioned map[string]*counter // by version
}

// counter counts what runs, up to a limit.
type counter struct{ limit, used atomic.Int64 }

func (c *counter) take() bool {
	if c.used.Add(1) <= c.limit.Load() {
		return true
	}
	c.used.Add(-1)
	return false
}

// give ends what take allowed; it is for nil counters, too.
func (c *counter) give() {
	if c != nil {
		c.used.Add(-1)
	}
}

// The reasons of throttling, as AWS names them.
const (
	reservedExceeded = "ReservedFunctionConcurrentInvocationLimitExceeded"
	accountExceeded  = "ConcurrentInvocationLimitExceeded"
)

// permit admits an invocation of a version. Who got a counter gives it back when
// the invocation is over. Errors: TooManyRequests, ServiceUnavailable.
func (s *Service) permit(ctx context.Context, name, version string) (c *counter, err error) {
	all := s.permits.now.Load()
	if all == nil {
		if all, err = s.permits.load(ctx, s); err != nil {
			return nil, err
		}
	}
	if len(all.of) == 0 {
		return nil, nil
	}
	reason := accountExceeded
	c = all.others
	if a := all.of[name]; a != nil {
		if p := a.provisioned[version]; p != nil && p.take() {
			return p, nil
		}
		if a.reserved {
			c, reason = a.onDemand, reservedExceeded
		}
	}
	if c.take() {
		return c, nil
	}
	throttled := fault.New(fault.TooManyRequests, "Rate Exceeded.")
	throttled.Reason = reason
	return nil, throttled
}

// load reads what is allotted for the first time.
func (p *permits) load(ctx context.Context, s *Service) (*allotments, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if all := p.now.Load(); all != nil {
		return all, nil
	}
	all, err := s.allotments(ctx)
	if err == nil {
		p.last = all
		p.now.Store(all)
	}
	return all, err
}

// refresh reads it anew after a change; p.mu is held. If it cannot be read, the next
// invocation does.
func (p *permits) refresh(ctx context.Context, s *Service) {
	all, err := s.allotments(context.WithoutCancel(ctx))
	if err == nil {
		p.last = all
	}
	p.now.Store(all) // nil after an error
}

// forget drops what a function had that is gone: also what is being read meanwhile,
// and may be from before.
func (p *permits) forget(ctx context.Context, s *Service, name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if all := p.now.Load(); all != nil && all.of[name] != nil {
		p.refresh(ctx, s)
	}
}

// unreserved reads what functions have that nothing is reserved for.
func (p *permits) unreserved(ctx context.Context, s *Service) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	all, err := s.allotments(ctx)
	if err != nil {
		return 0, err
	}
	return all.unreserved, nil
}

// allotments reads what is reserved and provisioned. Counters stay those that there
// are, and get the limits that were read: permits.mu is held.
func (s *Service) allotments(ctx context.Context) (*allotments, error) {
	before := s.permits.last
	if before == nil {
		before = &allotments{}
	}
	all := &allotments{of: map[string]*allotment{}, unreserved: AccountConcurrency, others: before.others}
	if all.others == nil {
		all.others = &counter{}
	}
	of := func(name string) *allotment {
		a := all.of[name]
		if a == nil {
			a = &allotment{provisioned: map[string]*counter{}}
			if old := before.of[name]; old != nil {
				a.onDemand = old.onDemand
			} else {
				a.onDemand = &counter{}
			}
			all.of[name] = a
		}
		return a
	}
	err := eachAttached(ctx, s, kindConcurrency, func(name, _ string, r *reservation) error {
		a := of(name)
		a.reserved, a.total = true, r.Reserved
		return nil
	})
	if err == nil {
		err = eachAttached(ctx, s, kindProvisioned, func(name, qualifier string, p *provision) error {
			version, err := s.versionOf(ctx, Ref{name, qualifier})
			if err != nil || version == "" {
				return err // what it was for is gone
			}
			a := of(name)
			c := &counter{}
			if old := before.of[name]; old != nil && old.provisioned[version] != nil {
				c = old.provisioned[version]
			}
			c.limit.Store(int64(p.Requested))
			a.provisioned[version] = c
			return nil
		})
	}
	if err != nil {
		return nil, err
	}
	for _, a := range all.of {
		provisioned := 0
		for _, c := range a.provisioned {
			provisioned += int(c.limit.Load())
		}
		if !a.reserved {
			a.total = provisioned
		}
		a.onDemand.limit.Store(int64(a.total - provisioned))
		all.unreserved -= a.total
	}
	all.others.limit.Store(int64(all.unreserved))
	return all, nil
}

// provisionedOf is how much is provisioned for a function.
func (all *allotments) provisionedOf(name string) (n int) {
	if a := all.of[name]; a != nil {
		for _, c := range a.provisioned {
			n += int(c.limit.Load())
		}
	}
	return n
}

// eachAttached calls each for every attachment of a kind.
func eachAttached[T any](ctx context.Context, s *Service, kind string, each func(name, qualifier string, value *T) error) error {
	for after := (store.Attachment{FunctionKey: s.key("")}); ; {
		rows, err := s.config.Store.AttachmentsOfKind(ctx, after.FunctionKey, after.Qualifier, kind, store.MaxPage)
		if err != nil {
			return s.failure(ctx, Ref{}, err)
		}
		for _, row := range rows {
			after = row
			value, err := attachment[T](row)
			if err == nil {
				err = each(row.Name, row.Qualifier, value)
			}
			if err != nil {
				return err
			}
		}
		if len(rows) < store.MaxPage {
			return nil
		}
	}
}

// versionOf returns the version that a qualifier stands for, "" if it is gone.
func (s *Service) versionOf(ctx context.Context, ref Ref) (string, error) {
	d, err := s.deployment(ctx, ref)
	if isAbsent(err) {
		return "", nil
	}
	if err != nil {
		return "", s.failure(ctx, ref, err)
	}
	return cmp.Or(d.Configuration.Version, Latest), nil
}
