package function

import (
	"context"
	"errors"
	"fmt"

	"github.com/lambent-dev/lambent/host/internal/bucket"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/sandbox"
)

// Object is where a deployment package is, in a store of objects.
type Object struct {
	Bucket, Key string
	Version     string // "" is the newest
}

// limit is how many bytes a package may have: one that is fetched, as many as its
// content may.
func (o *Object) limit() int {
	if o == nil {
		return sandbox.DefaultZipped
	}
	return sandbox.DefaultUnzipped
}

// NoObject is the error of a package that may not be read, for that reason.
func NoObject(o *Object, why string) *fault.Error {
	return fault.New(fault.AccessDenied, "Your access has been denied by S3, please make sure your request credentials have permission to GetObject for %s/%s. S3 Error Code: AccessDenied. S3 Error Message: %s", o.Bucket, o.Key, why)
}

// fetch reads a package, unless o is nil. It waits while others do: one can take
// 250 MB of memory.
func (s *Service) fetch(ctx context.Context, o *Object, zip *[]byte) error {
	switch {
	case o == nil:
		return nil
	case *zip != nil:
		return invalid("Please do not provide other FunctionCode parameters when providing a ZipFile.")
	case o.Bucket == "" || o.Key == "":
		return invalid("Please provide both of S3Bucket and S3Key.")
	case s.config.Objects == nil:
		return invalid("This host has no store of objects that it could fetch code from; give the zip file itself, as ZipFile.")
	}
	select {
	case s.fetching <- struct{}{}:
		defer func() { <-s.fetching }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	object, err := s.config.Objects.Get(ctx, o.Bucket, o.Key, o.Version, o.limit())
	refused, isRefused := errors.AsType[*bucket.Error](err)
	switch {
	case err == nil:
		*zip = object
		return nil
	case isRefused && refused.Code == "AccessDenied":
		return NoObject(o, refused.Message)
	case isRefused:
		return invalid("Error occurred while GetObject. S3 Error Code: %s. S3 Error Message: %s", refused.Code, refused.Message)
	case errors.Is(err, bucket.ErrTooLarge):
		return &fault.Error{Code: fault.InvalidParameterValue, Message: fmt.Sprintf("Unzipped size must be smaller than %d bytes", sandbox.DefaultUnzipped), Err: err}
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	return &fault.Error{Code: fault.ServiceUnavailable, Message: "The store of objects does not answer; try again later.", Err: err}
}
