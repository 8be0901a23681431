package auth

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// Role is a role of an account.
type Role struct {
	Account, Name string
	Created       time.Time
	RoleSettings
}

// RoleSettings are what is kept of a role beside its name.
type RoleSettings struct {
	ID          string // AROA…: another for each role that ever had the name
	Path        string // "/", or "/a/b/"
	Description string
	Trust       string            // who may assume it: a policy
	MaxSession  int               // seconds
	Inline      map[string]string // policies, by name
	Attached    []string          // ARNs of policies, in the order in which they were attached
	Tags        map[string]string
}

// ARN is the role's name everywhere.
func (r *Role) ARN() string { return "arn:aws:iam::" + r.Account + ":role" + r.Path + r.Name }

// role is a Role with its documents, read.
type role struct {
	Role
	trust     *policy.Document
	documents []*policy.Document
}

func (r *role) arn() string { return r.ARN() }

// tag is the value of a condition key that asks for a tag.
func (r *role) tag(key, prefix string) []string {
	name, ok := strings.CutPrefix(key, prefix)
	if !ok {
		return nil
	}
	for k, v := range r.Tags {
		if strings.EqualFold(k, name) {
			return []string{v}
		}
	}
	return nil
}

// Limits, as on AWS where it has them.
const (
	maxRoles        = 1000 // of an account
	maxInline       = 10240
	maxManaged      = 6144
	maxAttached     = 20
	maxTrust        = 4096
	maxInlineNumber = 50
	maxTags         = 50
	maxPath         = 512
)

// Powerless is the name of the role that Lambent's own tools give to functions that
// need no permissions. It cannot be made: whoever may create functions may give it to
// them without iam:PassRole.
const Powerless = "lambent"

var (
	roleName   = regexp.MustCompile(`^[\w+=,.@-]{1,64}$`)
	policyName = regexp.MustCompile(`^[\w+=,.@-]{1,128}$`)
	pathText   = regexp.MustCompile(`^/([!-~]*/)?$`)
)

// splitRole takes the ARN of a role apart.
func splitRole(arn string) (account, name string, ok bool) {
	a, err := policy.ParseARN(arn)
	if err != nil || a.Service != "iam" || a.Region != "" || !policy.IsAccount(a.Account) {
		return "", "", false
	}
	path, ok := strings.CutPrefix(a.Resource, "role/")
	name = path[strings.LastIndexByte(path, '/')+1:]
	return a.Account, name, ok && roleName.MatchString(name)
}

func roleKey(account, name string) store.IdentityKey {
	return store.IdentityKey{Account: account, Kind: store.Role, Name: name}
}

// role returns a role with its documents. Errors: NoSuchEntity.
func (s *Service) role(ctx context.Context, account, name string) (*role, error) {
	key, now := roleKey(account, name), s.config.Now()
	r, ok, asOf := s.roles.get(key, now)
	if ok {
		return r, nil
	}
	if !roleName.MatchString(name) {
		return nil, noRole(name)
	}
	stored, err := s.config.Store.Identity(ctx, key)
	if errors.Is(err, store.ErrNoIdentity) {
		return nil, noRole(name)
	} else if err != nil {
		return nil, failure(ctx, err)
	}
	r = &role{}
	if r.Role, err = decodeRole(stored); err != nil {
		return nil, failure(ctx, err)
	}
	if r.trust, err = policy.Parse([]byte(r.Trust), policy.Trust); err != nil {
		return nil, failure(ctx, err)
	}
	texts := make([]string, 0, len(r.Inline)+len(r.Attached))
	for _, text := range r.Inline {
		texts = append(texts, text)
	}
	for _, arn := range r.Attached {
		p, err := s.Policy(ctx, account, arn)
		if err != nil {
			return nil, err
		}
		texts = append(texts, p.Document)
	}
	for _, text := range texts {
		d, err := policy.Parse([]byte(text), policy.Identity)
		if err != nil {
			return nil, failure(ctx, err)
		}
		r.documents = append(r.documents, d)
	}
	s.roles.put(key, r, now, asOf)
	return r, nil
}

