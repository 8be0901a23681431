package host

import (
	"context"
	"errors"

	"github.com/lambent-dev/lambent/host/internal/function"
)

// Alias is a name for a version of a function. Name and Version are required.
type Alias = function.Alias

// Publish makes a version of what a function is now, which never changes, and
// describes it. If nothing changed since the last version, it describes that one.
//
// Errors: CodeResourceNotFound, CodeResourceConflict (the function is not ready, or
// an update is in progress).
func (h *Host) Publish(ctx context.Context, name string) (Function, error) {
	return h.service.Publish(ctx, function.PublishInput{Ref: function.Ref{Name: name}})
}

// Versions returns the versions of a function, "$LATEST" first. Errors:
// CodeResourceNotFound.
func (h *Host) Versions(ctx context.Context, name string) ([]Function, error) {
	return pages(func(marker string) ([]Function, string, error) {
		page, err := h.service.Versions(ctx, name, marker, function.MaxItems)
		return page.Functions, page.Next, err
	})
}

// SetAlias has an alias of a function be what a says, whatever it was before, and
// describes it: invocations that begin afterwards go where it leads. Its ARN and
// RevisionID are not looked at.
//
// Errors: CodeValidation, CodeInvalidParameterValue, CodeResourceNotFound (the
// function or a version).
func (h *Host) SetAlias(ctx context.Context, name string, a Alias) (Alias, error) {
	ref, weights := function.Ref{Name: name}, a.Weights
	if weights == nil {
		weights = map[string]float64{}
	}
	for {
		set, err := h.service.CreateAlias(ctx, function.CreateAliasInput{
			Ref: ref, Name: &a.Name, Version: &a.Version, Description: &a.Description, Weights: weights,
		})
		if !isCode(err, CodeResourceConflict) {
			return set, err
		}
		set, err = h.service.UpdateAlias(ctx, function.UpdateAliasInput{
			Ref: ref, Name: a.Name, Version: &a.Version, Description: &a.Description, Weights: weights,
		})
		if !isCode(err, CodeResourceNotFound) {
			return set, err
		}
		// It was deleted meanwhile, or a version was: creating it tells.
	}
}

// Aliases returns the aliases of a function, sorted by name. Errors:
// CodeResourceNotFound.
func (h *Host) Aliases(ctx context.Context, name string) ([]Alias, error) {
	return pages(func(marker string) ([]Alias, string, error) {
		page, err := h.service.Aliases(ctx, function.Ref{Name: name}, nil, marker, function.MaxItems)
		return page.Aliases, page.Next, err
	})
}

// DeleteAlias removes an alias. That it is not there is no error.
func (h *Host) DeleteAlias(ctx context.Context, name, alias string) error {
	return h.service.DeleteAlias(ctx, function.Ref{Name: name}, alias)
}

// pages collects what page returns from marker to marker, "" being the first and
// the end.
func pages[T any](page func(marker string) ([]T, string, error)) ([]T, error) {
	var all []T
	for marker := ""; ; {
		some, next, err := page(marker)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
		if marker = next; marker == "" {
			return all, nil
		}
	}
}

func isCode(err error, code Code) bool {
	said, ok := errors.AsType[*Error](err)
	return ok && said.Code == code
}
