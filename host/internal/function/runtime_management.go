package function

import (
	"context"

	"github.com/lambent-dev/lambent/host/internal/store"
)

// RuntimeManagement says when a function gets another version of its runtime. The
// runtime of a WebAssembly module is part of it, so this is kept and answered, and
// every value has the effect that AWS describes for a runtime without updates.
type RuntimeManagement struct {
	UpdateRuntimeOn   string // Auto, Manual, FunctionUpdate
	RuntimeVersionArn string `json:",omitempty"` // with Manual alone
	FunctionArn       string
}

// PutRuntimeManagement sets it for $LATEST or a version.
//
// Errors: ResourceNotFound, InvalidParameterValue (an ARN without Manual, or Manual
// without).
func (s *Service) PutRuntimeManagement(ctx context.Context, ref Ref, r RuntimeManagement) (RuntimeManagement, error) {
	ref = eventInvokeRef(ref)
	switch {
	case r.UpdateRuntimeOn == "Manual" && r.RuntimeVersionArn == "":
		return r, invalid("Runtime version can not be null when the UpdateRuntimeOn is set to Manual")
	case r.UpdateRuntimeOn != "Manual" && r.RuntimeVersionArn != "":
		return r, invalid("You must specify Manual for UpdateRuntimeOn to set a RuntimeVersionArn; it is %s.", r.UpdateRuntimeOn)
	}
	_, err := attach(ctx, s, ref, kindRuntimeManagement, func(tx store.FunctionTx, _ *RuntimeManagement) (*RuntimeManagement, error) {
		if err := exists(tx, ref.Qualifier); err != nil {
			return nil, err
		}
		return &r, nil
	})
	r.FunctionArn = s.ARN(ref)
	return r, err
}

// RuntimeManagement returns it; Auto is the default. Errors: ResourceNotFound.
func (s *Service) RuntimeManagement(ctx context.Context, ref Ref) (RuntimeManagement, error) {
	ref = eventInvokeRef(ref)
	if err := s.present(ctx, ref); err != nil {
		return RuntimeManagement{}, s.failure(ctx, ref, err)
	}
	r, err := attached[RuntimeManagement](ctx, s, ref, kindRuntimeManagement)
	if err != nil {
		return RuntimeManagement{}, err
	}
	if r == nil {
		r = &RuntimeManagement{UpdateRuntimeOn: "Auto"}
	}
	r.FunctionArn = s.ARN(ref)
	return *r, nil
}
