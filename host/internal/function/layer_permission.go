package function

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
	"github.com/lambent-dev/lambent/sandbox"
)

// AddLayerPermissionInput is what AddLayerVersionPermission takes. A nil pointer is a
// field that was left out.
type AddLayerPermissionInput struct {
	Name                           string
	Version                        int64
	StatementID, Action, Principal *string
	OrganizationID                 *string
	RevisionID                     string // of the policy that is meant; "" for any
}

const (
	layerAction        = "lambda:GetLayerVersion"
	layerPrincipalText = `\d{12}|\*|arn:(aws[a-zA-Z-]*):iam::\d{12}:root`
)

var (
	layerPrincipalPattern = regexp.MustCompile(`^(?:` + layerPrincipalText + `)$`)

	errLayerPolicyRevision = fault.New(fault.PreconditionFailed, "The Revision Id provided does not match the latest Revision Id. Call the GetLayerPolicy API to retrieve the latest Revision Id")
	errNoLayerPolicy       = fault.New(fault.ResourceNotFound, "No policy is associated with the given resource.")
)

// check refuses what no statement can say.
func (in *AddLayerPermissionInput) check() error {
	var c constraints
	c.required(in.StatementID, "statementId")
	c.required(in.Action, "action")
	c.required(in.Principal, "principal")
	c.length(in.StatementID, "statementId", 1, maxStatementID)
	c.pattern(in.StatementID, "statementId", statementPattern, `([a-zA-Z0-9-_]+)`)
	c.length(in.Action, "action", 0, len(layerAction))
	if in.Action != nil && *in.Action != layerAction {
		c.refuse(*in.Action, "action", fault.Matches(layerAction))
	}
	c.pattern(in.Principal, "principal", layerPrincipalPattern, layerPrincipalText)
	c.length(in.OrganizationID, "organizationId", 0, maxOrgID)
	c.pattern(in.OrganizationID, "organizationId", orgIDPattern, orgIDText)
	return c.err()
}

// statement makes the statement that in asks for, on a version of a layer.
func (in *AddLayerPermissionInput) statement(arn string) (statement, error) {
	who, err := principal(*in.Principal)
	if err != nil {
		return statement{}, err
	}
	s := statement{Sid: *in.StatementID, Effect: "Allow", Principal: who, Action: *in.Action, Resource: arn}
	if in.OrganizationID != nil {
		s.Condition = &condition{StringEquals: &stringEquals{PrincipalOrgID: *in.OrganizationID}}
	}
	return s, s.decidable()
}

// AddLayerPermission adds a statement to the policy of a version of a layer, and
// returns it, as JSON, with the policy's new revision.
//
// Errors: Validation, InvalidParameterValue, ResourceNotFound, ResourceConflict (a
// statement has that id), PreconditionFailed, PolicyLengthExceeded.
func (s *Service) AddLayerPermission(ctx context.Context, in AddLayerPermissionInput) (text, revision string, err error) {
	if err := in.check(); err != nil {
		return "", "", err
	}
	added, err := in.statement(s.layerARN(in.Name, in.Version).String())
	if err != nil {
		return "", "", err
	}
	encoded, err := plainJSON(added)
	if err != nil {
		return "", "", s.failure(ctx, Ref{}, err)
	}
	revision, err = s.changeLayerPolicy(ctx, in.Name, in.Version, func(p *policyDocument, revision string) error {
		switch {
		case p.index(added.Sid) >= 0:
			return fault.New(fault.ResourceConflict, "The statement id (%s) provided already exists. Please provide a new statement id, or remove the existing statement.", added.Sid)
		case in.RevisionID != "" && in.RevisionID != revision:
			return errLayerPolicyRevision
		}
		p.Statement = append(p.Statement, added)
		return nil
	})
	return string(encoded), revision, err
}

