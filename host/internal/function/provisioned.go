package function

import (
	"context"
	"errors"
	"time"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// provision is the attachment of a version or alias with provisioned concurrency.
type provision struct {
	Requested    int
	LastModified time.Time
}

// Provisioned is what is provisioned for a version or an alias, as AWS describes
// it.
type Provisioned struct {
	FunctionARN                     string
	Requested, Available, Allocated int
	Status                          string // IN_PROGRESS, READY, FAILED
	Reason                          string // why it failed
	LastModified                    time.Time
}

const (
	provisioning      = "IN_PROGRESS"
	provisioned       = "READY"
	provisioningEnded = "FAILED"
)

// PutProvisioned has so many instances of a version, or of the one that an alias
// leads to, ready at all times.
//
// Errors: ResourceNotFound, ResourceConflict (the version has some by another
// name), InvalidParameterValue (it is not published, it is an alias of two versions, or
// more than may be).
func (s *Service) PutProvisioned(ctx context.Context, ref Ref, requested int) (Provisioned, error) {
	s.permits.mu.Lock()
	defer s.permits.mu.Unlock()
	version, err := s.provisionable(ctx, ref)
	switch {
	case errors.Is(err, errUnpublished):
		return Provisioned{}, invalid("Provisioned Concurrency Configs cannot be applied to unpublished function versions.")
	case err != nil:
		return Provisioned{}, err
	}
	if isAlias(ref.Qualifier) {
		a, err := s.config.Store.Alias(ctx, s.key(ref.Name), ref.Qualifier)
		if err != nil {
			return Provisioned{}, s.failure(ctx, ref, err)
		}
		if a.Additional != 0 {
			return Provisioned{}, invalid("Alias with weights can not be used with Provisioned Concurrency")
		}
	}
	all, err := s.allotments(ctx)
	if err != nil {
		return Provisioned{}, err
	}
	if err := s.mayProvision(ctx, all, ref, version, requested); err != nil {
		return Provisioned{}, err
	}
	now := s.config.Now().UTC()
	_, err = attach(ctx, s, ref, kindProvisioned, func(tx store.FunctionTx, _ *provision) (*provision, error) {
		if err := exists(tx, ref.Qualifier); err != nil {
			return nil, err
		}
		return &provision{requested, now}, nil
	})
	s.permits.refresh(ctx, s) // if it is in doubt, too
	s.warmer.forget(ref.Name + ":" + version)
	s.warmer.wake()
	if err != nil {
		return Provisioned{}, err
	}
	return Provisioned{FunctionARN: s.ARN(ref), Requested: requested, Status: provisioning, LastModified: now}, nil
}

var errUnpublished = fault.New(fault.InvalidParameterValue, "The function resource provided must be an alias or a published version.")

// provisionable returns the version that is meant.
func (s *Service) provisionable(ctx context.Context, ref Ref) (version string, err error) {
	if ref.Qualifier == "" || ref.Qualifier == Latest {
		return "", errUnpublished
	}
	d, err := s.deployment(ctx, ref)
	if isAbsent(err) && isAlias(ref.Qualifier) {
		return "", s.noAlias(ref)
	}
	if err != nil {
		return "", s.failure(ctx, ref, err)
	}
	if version = d.Configuration.Version; version == "" || version == Latest {
		return "", errUnpublished
	}
	return version, nil
}

// mayProvision refuses a second name for what is provisioned, and more than there
// is.
func (s *Service) mayProvision(ctx context.Context, all *allotments, ref Ref, version string, requested int) error {
	before := 0
	if a := all.of[ref.Name]; a != nil && a.provisioned[version] != nil {
		own, err := attached[provision](ctx, s, ref, kindProvisioned)
		switch {
		case err != nil:
			return err
		case own == nil && isAlias(ref.Qualifier):
			return fault.New(fault.ResourceConflict, "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version")
		case own == nil:
			return fault.New(fault.ResourceConflict, "Version is pointed by a Provisioned Concurrency alias")
		}
		before = own.Requested
	}
	others := all.provisionedOf(ref.Name) - before
	if a := all.of[ref.Name]; a != nil && a.reserved {
		if others+requested > a.total {
			return invalid("Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function")
		}
		return nil
	}
	switch unreserved := all.unreserved + before; {
	case requested > unreserved:
		return invalid("Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [%d].", unreserved)
	case unreserved-requested < leastUnreserved:
		return invalid("Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [%d].", leastUnreserved)
	}
	return nil
}

// Provisioned returns what is provisioned for a version or an alias.
// Errors: ResourceNotFound, InvalidParameterValue (it is not published),
// ProvisionedConcurrencyConfigNotFound.
func (s *Service) Provisioned(ctx context.Context, ref Ref) (Provisioned, error) {
	version, err := s.provisionable(ctx, ref)
	if err != nil {
		return Provisioned{}, err
	}
	p, err := attached[provision](ctx, s, ref, kindProvisioned)
	if err != nil {
		return Provisioned{}, err
	}
	if p == nil {
		return Provisioned{}, errNotProvisioned
	}
	return s.describeProvisioned(ref, version, p), nil
}

var errNotProvisioned = fault.New(fault.ProvisionedConcurrencyConfigNotFound, "No Provisioned Concurrency Config found for this function")

// DeleteProvisioned ends it; where there is nothing to end, it does nothing, as on
// AWS Lambda. Errors: ResourceNotFound, InvalidParameterValue.
func (s *Service) DeleteProvisioned(ctx context.Context, ref Ref) error {
	if _, err := s.provisionable(ctx, ref); err != nil {
		return err
	}
	s.permits.mu.Lock()
	defer s.permits.mu.Unlock()
	_, err := attach(ctx, s, ref, kindProvisioned, func(store.FunctionTx, *provision) (*provision, error) { return nil, nil })
	s.permits.refresh(ctx, s)
	s.warmer.wake()
	return err
}

// Provisions lists what is provisioned for a function, after marker by qualifier;
// at most max, and MaxItems if max is 0 or more than that. next is the marker of what
// follows. Errors: ResourceNotFound.
func (s *Service) Provisions(ctx context.Context, name, marker string, max int) (all []Provisioned, next string, err error) {
	ref := Ref{Name: name}
	if err := s.present(ctx, ref); err != nil {
		return nil, "", s.failure(ctx, ref, err)
	}
	qualifiers, found, next, err := attachments[provision](ctx, s, name, kindProvisioned, marker, max)
	if err != nil {
		return nil, "", err
	}
	all = []Provisioned{}
	for i, p := range found {
		ref.Qualifier = qualifiers[i]
		version, err := s.versionOf(ctx, ref)
		if err != nil {
			return nil, "", err
		}
		if version != "" { // else what it was for is gone
			all = append(all, s.describeProvisioned(ref, version, p))
		}
	}
	return all, next, nil
}

func (s *Service) describeProvisioned(ref Ref, version string, p *provision) Provisioned {
	out := Provisioned{FunctionARN: s.ARN(ref), Requested: p.Requested, Status: provisioning, LastModified: p.LastModified}
	if s.config.Now().Sub(p.LastModified) < s.wait(provisionedWait) {
		return out
	}
	switch is := s.warmer.state(ref.Name + ":" + version); {
	case is.failed:
		out.Status, out.Reason = provisioningEnded, "FUNCTION_ERROR_INIT_FAILURE"
	case is.slot != nil && is.ready >= p.Requested && s.live.has(is.slot): // else it is of a function that was deleted
		out.Status, out.Available, out.Allocated = provisioned, p.Requested, p.Requested
	}
	return out
}
