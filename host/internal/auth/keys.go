package auth

import (
	"context"
	"encoding/base32"
	"encoding/base64"
	"errors"
	"io"
	"time"

	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// AccessKey is what somebody signs requests with.
type AccessKey struct {
	ID      string
	Account string
	Role    string // its name; "": the account itself
	Created time.Time
}

// key is an AccessKey with its secret.
type key struct {
	AccessKey
	secret string
	root   *Caller // the account itself, who comes with it; nil if it is for a role
}

// Beginnings of the ids of access keys, as on AWS: those that last, and those of
// sessions.
const (
	lastingKey = "AKIA"
	sessionKey = "ASIA"
)

// newKeyID makes an id of 20 characters, and newSecret a secret of 40.
func (s *Service) newKeyID(begin string) (string, error) {
	random := make([]byte, 10)
	_, err := io.ReadFull(s.config.Random, random)
	return begin + base32.StdEncoding.EncodeToString(random), err
}

func (s *Service) newSecret() (string, error) {
	random := make([]byte, 30)
	_, err := io.ReadFull(s.config.Random, random)
	return base64.StdEncoding.EncodeToString(random), err
}

// purpose says what the secret of a key is encrypted for.
func purpose(id string) string { return "access key " + id }

// CreateKey makes an access key for an account ("": that of the Config) or, if
// role is not empty, for that role of it, and returns its secret, which cannot be
// asked for again. Errors: InvalidParameterValue, ResourceNotFound.
func (s *Service) CreateKey(ctx context.Context, account, role string) (k AccessKey, secret string, err error) {
	if account == "" {
		account = s.config.Account
	}
	if !policy.IsAccount(account) {
		return k, "", fault.New(fault.InvalidParameterValue, "The account is %q; it must be 12 digits.", account)
	}
	if role != "" {
		if _, err := s.role(ctx, account, role); err != nil {
			return k, "", err
		}
	}
	id, err := s.newKeyID(lastingKey)
	if err == nil {
		secret, err = s.newSecret()
	}
	if err != nil {
		return k, "", failure(ctx, err)
	}
	sealed, err := s.config.Sealer.seal([]byte(secret), purpose(id))
	if err != nil {
		return k, "", failure(ctx, err)
	}
	k = AccessKey{id, account, role, s.config.Now().UTC().Truncate(time.Microsecond)}
	if err := s.config.Store.CreateAccessKey(ctx, store.AccessKey{ID: id, Account: account, Role: role, Created: k.Created, Secret: sealed}); err != nil {
		return k, "", failure(ctx, err)
	}
	return k, secret, nil
}

// Keys lists the access keys of all accounts, sorted by id.
func (s *Service) Keys(ctx context.Context) ([]AccessKey, error) {
	all := []AccessKey{}
	for after := ""; ; {
		page, err := s.config.Store.AccessKeys(ctx, after, store.MaxPage)
		if err != nil {
			return nil, failure(ctx, err)
		}
		for _, k := range page {
			all, after = append(all, AccessKey{k.ID, k.Account, k.Role, k.Created}), k.ID
		}
		if len(page) < store.MaxPage {
			return all, nil
		}
	}
}

// DeleteKey removes an access key; from then on it is unknown.
// Errors: ResourceNotFound.
func (s *Service) DeleteKey(ctx context.Context, id string) error {
	defer s.keys.forget()
	err := s.config.Store.DeleteAccessKey(ctx, id)
	if errors.Is(err, store.ErrNoKey) {
		return fault.New(fault.ResourceNotFound, "There is no access key %s.", clip(id))
	}
	return failure(ctx, err)
}

// key returns a key with its secret, nil if there is none.
func (s *Service) key(ctx context.Context, id string) (*key, error) {
	now := s.config.Now()
	k, ok, asOf := s.keys.get(id, now)
	if ok {
		return k, nil
	}
	stored, err := s.config.Store.AccessKey(ctx, id)
	if errors.Is(err, store.ErrNoKey) {
		return nil, nil // not remembered: anybody can ask for any
	}
	if err != nil {
		return nil, failure(ctx, err)
	}
	secret, err := s.config.Sealer.open(stored.Secret, purpose(id))
	if err != nil {
		return nil, &fault.Error{Code: fault.Service, Message: "The secret of access key " + id + " cannot be read; the host's log says why.", Err: err}
	}
	k = &key{AccessKey: AccessKey{stored.ID, stored.Account, stored.Role, stored.Created}, secret: string(secret)}
	if k.Role == "" {
		k.root = Root(k.Account)
		k.root.KeyID = id
	}
	s.keys.put(id, k, now, asOf)
	return k, nil
}

// clip bounds what a message repeats of a request.
func clip(s string) string { return fault.Clip(s, 200) }
