package function

import (
	"context"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// Versions lists the versions of a function after marker, $LATEST first, at most max
// of them; 0 means MaxItems, and so does more. Errors: ResourceNotFound,
// InvalidParameterValue (a marker that no Page had).
func (s *Service) Versions(ctx context.Context, name, marker string, max int) (Page, error) {
	if max < 1 || max > MaxItems {
		max = MaxItems
	}
	ref := Ref{Name: name}
	r, err := s.read(ctx, ref)
	if err != nil {
		return Page{}, err
	}
	var page Page
	after, isVersion := parseVersion(marker)
	switch {
	case marker == "":
		page.Functions = append(page.Functions, s.describe(r.Configuration, Ref{Name: name, Qualifier: Latest}))
	case marker != Latest && !isVersion:
		return Page{}, invalid("Marker is %.80q, which is no NextMarker of an answer.", marker)
	}
	rows, err := s.config.Store.Versions(ctx, s.key(name), after, max-len(page.Functions)+1)
	if err != nil {
		return Page{}, s.failure(ctx, ref, err)
	}
	for _, row := range rows {
		if len(page.Functions) == max {
			page.Next = page.Functions[max-1].Version
			break
		}
		d, err := decodeVersion(row)
		if err != nil {
			return Page{}, err
		}
		page.Functions = append(page.Functions, s.describe(d.Configuration, Ref{Name: name, Qualifier: d.Configuration.Version}))
	}
	return page, nil
}

// ListAll lists the versions of all functions after marker, by function and $LATEST
// first, at most max of them; 0 means MaxItems, and so does more. Errors:
// InvalidParameterValue (a marker that no Page had).
func (s *Service) ListAll(ctx context.Context, marker string, max int) (Page, error) {
	if max < 1 || max > MaxItems {
		max = MaxItems
	}
	var page Page
	name, version, _ := strings.Cut(marker, ":")
	for {
		if name != "" {
			some, err := s.Versions(ctx, name, version, max-len(page.Functions))
			if err != nil && !isFault(err, fault.ResourceNotFound) { // it may have been deleted
				return Page{}, err
			}
			page.Functions = append(page.Functions, some.Functions...)
			if n := len(page.Functions); n == max {
				page.Next = page.Functions[n-1].Name + ":" + page.Functions[n-1].Version
				return page, nil
			}
		}
		next, err := s.config.Store.Functions(ctx, s.key(name), 1)
		if err != nil {
			return Page{}, s.failure(ctx, Ref{}, err)
		}
		if len(next) == 0 {
			return page, nil
		}
		name, version = next[0].Name, ""
	}
}

// codeSize adds up the packages of a function's versions.
func (s *Service) codeSize(ctx context.Context, function string) (bytes int64, err error) {
	for after := int64(0); ; {
		rows, err := s.config.Store.Versions(ctx, s.key(function), after, store.MaxPage)
		if err != nil {
			return 0, err
		}
		for _, row := range rows {
			d, err := decodeVersion(row)
			if err != nil {
				return 0, err
			}
			after = row.Number
			bytes += d.Configuration.CodeSize
		}
		if len(rows) < store.MaxPage {
			return bytes, nil
		}
	}
}

// deleteVersion removes a version. One that is not there is removed without an
// error, as on AWS Lambda.
func (s *Service) deleteVersion(ctx context.Context, ref Ref) error {
	number, ok := parseVersion(ref.Qualifier)
	if !ok || !isName(ref.Name) {
		_, err := s.read(ctx, Ref{Name: ref.Name})
		return err
	}
	err := s.config.Store.ChangeFunction(ctx, s.key(ref.Name), func(tx store.FunctionTx) error {
		if _, err := tx.Function(); err != nil {
			return err
		}
		aliases, err := tx.AliasesNaming(number)
		if err != nil {
			return err
		}
		if len(aliases) > 0 {
			names := make([]string, len(aliases))
			for i, a := range aliases {
				names[i] = a.Alias
			}
			return fault.New(fault.ResourceConflict, "Unable to delete version because the following aliases reference it: [%s]", strings.Join(names, ", "))
		}
		if err := evenAbsent(tx.DeleteVersion(number)); err != nil {
			return err
		}
		return detach(tx, ref.Qualifier)
	})
	s.live.remove(targetOf(ref.Name, number), nil) // if it happened or is in doubt; else it comes back
	s.policies.forget(ref)
	s.permits.forget(ctx, s, ref.Name)
	if err != nil {
		return s.failure(ctx, Ref{Name: ref.Name}, err)
	}
	return nil
}
