package function

import (
	"context"
	"errors"
	"regexp"
	"slices"

	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
	"github.com/lambent-dev/lambent/sandbox"
)

// AddPermissionInput is what AddPermission takes. A nil pointer is a field that was
// left out.
type AddPermissionInput struct {
	Ref                            Ref
	StatementID, Action, Principal *string
	SourceARN, SourceAccount       *string
	EventSourceToken               *string
	PrincipalOrgID                 *string
	FunctionURLAuthType            *string
	InvokedViaFunctionURL          bool
	RevisionID                     string // of the policy that is meant; "" for any
}

// RemovePermissionInput is what RemovePermission takes.
type RemovePermissionInput struct {
	Ref         Ref
	StatementID string
	RevisionID  string // of the policy that is meant; "" for any
}

// Policy is a policy as GetPolicy answers it.
type Policy struct {
	Document   string // JSON
	RevisionID string
}

const (
	maxStatementID, maxOrgID   = 100, 34
	maxSourceAccount, maxToken = 12, 256
	minOrgID                   = 12
	actionText                 = `(lambda:[*]|lambda:[a-zA-Z]+|[*])`
	sourceARNText              = `arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1})?:(\d{12})?:(.*)`
	tokenText                  = `[a-zA-Z0-9._\-]+`
	orgIDText                  = `o-[a-z0-9]{10,32}`
	urlAction                  = "lambda:InvokeFunctionUrl"
)

var (
	statementPattern = regexp.MustCompile(`^[a-zA-Z0-9-_]+$`)
	dottedPattern    = regexp.MustCompile(`^[a-zA-Z0-9-_.]+$`)
	actionPattern    = regexp.MustCompile(`^` + actionText + `$`)
	nonSpacePattern  = regexp.MustCompile(`^[^\s]+$`)
	sourceARNPattern = regexp.MustCompile(`^` + sourceARNText + `$`)
	tokenPattern     = regexp.MustCompile(`^` + tokenText + `$`)
	orgIDPattern     = regexp.MustCompile(`^` + orgIDText + `$`)

	errPolicyRevision = fault.New(fault.PreconditionFailed, "The Revision Id provided does not match the latest Revision Id. Call the GetPolicy API to retrieve the latest Revision Id")
)

// Violations says what the service model has against the input.
func (in *AddPermissionInput) Violations() []string {
	var c constraints
	c.required(in.StatementID, "statementId")
	c.required(in.Action, "action")
	c.required(in.Principal, "principal")
	c.length(in.StatementID, "statementId", 1, maxStatementID)
	c.pattern(in.StatementID, "statementId", statementPattern, `([a-zA-Z0-9-_]+)`)
	c.pattern(in.Action, "action", actionPattern, actionText)
	c.pattern(in.Principal, "principal", nonSpacePattern, `[^\s]+`)
	c.pattern(in.SourceARN, "sourceArn", sourceARNPattern, sourceARNText)
	c.length(in.SourceAccount, "sourceAccount", 0, maxSourceAccount)
	c.pattern(in.SourceAccount, "sourceAccount", accountPattern, `\d{12}`)
	c.length(in.EventSourceToken, "eventSourceToken", 0, maxToken)
	c.pattern(in.EventSourceToken, "eventSourceToken", tokenPattern, tokenText)
	c.length(in.PrincipalOrgID, "principalOrgID", minOrgID, maxOrgID)
	c.pattern(in.PrincipalOrgID, "principalOrgID", orgIDPattern, orgIDText)
	c.oneOf(in.FunctionURLAuthType, "functionUrlAuthType", "NONE", "AWS_IAM")
	return c
}

// Violations says what the service model has against the input.
func (in *RemovePermissionInput) Violations() []string {
	var c constraints
	c.length(&in.StatementID, "statementId", 1, maxStatementID)
	c.pattern(&in.StatementID, "statementId", dottedPattern, `([a-zA-Z0-9-_.]+)`)
	return c
}

// AddPermission adds a statement to the policy of a function, a version or an alias,
// and returns it, as JSON.
//
// Errors: Validation, InvalidParameterValue, ResourceNotFound, ResourceConflict (a
// statement has that id), PreconditionFailed, PolicyLengthExceeded.
func (s *Service) AddPermission(ctx context.Context, in AddPermissionInput) (string, error) {
	if err := constraints(in.Violations()).err(); err != nil {
		return "", err
	}
	if in.Ref.Qualifier == Latest {
		return "", invalid("We currently do not support adding policies for $LATEST.")
	}
	if in.FunctionURLAuthType != nil && *in.Action != urlAction {
		return "", invalid("FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action")
	}
	added, err := in.statement(s.ARN(in.Ref))
	if err != nil {
		return "", err
	}
	text, err := plainJSON(added)
	if err != nil {
		return "", s.failure(ctx, in.Ref, err)
	}
	err = s.changePolicy(ctx, in.Ref, func(p *policyDocument, revision string) error {
		switch {
		case p.index(added.Sid) >= 0:
			return fault.New(fault.ResourceConflict, "The statement id (%s) provided already exists. Please provide a new statement id, or remove the existing statement.", added.Sid)
		case in.RevisionID != "" && in.RevisionID != revision:
			return errPolicyRevision
		}
		p.Statement = append(p.Statement, added)
		return nil
	})
	if err != nil {
		return "", s.failure(ctx, in.Ref, err)
	}
	return string(text), nil
}

