package gateway

import (
	"context"
	"sync"

	"github.com/lambent-dev/lambent/host"
	"github.com/lambent-dev/lambent/host/internal/api"
)

// accounts are the APIs of a Host's accounts.
type accounts struct {
	host     *host.Host
	own      *api.API
	enforced bool

	mu  sync.RWMutex
	all map[string]*api.API // but for own
}

func newAccounts(h *host.Host, auth Auth) *accounts {
	a := &accounts{host: h, enforced: auth == AuthKeys}
	a.own = a.protect(api.New(h.Service(), h.Workflows()))
	return a
}

// protect says whom an API lets in.
func (a *accounts) protect(of *api.API) *api.API {
	p := api.Protection{Auth: a.host.Auth(), Enforced: a.enforced, Of: a.of}
	if a.enforced {
		p.Has = a.has
	}
	of.Protect(p)
	return of
}

// has reports whether an account has anything.
func (a *accounts) has(ctx context.Context, account string) (bool, error) {
	a.mu.RLock()
	found := a.all[account]
	a.mu.RUnlock()
	if found != nil || account == a.host.Auth().Account() {
		return true, nil
	}
	return a.host.Has(ctx, account)
}

// of returns the API of an account.
func (a *accounts) of(account string) (*api.API, error) {
	if account == a.host.Auth().Account() {
		return a.own, nil
	}
	a.mu.RLock()
	found := a.all[account]
	a.mu.RUnlock()
	if found != nil {
		return found, nil
	}
	functions, machines, err := a.host.Of(account)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.all == nil {
		a.all = map[string]*api.API{}
	}
	if a.all[account] == nil {
		a.all[account] = a.protect(api.New(functions, machines))
	}
	return a.all[account], nil
}
