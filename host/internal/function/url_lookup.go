package function

import (
	"context"
	"sync"
	"sync/atomic"
)

// urls remembers which function each URL's id names; nil after a change.
type urls struct {
	known atomic.Pointer[map[string]Ref] // stored under mu

	mu      sync.Mutex
	changes int // so that what was read before a change is not remembered
}

// forget follows a change.
func (u *urls) forget() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.changes++
	u.known.Store(nil)
}

// asOf says what is to be given to remember with what is read from now on.
func (u *urls) asOf() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.changes
}

// remember keeps what was read, unless there was a change since.
func (u *urls) remember(known *map[string]Ref, asOf int) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.changes == asOf {
		u.known.Store(known)
	}
}

// URLByID returns the URL whose host name begins with id, and what it leads to.
// Errors: ResourceNotFound.
func (s *Service) URLByID(ctx context.Context, id string) (URL, Ref, error) {
	known := s.urls.known.Load()
	if known == nil {
		asOf := s.urls.asOf()
		found := map[string]Ref{}
		err := eachAttached(ctx, s, kindURL, func(name, qualifier string, u *URL) error {
			found[u.ID] = Ref{name, qualifier}
			return nil
		})
		if err != nil {
			return URL{}, Ref{}, err
		}
		known = &found
		s.urls.remember(known, asOf)
	}
	ref, ok := (*known)[id]
	if !ok {
		return URL{}, Ref{}, errNoURL
	}
	u, err := s.URL(ctx, ref)
	if err == nil && u.ID != id {
		err = errNoURL // another one since
	}
	return u, ref, err
}
