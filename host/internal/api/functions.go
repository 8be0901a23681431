package api

import (
	"context"

	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// Attached is what belongs to functions beside their versions and aliases.
type Attached interface {
	Tags(ctx context.Context, arn string) (map[string]string, error)
	Tag(ctx context.Context, arn string, tags map[string]string) error
	Untag(ctx context.Context, arn string, keys []string) error

	PutConcurrency(ctx context.Context, ref function.Ref, reserved int) error
	Concurrency(context.Context, function.Ref) (*int, error)
	DeleteConcurrency(context.Context, function.Ref) error

	PutProvisioned(ctx context.Context, ref function.Ref, requested int) (function.Provisioned, error)
	Provisioned(context.Context, function.Ref) (function.Provisioned, error)
	DeleteProvisioned(context.Context, function.Ref) error
	Provisions(ctx context.Context, name, marker string, max int) (all []function.Provisioned, next string, err error)

	PutEventInvoke(ctx context.Context, ref function.Ref, in function.EventInvokeSettings, keep bool) (function.EventInvokeConfig, error)
	EventInvoke(context.Context, function.Ref) (function.EventInvokeConfig, error)
	DeleteEventInvoke(context.Context, function.Ref) error
	EventInvokes(ctx context.Context, name, marker string, max int) (all []function.EventInvokeConfig, next string, err error)

	PutRecursion(context.Context, function.Ref, function.Recursion) (function.Recursion, error)
	Recursion(context.Context, function.Ref) (function.Recursion, error)
	PutRuntimeManagement(context.Context, function.Ref, function.RuntimeManagement) (function.RuntimeManagement, error)
	RuntimeManagement(context.Context, function.Ref) (function.RuntimeManagement, error)

	CreateURL(context.Context, function.Ref, function.URLSettings) (function.URL, error)
	URL(context.Context, function.Ref) (function.URL, error)
	UpdateURL(context.Context, function.Ref, function.URLSettings) (function.URL, error)
	URLByID(ctx context.Context, id string) (function.URL, function.Ref, error)
	DeleteURL(context.Context, function.Ref) error
	URLs(ctx context.Context, name, marker string, max int) (all []function.URL, next string, err error)

	CreateMapping(context.Context, function.MappingInput) (function.Mapping, error)
	Mapping(ctx context.Context, uuid string) (function.Mapping, error)
	UpdateMapping(ctx context.Context, uuid string, ref *function.Ref, enabled *bool, in function.MappingSettings) (function.Mapping, error)
	DeleteMapping(ctx context.Context, uuid string) (function.Mapping, error)
	Mappings(ctx context.Context, ref function.Ref, source, marker string, max int) (all []function.Mapping, next string, err error)
}

// Layered is what layers are.
type Layered interface {
	PublishLayer(context.Context, function.PublishLayerInput) (function.LayerVersion, error)
	LayerVersion(ctx context.Context, name string, version int64) (function.LayerVersion, error)
	DeleteLayerVersion(ctx context.Context, name string, version int64) error
	LayerVersions(ctx context.Context, name string, compatible function.Compatible, marker string, max int) (function.LayerPage, error)
	Layers(ctx context.Context, compatible function.Compatible, marker string, max int) (function.LayerPage, error)
	AddLayerPermission(context.Context, function.AddLayerPermissionInput) (statement, revision string, err error)
	RemoveLayerPermission(ctx context.Context, name string, version int64, statement, revision string) error
	LayerPolicy(ctx context.Context, name string, version int64) (function.Policy, error)
	LayerResourcePolicy(context.Context, function.LayerARN) (*policy.Document, error)
}
