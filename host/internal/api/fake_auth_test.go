package api

import (
	"context"

	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/auth/sigv4"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// ResourcePolicy is that of the fake's function, if a test gave it one.
func (f *fake) ResourcePolicy(_ context.Context, ref function.Ref) (*policy.Document, error) {
	return f.policies[ref], f.err
}

// LayerResourcePolicy is that of the fake's layer "shared", which everybody may use.
func (f *fake) LayerResourcePolicy(_ context.Context, arn function.LayerARN) (*policy.Document, error) {
	if arn.Name != "shared" {
		return nil, nil
	}
	return policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[{"Sid":"s","Effect":"Allow","Principal":"*","Action":"lambda:GetLayerVersion","Resource":"`+arn.String()+`"}]}`), policy.Resource)
}

// noFields is the header of a request without fields.
type noFields struct{}

func (noFields) Get(string) string                    { return "" }
func (noFields) Fields(func(name, value []byte) bool) {}
func unsignedRequest() *sigv4.Request {
	return &sigv4.Request{Method: "POST", Path: "/", Header: noFields{}}
}
