package function

import (
	"context"

	"github.com/lambent-dev/lambent/host/internal/store"
)

// route is where an alias sends events: as targets, ready to use.
type route struct {
	main, additional string // additional is "" if main gets all
	weight           float64
}

// draw chooses a target by a random number that is at least 0 and below 1.
func (r *route) draw(random func() float64) string {
	if r.additional != "" && random() < r.weight {
		return r.additional
	}
	return r.main
}

// target finds what a Ref's events are for, without a look at the store unless an
// alias is used for the first time since it changed.
func (s *Service) target(ctx context.Context, ref Ref) (string, error) {
	if !isName(ref.Name) {
		return "", store.ErrNotFound
	}
	if ref.Qualifier == Latest || ref.Qualifier == "" {
		return ref.Name, nil
	}
	if isNumber(ref.Qualifier) {
		if _, ok := parseVersion(ref.Qualifier); !ok {
			return "", store.ErrNoVersion
		}
		return ref.Name + ":" + ref.Qualifier, nil
	}
	if !isAlias(ref.Qualifier) {
		return "", store.ErrNoAlias
	}
	r, err := s.routes.get(ctx, ref, func() (route, error) {
		row, err := s.config.Store.Alias(s.life, s.key(ref.Name), ref.Qualifier)
		if err != nil {
			return route{}, err
		}
		a, err := decodeAlias(row)
		if err != nil {
			return route{}, err
		}
		r := route{main: targetOf(ref.Name, row.Version), weight: a.Weight}
		if row.Additional != 0 {
			r.additional = targetOf(ref.Name, row.Additional)
		}
		return r, nil
	})
	if err != nil {
		return "", err
	}
	return r.draw(s.config.Random), nil
}

// forget has nothing that was read of a function answer any more; doubt says that it
// may be what it was.
func (s *Service) forget(function string, doubt bool) {
	s.routes.forgetAll(function)
	s.policies.forgetAll(function)
	s.live.forget(function, doubt)
}