func decodeRole(i store.Identity) (Role, error) {
	r := Role{Account: i.Account, Name: i.Name, Created: i.Created}
	err := json.Unmarshal(i.Configuration, &r.RoleSettings)
	return r, err
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
		return in, fault.New(fault.Validation, "1 validation error detected: Value '%s' at 'roleName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]+", clip(in.Name))
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

// check checks what a role says of itself.
func (r *Role) check() error {
	if len(r.Path) > maxPath || !pathText.MatchString(r.Path) {
		return fault.New(fault.Validation, "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.")
	}
	if len(r.Description) > 1000 {
		return fault.New(fault.Validation, "1 validation error detected: Value at 'description' failed to satisfy constraint: Member must have length less than or equal to 1000")
	}
	if most := int(maxSession / time.Second); r.MaxSession < 3600 || r.MaxSession > most {
		return fault.New(fault.Validation, "1 validation error detected: Value '%d' at 'maxSessionDuration' failed to satisfy constraint: Member must have value between 3600 and %d", r.MaxSession, most)
	}
	if len(r.Tags) > maxTags {
		return fault.New(LimitExceeded, "Cannot exceed quota for tags: %d.", maxTags)
	}
	// Conditions do not look at case: of two tags, which one decides would be chance.
	names := make(map[string]bool, len(r.Tags))
	for name := range r.Tags {
		names[strings.ToLower(name)] = true
	}
	if len(names) < len(r.Tags) {
		return fault.New(fault.Validation, "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
	}
	if len(r.Trust) > maxTrust {
		return fault.New(LimitExceeded, "Cannot exceed quota for ACLSizePerRole: %d", maxTrust)
	}
	_, err := parseDocument(r.Trust, policy.Trust)
	return err
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

// PutRolePolicy gives a role a policy of its own, or changes it.
// Errors: NoSuchEntity, MalformedPolicyDocument, LimitExceeded, Validation.
func (s *Service) PutRolePolicy(ctx context.Context, account, name, policyNamed, text string) error {
	if !policyName.MatchString(policyNamed) {
		return invalidPolicyName(policyNamed)
	}
	if _, err := parseDocument(text, policy.Identity); err != nil {
		return err
	}
	return s.ChangeRole(ctx, account, name, func(r *Role) error {
		if r.Inline == nil {
			r.Inline = map[string]string{}
		}
		r.Inline[policyNamed] = text
		size := 0
		for _, text := range r.Inline {
			size += len(text)
		}
		if size > maxInline || len(r.Inline) > maxInlineNumber {
			return fault.New(LimitExceeded, "Maximum policy size of %d bytes exceeded for role %s", maxInline, name)
		}
		return nil
	})
}

func invalidPolicyName(name string) error {
	return fault.New(fault.Validation, "1 validation error detected: Value '%s' at 'policyName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]+", clip(name))
}

// DeleteRolePolicy takes a policy of its own from a role. Errors: NoSuchEntity.
func (s *Service) DeleteRolePolicy(ctx context.Context, account, name, policyNamed string) error {
	return s.ChangeRole(ctx, account, name, func(r *Role) error {
		if _, ok := r.Inline[policyNamed]; !ok {
			return noRolePolicy(policyNamed)
		}
		delete(r.Inline, policyNamed)
		return nil
	})
}

func noRolePolicy(name string) error {
	return fault.New(NoSuchEntity, "The role policy with name %s cannot be found.", clip(name))
}

// RolePolicy returns a policy of its own of a role. Errors: NoSuchEntity.
func (s *Service) RolePolicy(ctx context.Context, account, name, policyNamed string) (string, error) {
	r, err := s.role(ctx, account, name)
	if err != nil {
		return "", err
	}
	text, ok := r.Inline[policyNamed]
	if !ok {
		return "", noRolePolicy(policyNamed)
	}
	return text, nil
}

// AttachRolePolicy gives a role a policy that has an ARN; one that it has stays.
// Errors: NoSuchEntity, LimitExceeded.
func (s *Service) AttachRolePolicy(ctx context.Context, account, name, arn string) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	if _, err := s.Policy(ctx, account, arn); err != nil {
		return err
	}
	return s.changeRole(ctx, account, name, func(r *Role) error {
		if slices.Contains(r.Attached, arn) {
			return nil
		}
		if len(r.Attached) == maxAttached {
			return fault.New(LimitExceeded, "Cannot exceed quota for PoliciesPerRole: %d", maxAttached)
		}
		r.Attached = append(r.Attached, arn)
		return nil
	})
}

// DetachRolePolicy undoes AttachRolePolicy. Errors: NoSuchEntity.
func (s *Service) DetachRolePolicy(ctx context.Context, account, name, arn string) error {
	return s.ChangeRole(ctx, account, name, func(r *Role) error {
		i := slices.Index(r.Attached, arn)
		if i < 0 {
			return fault.New(NoSuchEntity, "Policy %s was not found.", clip(arn))
		}
		r.Attached = slices.Delete(r.Attached, i, i+1)
		return nil
	})
}
