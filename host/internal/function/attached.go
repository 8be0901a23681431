package function

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
	"github.com/lambent-dev/lambent/sandbox"
)

// The kinds of attachments: what is kept for a function, or for one of its
// versions and aliases, beside it. Each is JSON; names of fields stay.
const (
	kindConcurrency       = "concurrency"
	kindEventInvoke       = "event-invoke"
	kindPolicy            = "policy"
	kindProvisioned       = "provisioned-concurrency"
	kindRecursion         = "recursion"
	kindRuntimeManagement = "runtime-management"
	kindURL               = "url"
)

// detach removes what goes with a version or an alias that is deleted. The URL of an
// alias stays, as on AWS, and leads nowhere.
func detach(tx store.FunctionTx, qualifier string) error {
	for _, kind := range []string{kindEventInvoke, kindPolicy, kindProvisioned, kindRuntimeManagement} {
		if err := evenAbsent(tx.DeleteAttachment(kind, qualifier)); err != nil {
			return err
		}
	}
	return nil
}

// attached reads an attachment; nil if there is none.
func attached[T any](ctx context.Context, s *Service, ref Ref, kind string) (*T, error) {
	if !isName(ref.Name) {
		return nil, nil
	}
	a, err := s.config.Store.Attachment(ctx, s.key(ref.Name), kind, ref.Qualifier)
	if errors.Is(err, store.ErrNoAttachment) {
		return nil, nil
	}
	if err != nil {
		return nil, s.failure(ctx, ref, err)
	}
	return attachment[T](a)
}

func attachment[T any](a store.Attachment) (*T, error) {
	var value T
	if err := json.Unmarshal(a.Content, &value); err != nil {
		return nil, &fault.Error{Code: fault.Service, Message: "The " + a.Kind + " of function " + a.Name + " cannot be read.", Err: err}
	}
	return &value, nil
}

// attach changes an attachment in one transaction. change gets what there is, nil if
// there is nothing, and returns what shall be there, nil for nothing; it may use the
// transaction, and may run more than once.
func attach[T any](ctx context.Context, s *Service, ref Ref, kind string, change func(store.FunctionTx, *T) (*T, error)) (*T, error) {
	if !isName(ref.Name) {
		return nil, s.notFound(ref)
	}
	var after *T
	err := s.config.Store.ChangeFunction(ctx, s.key(ref.Name), func(tx store.FunctionTx) error {
		var before *T
		a, err := tx.Attachment(kind, ref.Qualifier)
		switch {
		case err == nil:
			if before, err = attachment[T](a); err != nil {
				return err
			}
		case !errors.Is(err, store.ErrNoAttachment):
			return err
		}
		if after, err = change(tx, before); err != nil {
			return err
		}
		if after == nil {
			if before == nil {
				return nil
			}
			return tx.DeleteAttachment(kind, ref.Qualifier)
		}
		content, err := json.Marshal(after)
		if err != nil {
			return err
		}
		return tx.PutAttachment(store.Attachment{
			FunctionKey: s.key(ref.Name), Kind: kind, Qualifier: ref.Qualifier, Revision: sandbox.NewRequestID(), Content: content,
		})
	})
	if err != nil {
		return nil, s.failure(ctx, ref, err)
	}
	return after, nil
}

// attachments lists those of one kind of a function, by qualifier; next is the
// marker of the page after this, "" at the end.
func attachments[T any](ctx context.Context, s *Service, name, kind, marker string, max int) (qualifiers []string, all []*T, next string, err error) {
	if max < 1 || max > MaxItems {
		max = MaxItems
	}
	var after *string
	if marker != "" {
		after = &marker
	}
	rows, err := s.config.Store.Attachments(ctx, s.key(name), kind, after, max+1)
	if err != nil {
		return nil, nil, "", s.failure(ctx, Ref{Name: name}, err)
	}
	for i, row := range rows {
		if i == max {
			next = cmp.Or(rows[i-1].Qualifier, Latest) // "" would be the end; nothing is between the two
			break
		}
		value, err := attachment[T](row)
		if err != nil {
			return nil, nil, "", err
		}
		qualifiers, all = append(qualifiers, row.Qualifier), append(all, value)
	}
	return qualifiers, all, next, nil
}

// exists returns an error unless there is what the qualifier names: "" and $LATEST
// are the function itself.
func exists(tx store.FunctionTx, qualifier string) error {
	if _, err := tx.Function(); err != nil || qualifier == "" || qualifier == Latest {
		return err
	}
	if number, ok := parseVersion(qualifier); ok {
		_, err := tx.Version(number)
		return err
	}
	if !isAlias(qualifier) {
		return store.ErrNoVersion
	}
	_, err := tx.Alias(qualifier)
	return err
}
