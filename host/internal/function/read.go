package function

import (
	"cmp"
	"context"
	"errors"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// Description is what GetFunction answers.
type Description struct {
	Configuration Configuration
	Tags          map[string]string // nil unless the Ref was unqualified, or without tags
	CodeDigest    string            // names the zip file for Service.Code
	Reserved      *int              // concurrency; nil unless the Ref was unqualified, or without
}

// Usage is what the functions of an account take.
type Usage struct {
	CodeSize    int64 // bytes of all deployment packages, zipped
	CodeStorage int64 // that they may have
	Functions   int
	Unreserved  int // concurrency
}

// MaxItems is the most functions that a Page holds, as on AWS Lambda.
const MaxItems = 50

// Get describes a function. Errors: ResourceNotFound.
func (s *Service) Get(ctx context.Context, ref Ref) (Description, error) {
	var (
		found *deployed
		tags  map[string]string
		err   error
	)
	if ref.Qualifier == "" {
		var r *record
		if r, err = s.read(ctx, ref); err == nil {
			found, tags = &r.deployed, r.Tags
		}
	} else {
		found, err = s.named(ctx, ref)
	}
	if err != nil {
		return Description{}, err
	}
	digest, err := found.digest()
	if err != nil {
		return Description{}, s.failure(ctx, ref, err)
	}
	d := Description{Configuration: s.describe(found.Configuration, ref), CodeDigest: digest.String()}
	if len(tags) > 0 {
		d.Tags = tags
	}
	if ref.Qualifier == "" {
		reserved, err := attached[reservation](ctx, s, ref, kindConcurrency)
		if err != nil {
			return Description{}, err
		}
		if reserved != nil {
			d.Reserved = &reserved.Reserved
		}
	}
	return d, nil
}

// Configuration is Get without tags and code. Errors: ResourceNotFound.
func (s *Service) Configuration(ctx context.Context, ref Ref) (Configuration, error) {
	d, err := s.named(ctx, ref)
	if err != nil {
		return Configuration{}, err
	}
	return s.describe(d.Configuration, ref), nil
}

// List lists the functions after marker by name, at most max of them; 0 means
// MaxItems, and so does more.
func (s *Service) List(ctx context.Context, marker string, max int) (Page, error) {
	if max < 1 || max > MaxItems {
		max = MaxItems
	}
	rows, err := s.config.Store.Functions(ctx, s.key(marker), max+1)
	if err != nil {
		return Page{}, s.failure(ctx, Ref{}, err)
	}
	var page Page
	for i, row := range rows {
		if i == max {
			page.Next = rows[i-1].Name
			break
		}
		r, err := decode(row)
		if err != nil {
			return Page{}, err
		}
		page.Functions = append(page.Functions, s.describe(r.Configuration, Ref{Name: row.Name}))
	}
	return page, nil
}

// Code returns the zip file of a Description's CodeDigest, which the caller owns.
// Errors: ResourceNotFound.
func (s *Service) Code(ctx context.Context, digest string) ([]byte, error) {
	named, err := store.ParseDigest(digest)
	if err == nil {
		var code []byte
		if code, err = s.config.Store.Code(ctx, named); err == nil {
			return code, nil
		}
	}
	if errors.Is(err, store.ErrInvalid) || errors.Is(err, store.ErrNoCode) {
		return nil, fault.New(fault.ResourceNotFound, "There is no code with the digest %.80q.", digest)
	}
	return nil, s.failure(ctx, Ref{}, err)
}

// AccountUsage says what is in use, and how much may be.
func (s *Service) AccountUsage(ctx context.Context) (Usage, error) {
	unreserved, err := s.permits.unreserved(ctx, s)
	if err != nil {
		return Usage{}, err
	}
	functions, bytes, err := s.packages(ctx)
	if err != nil {
		return Usage{}, err
	}
	return Usage{CodeSize: bytes, CodeStorage: s.config.CodeStorage, Functions: functions, Unreserved: unreserved}, nil
}

// read returns the record of the function that ref names, by its name alone or as
// $LATEST.
func (s *Service) read(ctx context.Context, ref Ref) (*record, error) {
	if ref.Qualifier != "" && ref.Qualifier != Latest {
		return nil, s.notFound(ref)
	}
	r, err := s.latest(ctx, ref.Name)
	return r, s.failure(ctx, ref, err)
}

// latest reads a function's record. Its errors are the store's.
func (s *Service) latest(ctx context.Context, function string) (*record, error) {
	if !isName(function) {
		return nil, store.ErrNotFound
	}
	row, err := s.config.Store.Function(ctx, s.key(function))
	if err != nil {
		return nil, err
	}
	return decode(row)
}

// version reads a published version. Its errors are the store's.
func (s *Service) version(ctx context.Context, function string, number int64) (*deployed, error) {
	row, err := s.config.Store.Version(ctx, s.key(function), number)
	if err != nil {
		return nil, err
	}
	return decodeVersion(row)
}

// named reads what ref names: $LATEST, a version, or the main version of an alias.
func (s *Service) named(ctx context.Context, ref Ref) (*deployed, error) {
	d, err := s.deployment(ctx, ref)
	if err != nil {
		return nil, s.failure(ctx, ref, err)
	}
	return d, nil
}

func (s *Service) deployment(ctx context.Context, ref Ref) (*deployed, error) {
	number, isVersion := parseVersion(ref.Qualifier)
	switch {
	case !isName(ref.Name):
		return nil, store.ErrNotFound
	case isAlias(ref.Qualifier):
		a, err := s.config.Store.Alias(ctx, s.key(ref.Name), ref.Qualifier)
		if err != nil {
			return nil, err
		}
		number = a.Version
	case !isVersion && ref.Qualifier != "" && ref.Qualifier != Latest:
		return nil, store.ErrNoVersion
	}
	if number != 0 {
		return s.version(ctx, ref.Name, number)
	}
	r, err := s.latest(ctx, ref.Name)
	if err != nil {
		return nil, err
	}
	return &r.deployed, nil
}

// describe completes a configuration for who asked by ref.
func (s *Service) describe(c Configuration, ref Ref) Configuration {
	c.ARN, c.Version = s.ARN(ref), cmp.Or(c.Version, Latest)
	return c
}
