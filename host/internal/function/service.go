package function

import (
	"context"

	"github.com/lambent-dev/lambent/host/internal/fault"
)

// Service is the functions of one account in one region. It is safe for
// concurrent use. Every error it returns is a *fault.Error, but for the cause of
// a context that ended.
//
// What a method answers without an error is on stable storage.
type Service struct{}

// Description is what GetFunction answers.
type Description struct {
	Configuration Configuration
	Tags          map[string]string // nil unless the Ref was unqualified, or without tags
	CodeDigest    string            // names the zip file for Service.Code
}

// Usage is what the functions of an account take.
type Usage struct {
	CodeSize  int64 // bytes of all deployment packages, zipped
	Functions int
}

// ARN returns the ARN of a function, qualified if ref is.
func (s *Service) ARN(ref Ref) string { return "" }

// Create checks a deployment package and its settings, keeps them, and answers
// with a function in state Pending: compiling goes on without the caller. With
// DryRun it only checks.
//
// Errors: InvalidParameterValue, InvalidZipFile, Validation,
// RequestEntityTooLarge, ResourceConflict (the name is taken), TooManyRequests
// (too many deployments wait), NotImplemented.
func (s *Service) Create(ctx context.Context, in CreateInput) (Configuration, error) {
	return Configuration{}, fault.New(fault.NotImplemented, "CreateFunction")
}

// UpdateCode gives a function another package. The old one answers until the new
// one is ready. Errors: those of Create, ResourceNotFound, ResourceConflict (an
// update is in progress), PreconditionFailed (another RevisionID).
func (s *Service) UpdateCode(ctx context.Context, in UpdateCodeInput) (Configuration, error) {
	return Configuration{}, fault.New(fault.NotImplemented, "UpdateFunctionCode")
}

// UpdateConfiguration changes the settings that are given. Errors: those of
// UpdateCode.
func (s *Service) UpdateConfiguration(ctx context.Context, in UpdateConfigurationInput) (Configuration, error) {
	return Configuration{}, fault.New(fault.NotImplemented, "UpdateFunctionConfiguration")
}

// Get describes a function. Errors: ResourceNotFound.
func (s *Service) Get(ctx context.Context, ref Ref) (Description, error) {
	return Description{}, fault.New(fault.NotImplemented, "GetFunction")
}

// Configuration is Get without tags and code. Errors: ResourceNotFound.
func (s *Service) Configuration(ctx context.Context, ref Ref) (Configuration, error) {
	return Configuration{}, fault.New(fault.NotImplemented, "GetFunctionConfiguration")
}

// Versions lists the versions of a function after marker, at most max of them,
// 0 meaning MaxItems: today its $LATEST. Errors: ResourceNotFound.
func (s *Service) Versions(ctx context.Context, name, marker string, max int) (Page, error) {
	return Page{}, fault.New(fault.NotImplemented, "ListVersionsByFunction")
}

// List lists the functions after marker by name, at most max of them; 0 means
// MaxItems, and so does more.
func (s *Service) List(ctx context.Context, marker string, max int) (Page, error) {
	return Page{}, fault.New(fault.NotImplemented, "ListFunctions")
}

// MaxItems is the most functions that a Page holds, as on AWS Lambda.
const MaxItems = 50

// Delete removes a function. Invocations under way end as they would have.
// Errors: ResourceNotFound, InvalidParameterValue (a qualifier of $LATEST).
func (s *Service) Delete(ctx context.Context, ref Ref) error {
	return fault.New(fault.NotImplemented, "DeleteFunction")
}

// Tags returns the tags of the function with that ARN, never nil. Errors:
// Validation, ResourceNotFound, InvalidParameterValue (a qualified ARN).
func (s *Service) Tags(ctx context.Context, arn string) (map[string]string, error) {
	return nil, fault.New(fault.NotImplemented, "ListTags")
}

// Code returns the zip file of a Description's CodeDigest, which the caller owns.
// Errors: ResourceNotFound.
func (s *Service) Code(ctx context.Context, digest string) ([]byte, error) {
	return nil, fault.New(fault.NotImplemented, "downloading code")
}

// AccountUsage adds up what there is.
func (s *Service) AccountUsage(ctx context.Context) (Usage, error) {
	return Usage{}, fault.New(fault.NotImplemented, "GetAccountSettings")
}

// Invoke gives an event to a function and waits for what it answers; the guest
// runs on the calling goroutine. A function that fails is an InvokeOutput, not an
// error. Invoking one in state Pending waits for it, bounded.
//
// Errors: ResourceNotFound, ResourceConflict (still Pending),
// InvalidParameterValue and others of a function in state Failed,
// InvalidRequestContent (the event is not JSON), RequestTooLarge, Service.
func (s *Service) Invoke(ctx context.Context, in InvokeInput) (InvokeOutput, error) {
	return InvokeOutput{}, fault.New(fault.NotImplemented, "Invoke")
}

// Close lets invocations and deployments under way end until ctx does, then ends
// them; deployments are resumed by the next Service. The store and the engine
// stay open: they are their owner's. Later calls get ServiceUnavailable.
func (s *Service) Close(ctx context.Context) error { return nil }
