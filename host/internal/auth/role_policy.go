package auth

import (
	"context"
	"slices"

	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/fault"
)

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
	return fault.Violates("policyName", new(clip(name)), fault.Matches(nameText))
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
