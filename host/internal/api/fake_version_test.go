package api

import (
	"context"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// The fake's versions, aliases and policy: what is asked for is what is answered.

func (f *fake) ListAll(ctx context.Context, marker string, max int) (function.Page, error) {
	c, err := f.Publish(ctx, function.PublishInput{Ref: function.Ref{Name: "there"}})
	return function.Page{Functions: []function.Configuration{c}}, err
}

func (f *fake) Publish(_ context.Context, in function.PublishInput) (function.Configuration, error) {
	c, err := f.find(in.Ref)
	c.Version, c.ARN = "7", c.ARN+":7"
	if in.Description != nil {
		c.Description = *in.Description
	}
	if in.CodeSHA256 != "" {
		c.CodeSHA256 = in.CodeSHA256
	}
	if in.RevisionID != "" {
		c.RevisionID = in.RevisionID
	}
	return c, err
}

func (f *fake) CreateAlias(_ context.Context, in function.CreateAliasInput) (function.Alias, error) {
	if in.Name == nil || in.Version == nil {
		return function.Alias{}, fault.New(fault.Validation, "name or version is null")
	}
	return f.alias(in.Ref, *in.Name, *in.Version, in.Description, in.Weights, "r-1")
}

func (f *fake) UpdateAlias(_ context.Context, in function.UpdateAliasInput) (function.Alias, error) {
	version := "$LATEST"
	if in.Version != nil {
		version = *in.Version
	}
	return f.alias(in.Ref, in.Name, version, in.Description, in.Weights, in.RevisionID)
}

func (f *fake) Alias(_ context.Context, ref function.Ref, name string) (function.Alias, error) {
	return f.alias(ref, name, "1", nil, nil, "r-1")
}

func (f *fake) alias(ref function.Ref, name, version string, description *string, weights map[string]float64, revision string) (function.Alias, error) {
	_, err := f.find(ref)
	a := function.Alias{Name: name, ARN: f.ARN(function.Ref{Name: ref.Name, Qualifier: name}), Version: version, RevisionID: revision}
	if description != nil {
		a.Description = *description
	}
	if len(weights) > 0 {
		a.Weights = weights
	}
	return a, err
}

func (f *fake) Aliases(ctx context.Context, ref function.Ref, version *string, marker string, max int) (function.AliasPage, error) {
	f.listed = []any{marker, max}
	if version != nil && *version != "1" {
		return function.AliasPage{}, nil
	}
	a, err := f.Alias(ctx, ref, "live")
	return function.AliasPage{Aliases: []function.Alias{a}, Next: "live"}, err
}

func (f *fake) DeleteAlias(_ context.Context, ref function.Ref, _ string) error {
	_, err := f.find(ref)
	return err
}

func (f *fake) AddPermission(_ context.Context, in function.AddPermissionInput) (string, error) {
	f.added = &in
	_, err := f.find(in.Ref)
	return `{"Sid":"` + *in.StatementID + `","Resource":"<` + in.Ref.Name + `>"}`, err
}

func (f *fake) RemovePermission(_ context.Context, in function.RemovePermissionInput) error {
	if in.StatementID != "s.1" || in.RevisionID != "r-1" {
		return fault.New(fault.ResourceNotFound, "statement %s, revision %s", in.StatementID, in.RevisionID)
	}
	_, err := f.find(in.Ref)
	return err
}

func (f *fake) Policy(_ context.Context, ref function.Ref) (function.Policy, error) {
	_, err := f.find(ref)
	return function.Policy{Document: `{"Id":"default"}`, RevisionID: "r-1"}, err
}
