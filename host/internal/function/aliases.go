package function

import (
	"context"
	"errors"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
	"github.com/lambent-dev/lambent/sandbox"
)

// CreateAliasInput is what CreateAlias takes.
type CreateAliasInput struct {
	Ref           Ref // of the function
	Name, Version *string
	Description   *string
	Weights       map[string]float64 // see Alias
}

// UpdateAliasInput is what UpdateAlias takes. What is nil stays.
type UpdateAliasInput struct {
	Ref         Ref // of the function
	Name        string
	Version     *string
	Description *string
	Weights     map[string]float64 // empty but not nil clears
	RevisionID  string             // that is meant; "" for any
}

// Violations says what the service model has against the input.
func (in *CreateAliasInput) Violations() []string {
	var c constraints
	c.required(in.Name, "name")
	c.required(in.Version, "functionVersion")
	c.aliasName(in.Name)
	c.functionVersion(in.Version)
	c.length(in.Description, "description", 0, maxDescription)
	c.weights(in.Weights)
	return c
}

// Violations says what the service model has against the input.
func (in *UpdateAliasInput) Violations() []string {
	var c constraints
	c.aliasName(&in.Name)
	c.functionVersion(in.Version)
	c.length(in.Description, "description", 0, maxDescription)
	c.weights(in.Weights)
	return c
}

// AliasPage is a part of a list. Next is the marker of the part after it, "" at the
// end.
type AliasPage struct {
	Aliases []Alias
	Next    string
}

// CreateAlias has a name stand for a version of a function, or for two.
//
// Errors: Validation, InvalidParameterValue (the versions do not go together),
// ResourceNotFound (the function or a version), ResourceConflict (the alias is
// there).
func (s *Service) CreateAlias(ctx context.Context, in CreateAliasInput) (Alias, error) {
	if err := constraints(in.Violations()).err(); err != nil {
		return Alias{}, err
	}
	a := Alias{Name: *in.Name, Version: *in.Version, Weights: in.Weights}
	set(&a.Description, in.Description)
	return s.putAlias(ctx, in.Ref, &a, func(tx store.FunctionTx, a *Alias) error {
		if err := a.routable(); err != nil {
			return err
		}
		if err := s.versionsThere(tx, in.Ref.Name, a); err != nil {
			return err
		}
		_, err := tx.Alias(a.Name)
		switch {
		case err == nil:
			return fault.New(fault.ResourceConflict, "Alias already exists: %s", s.ARN(Ref{Name: in.Ref.Name, Qualifier: a.Name}))
		case errors.Is(err, store.ErrNoAlias):
			return nil
		}
		return err
	})
}

// UpdateAlias changes what is given. Events that come after it has returned go
// where the alias says then.
//
// Errors: those of CreateAlias but for ResourceConflict, PreconditionFailed.
func (s *Service) UpdateAlias(ctx context.Context, in UpdateAliasInput) (Alias, error) {
	if err := constraints(in.Violations()).err(); err != nil {
		return Alias{}, err
	}
	return s.putAlias(ctx, in.Ref, &Alias{Name: in.Name}, func(tx store.FunctionTx, a *Alias) error {
		if _, err := tx.Function(); err != nil {
			return err
		}
		row, err := tx.Alias(in.Name)
		if errors.Is(err, store.ErrNoAlias) {
			return fault.New(fault.ResourceNotFound, "Alias not found: %s", s.ARN(Ref{Name: in.Ref.Name, Qualifier: in.Name}))
		}
		if err != nil {
			return err
		}
		if in.RevisionID != "" && in.RevisionID != row.Revision {
			return errRevision
		}
		if *a, err = s.describeAlias(row); err != nil {
			return err
		}
		set(&a.Version, in.Version)
		set(&a.Description, in.Description)
		if in.Weights != nil {
			a.Weights = in.Weights
		}
		if err := a.routable(); err != nil {
			return err
		}
		return s.versionsThere(tx, in.Ref.Name, a)
	})
}