// RemovePermission takes a statement out of a policy. Errors: Validation,
// ResourceNotFound, PreconditionFailed.
func (s *Service) RemovePermission(ctx context.Context, in RemovePermissionInput) error {
	if err := constraints(in.Violations()).err(); err != nil {
		return err
	}
	err := s.changePolicy(ctx, in.Ref, func(p *policyDocument, revision string) error {
		i := p.index(in.StatementID)
		switch {
		case len(p.Statement) == 0:
			return fault.New(fault.ResourceNotFound, "No policy is associated with the given resource.")
		case i < 0:
			return fault.New(fault.ResourceNotFound, "Statement %s is not found in resource policy.", in.StatementID)
		case in.RevisionID != "" && in.RevisionID != revision:
			return errPolicyRevision
		}
		p.Statement = slices.Delete(p.Statement, i, i+1)
		return nil
	})
	if errors.Is(err, store.ErrNotFound) {
		return fault.New(fault.ResourceNotFound, "No policy found for: %s", s.ARN(in.Ref))
	}
	return s.failure(ctx, in.Ref, err)
}

// changePolicy changes the policy of what ref names, which is an empty one if there
// is none. revision is that of the policy or, before there is one, that of what it
// is for; both become a new one. Invocations that begin after it has returned are
// decided by the new policy.
func (s *Service) changePolicy(ctx context.Context, ref Ref, change func(p *policyDocument, revision string) error) error {
	if err := s.taking(); err != nil {
		return err
	}
	if !isName(ref.Name) {
		return store.ErrNotFound
	}
	revised := sandbox.NewRequestID()
	err := s.config.Store.ChangeFunction(ctx, s.key(ref.Name), func(tx store.FunctionTx) error {
		revision, err := s.revise(tx, ref, revised)
		if err != nil {
			return err
		}
		p := newPolicy()
		before, err := tx.Attachment(kindPolicy, ref.Qualifier)
		switch {
		case err == nil:
			if p, err = decodePolicy(before); err != nil {
				return err
			}
			revision = before.Revision
		case !errors.Is(err, store.ErrNoAttachment):
			return err
		}
		if err := change(p, revision); err != nil {
			return err
		}
		if len(p.Statement) == 0 {
			return tx.DeleteAttachment(kindPolicy, ref.Qualifier)
		}
		text, err := p.encode()
		if err != nil {
			return err
		}
		return tx.PutAttachment(store.Attachment{
			FunctionKey: s.key(ref.Name), Kind: kindPolicy, Qualifier: ref.Qualifier, Revision: revised, Content: text,
		})
	})
	s.policies.forget(ref) // if it happened or is in doubt; else it comes back
	return err
}

// revise gives what ref names another revision, and returns the one before.
func (s *Service) revise(tx store.FunctionTx, ref Ref, revised string) (before string, err error) {
	row, err := tx.Function()
	if err != nil {
		return "", err
	}
	number, isVersion := parseVersion(ref.Qualifier)
	switch {
	case ref.Qualifier == "" || ref.Qualifier == Latest:
		r, err := decode(row)
		if err != nil {
			return "", err
		}
		before, r.Configuration.RevisionID = r.Configuration.RevisionID, revised
		if row, err = r.row(row.FunctionKey); err != nil {
			return "", err
		}
		return before, tx.UpdateFunction(row)
	case isVersion:
		v, err := tx.Version(number)
		if err != nil {
			return "", err
		}
		d, err := decodeVersion(v)
		if err != nil {
			return "", err
		}
		before, d.Configuration.RevisionID = d.Configuration.RevisionID, revised
		if v, err = versionRow(v.FunctionKey, number, d); err != nil {
			return "", err
		}
		return before, tx.PutVersion(v)
	case isAlias(ref.Qualifier):
		a, err := tx.Alias(ref.Qualifier)
		if errors.Is(err, store.ErrNoAlias) {
			return "", s.noAlias(ref)
		}
		if err != nil {
			return "", err
		}
		before, a.Revision = a.Revision, revised
		return before, tx.PutAlias(a)
	}
	return "", store.ErrNoVersion
}

// Policy returns the policy of what ref names. Errors: ResourceNotFound.
func (s *Service) Policy(ctx context.Context, ref Ref) (Policy, error) {
	row, err := s.config.Store.Attachment(ctx, s.key(ref.Name), kindPolicy, ref.Qualifier)
	if isAbsent(err) {
		return Policy{}, fault.New(fault.ResourceNotFound, "The resource you requested does not exist.")
	}
	if err != nil {
		return Policy{}, s.failure(ctx, ref, err)
	}
	return Policy{string(row.Content), row.Revision}, nil
}

// ResourcePolicy is the policy of what ref names, ready to decide invocations by;
// nil if there is none. It does not look at the store unless it has to, and waits
// for nothing else.
func (s *Service) ResourcePolicy(ctx context.Context, ref Ref) (*policy.Document, error) {
	if !isName(ref.Name) || ref.Qualifier == Latest {
		return nil, nil
	}
	d, err := s.policies.get(ctx, ref, func() (*policy.Document, error) {
		row, err := s.config.Store.Attachment(s.life, s.key(ref.Name), kindPolicy, ref.Qualifier)
		if isAbsent(err) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return policy.Parse(row.Content, policy.Resource)
	})
	return d, s.failure(ctx, ref, err)
}
