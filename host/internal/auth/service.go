package auth

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/lambent-dev/lambent/host/internal/auth/sigv4"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// Config is what a Service works with. Store, Sealer and Account are required.
type Config struct {
	Store   store.Identities
	Sealer  *Sealer
	Account string // of keys that are made without one
	Region  string // that requests must be signed for

	Now    func() time.Time // default: time.Now
	Random io.Reader        // default: crypto/rand.Reader
}

// Service is the keys, roles and policies of a store. It is safe for concurrent
// use.
type Service struct {
	config  Config
	derived sigv4.Keys
	window  sigv4.Window

	keys  memo[string, *key]
	roles memo[store.IdentityKey, *role]

	// changing is held while roles and policies change: one that is attached may
	// not go away meanwhile.
	changing sync.Mutex
}

// New makes a Service.
func New(c Config) (*Service, error) {
	if c.Store == nil || c.Sealer == nil || c.Account == "" {
		return nil, errors.New("auth: Config needs a Store, a Sealer and an Account")
	}
	c.Region = cmp.Or(c.Region, "us-east-1")
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	return &Service{config: c}, nil
}

// Account is the account of keys that are made without one.
func (s *Service) Account() string { return s.config.Account }

// failure turns an error of the store into one for callers.
func failure(ctx context.Context, err error) error {
	var known *fault.Error
	switch {
	case err == nil, errors.As(err, &known):
		return err
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, store.ErrUnavailable), errors.Is(err, store.ErrClosed):
		return &fault.Error{Code: fault.ServiceUnavailable, Message: "Access keys and roles cannot be read or written now; try again later.", Err: err}
	}
	return &fault.Error{Code: fault.Service, Message: "The host failed; its log says why.", Err: err}
}