// RemoveLayerPermission takes a statement out of a policy; revision is that of the
// policy that is meant, "" for any. Errors: Validation, InvalidParameterValue,
// ResourceNotFound, PreconditionFailed.
func (s *Service) RemoveLayerPermission(ctx context.Context, name string, version int64, statement, revision string) error {
	var c constraints
	c.length(&statement, "statementId", 1, maxStatementID)
	c.pattern(&statement, "statementId", statementPattern, `([a-zA-Z0-9-_]+)`)
	if err := c.err(); err != nil {
		return err
	}
	_, err := s.changeLayerPolicy(ctx, name, version, func(p *policyDocument, is string) error {
		i := p.index(statement)
		switch {
		case len(p.Statement) == 0:
			return errNoLayerPolicy
		case i < 0:
			return fault.New(fault.ResourceNotFound, "Statement %s is not found in resource policy.", statement)
		case revision != "" && revision != is:
			return errLayerPolicyRevision
		}
		p.Statement = slices.Delete(p.Statement, i, i+1)
		return nil
	})
	return err
}

// changeLayerPolicy changes the policy of a version of a layer, which is an empty one
// if there is none, and returns its new revision.
func (s *Service) changeLayerPolicy(ctx context.Context, name string, version int64, change func(p *policyDocument, revision string) error) (string, error) {
	if err := s.taking(); err != nil {
		return "", err
	}
	if version < 1 {
		return "", errLayerNumber
	}
	revised := sandbox.NewRequestID()
	_, err := s.config.Store.UpdateLayerVersion(ctx, s.layerKey(name), version, func(v *store.LayerVersion) error {
		p := newPolicy()
		if len(v.Policy) > 0 {
			if err := json.Unmarshal(v.Policy, p); err != nil {
				return &fault.Error{Code: fault.Service, Message: "The policy of layer " + name + " cannot be read.", Err: err}
			}
		}
		if err := change(p, v.Revision); err != nil {
			return err
		}
		v.Policy, v.Revision = nil, revised
		if len(p.Statement) == 0 {
			return nil
		}
		var err error
		v.Policy, err = p.encode()
		return err
	})
	if errors.Is(err, store.ErrNoLayer) {
		return "", s.noLayerVersion(name, version)
	}
	return revised, s.failure(ctx, Ref{}, err)
}

// LayerPolicy returns the policy of a version of a layer. Errors: ResourceNotFound,
// InvalidParameterValue.
func (s *Service) LayerPolicy(ctx context.Context, name string, version int64) (Policy, error) {
	if version < 1 {
		return Policy{}, errLayerNumber
	}
	v, err := s.config.Store.LayerVersion(ctx, s.layerKey(name), version)
	switch {
	case errors.Is(err, store.ErrNoLayer):
		return Policy{}, s.noLayerVersion(name, version)
	case err != nil:
		return Policy{}, s.failure(ctx, Ref{}, err)
	case len(v.Policy) == 0:
		return Policy{}, errNoLayerPolicy
	}
	return Policy{string(v.Policy), v.Revision}, nil
}

// LayerResourcePolicy is the policy of a version of a layer, of whichever account,
// ready to decide by; nil if there is none.
func (s *Service) LayerResourcePolicy(ctx context.Context, arn LayerARN) (*policy.Document, error) {
	if arn.Version < 1 || arn.Region != s.config.Region {
		return nil, nil
	}
	v, err := s.config.Store.LayerVersion(ctx, store.LayerKey{Account: arn.Account, Region: arn.Region, Name: arn.Name}, arn.Version)
	switch {
	case errors.Is(err, store.ErrNoLayer) || err == nil && len(v.Policy) == 0:
		return nil, nil
	case err != nil:
		return nil, s.failure(ctx, Ref{}, err)
	}
	document, err := policy.Parse(v.Policy, policy.Resource)
	if err != nil {
		return nil, &fault.Error{Code: fault.Service, Message: fmt.Sprintf("The policy of layer %s cannot be read.", arn), Err: err}
	}
	return document, nil
}

func (s *Service) layerARN(name string, version int64) LayerARN {
	return LayerARN{Region: s.config.Region, Account: s.config.Account, Name: name, Version: version}
}

func (s *Service) noLayerVersion(name string, version int64) error {
	return fault.New(fault.ResourceNotFound, "Layer version %s does not exist.", s.layerARN(name, version))
}