// putAlias writes an alias that change has completed and approved of. change may
// run more than once.
func (s *Service) putAlias(ctx context.Context, ref Ref, a *Alias, change func(store.FunctionTx, *Alias) error) (Alias, error) {
	if err := s.taking(); err != nil {
		return Alias{}, err
	}
	if err := ref.unqualified(); err != nil {
		return Alias{}, err
	}
	ref = Ref{Name: ref.Name}
	if !isName(ref.Name) {
		return Alias{}, s.notFound(ref)
	}
	name := a.Name
	var written store.Alias
	err := s.config.Store.ChangeFunction(ctx, s.key(ref.Name), func(tx store.FunctionTx) error {
		put := *a
		err := change(tx, &put)
		if err != nil {
			return err
		}
		put.RevisionID = sandbox.NewRequestID()
		if written, err = put.row(s.key(ref.Name)); err != nil {
			return err
		}
		return tx.PutAlias(written)
	})
	s.routes.forget(Ref{Name: ref.Name, Qualifier: name}) // if it happened or is in doubt; else it comes back
	if err != nil {
		return Alias{}, s.failure(ctx, ref, err)
	}
	return s.describeAlias(written)
}

// Alias describes an alias. Errors: Validation, ResourceNotFound.
func (s *Service) Alias(ctx context.Context, ref Ref, name string) (Alias, error) {
	var c constraints
	c.aliasName(&name)
	if err := c.err(); err != nil {
		return Alias{}, err
	}
	if err := ref.unqualified(); err != nil {
		return Alias{}, err
	}
	ref = Ref{Name: ref.Name, Qualifier: name}
	row, err := s.config.Store.Alias(ctx, s.key(ref.Name), name)
	if errors.Is(err, store.ErrNoAlias) {
		return Alias{}, s.noAlias(ref)
	}
	if err != nil {
		return Alias{}, s.failure(ctx, ref, err)
	}
	return s.describeAlias(row)
}

func (s *Service) noAlias(ref Ref) error {
	return fault.New(fault.ResourceNotFound, "Cannot find alias arn: %s", s.ARN(ref))
}

// Aliases lists the aliases of a function after marker by name, at most max of them;
// 0 means MaxItems, and so does more. Unless version is nil, it lists those that
// point to that version. Errors: Validation, ResourceNotFound.
func (s *Service) Aliases(ctx context.Context, ref Ref, version *string, marker string, max int) (AliasPage, error) {
	if max < 1 || max > MaxItems {
		max = MaxItems
	}
	var c constraints
	c.functionVersion(version)
	if err := c.err(); err != nil {
		return AliasPage{}, err
	}
	if err := ref.unqualified(); err != nil {
		return AliasPage{}, err
	}
	ref = Ref{Name: ref.Name}
	if _, err := s.read(ctx, ref); err != nil {
		return AliasPage{}, err
	}
	number := int64(store.AnyVersion)
	if version != nil {
		var ok bool
		if number, ok = parseVersion(*version); !ok && *version != Latest {
			return AliasPage{}, nil // no alias points to such a one
		}
	}
	rows, err := s.config.Store.Aliases(ctx, s.key(ref.Name), marker, number, max+1)
	if err != nil {
		return AliasPage{}, s.failure(ctx, ref, err)
	}
	var page AliasPage
	for i, row := range rows {
		if i == max {
			page.Next = rows[i-1].Alias
			break
		}
		a, err := s.describeAlias(row)
		if err != nil {
			return AliasPage{}, err
		}
		page.Aliases = append(page.Aliases, a)
	}
	return page, nil
}

// DeleteAlias removes an alias, with its policy and settings. As on AWS Lambda,
// removing one that is not there is no error. Errors: Validation.
func (s *Service) DeleteAlias(ctx context.Context, ref Ref, name string) error {
	var c constraints
	c.aliasName(&name)
	if err := c.err(); err != nil {
		return err
	}
	if err := ref.unqualified(); err != nil {
		return err
	}
	ref = Ref{Name: ref.Name, Qualifier: name}
	err := s.config.Store.ChangeFunction(ctx, s.key(ref.Name), func(tx store.FunctionTx) error {
		if err := evenAbsent(tx.DeleteAlias(name)); err != nil {
			return err
		}
		return detach(tx, name)
	})
	s.routes.forget(ref) // if it happened or is in doubt; else it comes back
	s.policies.forget(ref)
	s.permits.forget(ctx, s, ref.Name)
	return s.failure(ctx, ref, err)
}
