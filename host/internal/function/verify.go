package function

import (
	"cmp"
	"context"
	"fmt"

	"github.com/lambent-dev/lambent/host/internal/verify"
)

// SampleEvent is an event on which engines are compared before a deployment may
// become Active. Its name is for people.
type SampleEvent = verify.Event

// Verification is what engines agreed on.
type Verification = verify.Report

// checkVerify refuses sample events that cannot be given to anything. The others
// are in the record until the deployment has settled: what ends the process between
// does not end the verification.
func (s *Service) checkVerify(events []SampleEvent) error {
	if events == nil {
		return nil
	}
	if s.config.Verifier == nil {
		return invalid("Verification was asked for, but there is nothing here to verify deployments with.")
	}
	if err := s.config.Verifier.Check(events); err != nil {
		return invalid("The deployment cannot be verified: %s", reason(err))
	}
	return nil
}

// verify compares engines on the sample events of a deployment that is ready.
func (s *Service) verify(ctx context.Context, r *record, m made) (*Verification, error) {
	if s.config.Verifier == nil { // of an earlier Service
		return nil, fmt.Errorf("verification: there is nothing here to verify deployments with")
	}
	digest, err := r.digest()
	if err != nil {
		return nil, err
	}
	pkg, err := s.unpack(ctx, digest)
	if err != nil {
		return nil, err
	}
	own, err := s.runner(pkg.Manifest)
	if err != nil {
		return nil, err
	}
	config, err := s.sandboxConfig(r.Configuration, pkg.Manifest, pkg.Files, nil)
	if err != nil {
		return nil, err
	}
	verified, err := s.config.Verifier.Verify(ctx, verify.Subject{
		Engine: cmp.Or(pkg.Manifest.Engine, s.config.EngineName),
		Label:  own.Engine.Name(),
		Box:    m.box,
		Module: pkg.Module,
		Config: config,
		Events: r.Verify,
	})
	if err != nil {
		return nil, fmt.Errorf("verification: %w", err)
	}
	return verified, nil
}
