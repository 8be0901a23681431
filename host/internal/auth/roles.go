package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// role returns a role with its documents. Errors: NoSuchEntity.
func (s *Service) role(ctx context.Context, account, name string) (*role, error) {
	key := roleKey(account, name)
	for {
		now := s.config.Now()
		r, ok, asOf := s.roles.get(key, now)
		if ok {
			return r, nil
		}
		if !roleName.MatchString(name) {
			return nil, noRole(name)
		}
		r, err := s.readRole(ctx, key)
		if errors.Is(err, errDetached) && s.roles.changed(asOf) {
			continue
		}
		if err != nil {
			return nil, failure(ctx, err)
		}
		s.roles.put(key, r, now, asOf)
		return r, nil
	}
}

// errDetached: a policy of a role is not there; since the role was read, it was detached
// and then deleted.
var errDetached = errors.New("a policy that was attached to the role is gone")

// readRole reads a role, and then the policies that are attached to it. Errors:
// NoSuchEntity, errDetached.
func (s *Service) readRole(ctx context.Context, key store.IdentityKey) (*role, error) {
	stored, err := s.config.Store.Identity(ctx, key)
	if errors.Is(err, store.ErrNoIdentity) {
		return nil, noRole(key.Name)
	} else if err != nil {
		return nil, err
	}
	r := &role{}
	if r.Role, err = decodeRole(stored); err != nil {
		return nil, err
	}
	if r.trust, err = policy.Parse([]byte(r.Trust), policy.Trust); err != nil {
		return nil, err
	}
	texts := make([]string, 0, len(r.Inline)+len(r.Attached))
	for _, text := range r.Inline {
		texts = append(texts, text)
	}
	for _, arn := range r.Attached {
		p, err := s.Policy(ctx, key.Account, arn)
		if isNotFound(err) {
			return nil, fmt.Errorf("%w: %s", errDetached, arn)
		} else if err != nil {
			return nil, err
		}
		texts = append(texts, p.Document)
	}
	for _, text := range texts {
		d, err := policy.Parse([]byte(text), policy.Identity)
		if err != nil {
			return nil, err
		}
		r.documents = append(r.documents, d)
	}
	return r, nil
}

// CreateRole adds a role; of in, ID and Created are made. Errors: Validation,
// MalformedPolicyDocument, EntityAlreadyExists, LimitExceeded.
func (s *Service) CreateRole(ctx context.Context, in Role) (Role, error) {
	if in.Path == "" {
		in.Path = "/"
	}
	if in.MaxSession == 0 {
		in.MaxSession = int(defaultSession / time.Second)
	}
	if !roleName.MatchString(in.Name) {
		return in, fault.Violates("roleName", new(clip(in.Name)), fault.Matches(nameText))
	}
	if strings.EqualFold(in.Name, Powerless) {
		return in, fault.New(InvalidInput, "The role name %s is reserved for functions that need no permissions. Choose another name.", clip(in.Name))
	}
	if err := in.check(); err != nil {
		return in, err
	}
	id, err := s.newKeyID("AROA")
	if err != nil {
		return in, failure(ctx, err)
	}
	in.ID, in.Created = id, s.now()
	s.changing.Lock()
	defer s.changing.Unlock()
	if err := s.hasRoom(ctx, in.Account, store.Role, maxRoles); err != nil {
		return in, err
	}
	text, err := json.Marshal(in.RoleSettings)
	if err != nil {
		return in, failure(ctx, err)
	}
	err = s.config.Store.CreateIdentity(ctx, store.Identity{IdentityKey: roleKey(in.Account, in.Name), Created: in.Created, Configuration: text})
	if errors.Is(err, store.ErrIdentityExists) {
		return in, fault.New(EntityAlreadyExists, "Role with name %s already exists.", in.Name)
	}
	return in, failure(ctx, err)
}

// hasRoom checks that an account may have one more of a kind.
func (s *Service) hasRoom(ctx context.Context, account string, kind store.IdentityKind, most int) error {
	n := 0
	for after := (store.IdentityKey{Account: account, Kind: kind}); ; {
		page, err := s.config.Store.Identities(ctx, after, store.MaxPage)
		if err != nil {
			return failure(ctx, err)
		}
		if n += len(page); n >= most {
			return fault.New(LimitExceeded, "Cannot exceed quota for %ss: %d.", kind, most)
		}
		if len(page) < store.MaxPage {
			return nil
		}
		after = page[len(page)-1].IdentityKey
	}
}

// Role returns a role. Errors: NoSuchEntity.
func (s *Service) Role(ctx context.Context, account, name string) (Role, error) {
	r, err := s.role(ctx, account, name)
	if err != nil {
		return Role{}, err
	}
	return r.Role, nil
}

// Roles lists the roles of an account whose names follow after, sorted by name; at
// most limit. More are there if the list is that long.
func (s *Service) Roles(ctx context.Context, account, after string, limit int) ([]Role, error) {
	page, err := s.config.Store.Identities(ctx, roleKey(account, after), min(limit, store.MaxPage))
	if err != nil {
		return nil, failure(ctx, err)
	}
	all := make([]Role, 0, len(page))
	for _, i := range page {
		r, err := decodeRole(i)
		if err != nil {
			return nil, failure(ctx, err)
		}
		all = append(all, r)
	}
	return all, nil
}

// ChangeRole lets change alter a role, but for its name and id.
// Errors: NoSuchEntity, those of change, those of CreateRole.
func (s *Service) ChangeRole(ctx context.Context, account, name string, change func(*Role) error) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	return s.changeRole(ctx, account, name, change)
}

func (s *Service) changeRole(ctx context.Context, account, name string, change func(*Role) error) error {
	defer s.roles.forget()
	_, err := s.config.Store.UpdateIdentity(ctx, roleKey(account, name), func(i *store.Identity) error {
		r, err := decodeRole(*i)
		if err != nil {
			return err
		}
		if err := change(&r); err != nil {
			return err
		}
		if err := r.check(); err != nil {
			return err
		}
		i.Configuration, err = json.Marshal(r.RoleSettings)
		return err
	})
	if errors.Is(err, store.ErrNoIdentity) {
		return noRole(name)
	}
	return failure(ctx, err)
}

// DeleteRole removes a role that has no policies. Its sessions are unknown from
// then on. Errors: NoSuchEntity, DeleteConflict.
func (s *Service) DeleteRole(ctx context.Context, account, name string) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	defer s.roles.forget()
	err := s.config.Store.DeleteIdentity(ctx, roleKey(account, name), func(i store.Identity) error {
		r, err := decodeRole(i)
		switch {
		case err != nil:
			return err
		case len(r.Attached) > 0:
			return fault.New(DeleteConflict, "Cannot delete entity, must detach all policies first.")
		case len(r.Inline) > 0:
			return fault.New(DeleteConflict, "Cannot delete entity, must delete policies first.")
		}
		return nil
	})
	if errors.Is(err, store.ErrNoIdentity) {
		return noRole(name)
	}
	return failure(ctx, err)
}
