package function

import (
	"context"
	"sync/atomic"
)

// urls remembers which function each URL's id names; nil after a change.
type urls struct {
	known   atomic.Pointer[map[string]Ref]
	changes atomic.Int64 // so that what was read before a change is not remembered
}

func (u *urls) forget() {
	u.changes.Add(1)
	u.known.Store(nil)
}

// URLByID returns the URL whose host name begins with id, and what it leads to.
// Errors: ResourceNotFound.
func (s *Service) URLByID(ctx context.Context, id string) (URL, Ref, error) {
	known := s.urls.known.Load()
	if known == nil {
		begun := s.urls.changes.Load()
		found := map[string]Ref{}
		err := eachAttached(ctx, s, kindURL, func(name, qualifier string, u *URL) error {
			found[u.ID] = Ref{name, qualifier}
			return nil
		})
		if err != nil {
			return URL{}, Ref{}, err
		}
		if known = &found; s.urls.changes.Load() == begun {
			s.urls.known.Store(known)
		}
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
