package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Errors of an Identities. They come wrapped, with what was seen.
var (
	// ErrKeyExists: an access key of that id is there already.
	ErrKeyExists = errors.New("access key exists already")
	// ErrNoKey: there is no access key of that id.
	ErrNoKey = errors.New("no such access key")
	// ErrIdentityExists: a role or policy of that key is there already.
	ErrIdentityExists = errors.New("identity exists already")
	// ErrNoIdentity: there is no role or policy of that key.
	ErrNoIdentity = errors.New("no such identity")
)

// Identities is the part of a Store that knows who may do what. What is said of a
// Store's methods goes for these.
type Identities interface {
	// CreateAccessKey adds k. Errors: ErrKeyExists, ErrInvalid.
	CreateAccessKey(ctx context.Context, k AccessKey) error

	// AccessKey returns one access key. Errors: ErrNoKey.
	AccessKey(ctx context.Context, id string) (AccessKey, error)

	// DeleteAccessKey removes an access key. Errors: ErrNoKey.
	DeleteAccessKey(ctx context.Context, id string) error

	// AccessKeys lists the access keys of all accounts whose ids follow after, in the
	// byte order of ids; at most limit, which is 1 to MaxPage. Errors: ErrInvalid.
	AccessKeys(ctx context.Context, after string, limit int) ([]AccessKey, error)

	// CreateIdentity adds i. Errors: ErrIdentityExists, ErrInvalid.
	CreateIdentity(ctx context.Context, i Identity) error

	// Identity returns one role or policy. Errors: ErrNoIdentity.
	Identity(ctx context.Context, key IdentityKey) (Identity, error)

	// UpdateIdentity is to roles and policies what UpdateFunction is to functions.
	// Errors: ErrNoIdentity, ErrInvalid.
	UpdateIdentity(ctx context.Context, key IdentityKey, change func(*Identity) error) (Identity, error)

	// DeleteIdentity removes a role or policy if check, called with it in the same
	// transaction, returns nil; otherwise that error is returned. For check goes what
	// is said of UpdateFunction's change; nil allows every removal.
	// Errors: ErrNoIdentity.
	DeleteIdentity(ctx context.Context, key IdentityKey, check func(Identity) error) error

	// Identities lists the roles or policies of after's account and kind whose names
	// follow after.Name, in the byte order of names; at most limit, which is 1 to
	// MaxPage. Errors: ErrInvalid.
	Identities(ctx context.Context, after IdentityKey, limit int) ([]Identity, error)
}

// AccessKey is an access key as stored.
type AccessKey struct {
	ID      string    // 1 to 140 bytes of UTF-8 without NUL
	Account string    // the same
	Role    string    // at most 140 bytes of the same; "": the account itself
	Created time.Time // kept to the microsecond, returned in UTC
	Secret  []byte    // encrypted; at most MaxSecret bytes
}

// IdentityKey says which role or policy is meant.
type IdentityKey struct {
	Account string // 1 to 140 bytes of UTF-8 without NUL
	Kind    IdentityKind
	Name    string // 1 to 140 bytes of UTF-8 without NUL
}

func (k IdentityKey) String() string { return string(k.Kind) + " " + k.Account + ":" + k.Name }

// IdentityKind is what an Identity is.
type IdentityKind string

// The kinds of identities.
const (
	Role   IdentityKind = "role"
	Policy IdentityKind = "policy"
)

// Identity is a role or a policy as stored.
type Identity struct {
	IdentityKey
	Created       time.Time // kept to the microsecond, returned in UTC
	Configuration []byte    // what the service makes of it; at most MaxIdentity bytes
}

// Limits of access keys and identities.
const (
	MaxSecret   = 1 << 10   // bytes of a Secret
	MaxIdentity = 512 << 10 // bytes of an Identity's Configuration
)

// Check returns ErrInvalid if no store can keep k.
func (k AccessKey) Check() error {
	if err := checkText("access key's id", k.ID); err != nil {
		return err
	}
	if err := checkText("access key's account", k.Account); err != nil {
		return err
	}
	if n := len(k.Secret); n > MaxSecret {
		return fmt.Errorf("%w: access key's secret has %d bytes, allowed are %d", ErrInvalid, n, MaxSecret)
	}
	if k.Role == "" {
		return nil
	}
	return checkText("access key's role", k.Role)
}

// Check returns ErrInvalid if no store can keep i.
func (i Identity) Check() error {
	if i.Kind != Role && i.Kind != Policy {
		return fmt.Errorf("%w: identity's kind is %q, allowed are %s and %s", ErrInvalid, i.Kind, Role, Policy)
	}
	if n := len(i.Configuration); n > MaxIdentity {
		return fmt.Errorf("%w: identity's configuration has %d bytes, allowed are %d", ErrInvalid, n, MaxIdentity)
	}
	if err := checkText("identity's account", i.Account); err != nil {
		return err
	}
	return checkText("identity's name", i.Name)
}
