package auth

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// PolicyVersion is a document of a policy, under a number that no other of its
// documents ever has.
type PolicyVersion struct {
	Number   int
	Document string
	Created  time.Time
}

// maxVersions is how many versions a policy has at once.
const maxVersions = 5

// count completes the versions of a policy that has had only one.
func (p *ManagedPolicy) count() {
	if len(p.Versions) == 0 {
		p.Versions = []PolicyVersion{{1, p.Document, p.Created}}
		p.Default, p.Newest, p.Updated = 1, 1, p.Created
	}
}

// Version returns one of the policy's versions. Errors: NoSuchEntity.
func (p *ManagedPolicy) Version(number int) (PolicyVersion, error) {
	i := slices.IndexFunc(p.Versions, func(v PolicyVersion) bool { return v.Number == number })
	if i < 0 {
		return PolicyVersion{}, fault.New(NoSuchEntity, "Policy %s version v%d does not exist or is not attachable.", p.ARN(), number)
	}
	return p.Versions[i], nil
}

func checkManaged(document string) error {
	if len(document) > maxManaged {
		return fault.New(LimitExceeded, "Cannot exceed quota for PolicySize: %d", maxManaged)
	}
	_, err := parseDocument(document, policy.Identity)
	return err
}

// CreatePolicyVersion gives a policy another document, which counts from now on if
// it is to be the default.
// Errors: NoSuchEntity, MalformedPolicyDocument, LimitExceeded, AccessDenied (one of
// AWS's policies).
func (s *Service) CreatePolicyVersion(ctx context.Context, account, arn, document string, byDefault bool) (made PolicyVersion, err error) {
	if err := checkManaged(document); err != nil {
		return PolicyVersion{}, err
	}
	err = s.changePolicy(ctx, account, arn, func(p *ManagedPolicy) error {
		if len(p.Versions) >= maxVersions {
			return fault.New(LimitExceeded, "A managed policy can have up to %d versions. Before you create a new version, you must delete an existing version.", maxVersions)
		}
		p.Newest++
		made = PolicyVersion{p.Newest, document, s.now()}
		p.Versions = append(p.Versions, made)
		p.Updated = made.Created
		if byDefault {
			p.Default, p.Document = made.Number, document
		}
		return nil
	})
	return made, err
}

// SetDefaultPolicyVersion has another version of a policy count.
// Errors: NoSuchEntity, AccessDenied (one of AWS's policies).
func (s *Service) SetDefaultPolicyVersion(ctx context.Context, account, arn string, number int) error {
	return s.changePolicy(ctx, account, arn, func(p *ManagedPolicy) error {
		v, err := p.Version(number)
		if err != nil {
			return err
		}
		p.Default, p.Document, p.Updated = v.Number, v.Document, s.now()
		return nil
	})
}

// DeletePolicyVersion removes a version that does not count.
// Errors: NoSuchEntity, DeleteConflict, AccessDenied (one of AWS's policies).
func (s *Service) DeletePolicyVersion(ctx context.Context, account, arn string, number int) error {
	return s.changePolicy(ctx, account, arn, func(p *ManagedPolicy) error {
		if _, err := p.Version(number); err != nil {
			return err
		}
		if number == p.Default {
			return fault.New(DeleteConflict, "Cannot delete the default version of a policy.")
		}
		p.Versions = slices.DeleteFunc(p.Versions, func(v PolicyVersion) bool { return v.Number == number })
		return nil
	})
}

// TagPolicy gives a policy tags, and takes those with some keys from it.
// Errors: NoSuchEntity, LimitExceeded, AccessDenied (one of AWS's policies).
func (s *Service) TagPolicy(ctx context.Context, account, arn string, add map[string]string, remove []string) error {
	return s.changePolicy(ctx, account, arn, func(p *ManagedPolicy) error {
		if p.Tags == nil {
			p.Tags = map[string]string{}
		}
		maps.Copy(p.Tags, add)
		for _, key := range remove {
			delete(p.Tags, key)
		}
		if len(p.Tags) > maxTags {
			return fault.New(LimitExceeded, "Cannot exceed quota for tags: %d.", maxTags)
		}
		return nil
	})
}

// changePolicy lets change alter a policy, whose roles may what it says from then on.
func (s *Service) changePolicy(ctx context.Context, account, arn string, change func(*ManagedPolicy) error) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	defer s.roles.forget()
	p, err := s.Policy(ctx, account, arn)
	if err != nil {
		return err
	}
	if p.Account != account {
		return fault.New(fault.AccessDenied, "%s is one of AWS's policies; it cannot be changed.", clip(arn))
	}
	_, err = s.config.Store.UpdateIdentity(ctx, policyKey(account, p.Name), func(i *store.Identity) error {
		p, err := decodePolicy(*i)
		if err != nil {
			return err
		}
		if err := change(&p); err != nil {
			return err
		}
		i.Configuration, err = json.Marshal(p.PolicySettings)
		return err
	})
	if errors.Is(err, store.ErrNoIdentity) {
		return noPolicy(arn)
	}
	return failure(ctx, err)
}

// now is the time, as it is kept.
func (s *Service) now() time.Time { return s.config.Now().UTC().Truncate(time.Second) }
