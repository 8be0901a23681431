package api

import (
	"context"
	"strings"
	"time"

	"github.com/lambent-dev/lambent/host/internal/auth/policy"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// fake is a Functions that remembers what it was asked and has one function,
// "there", unless it was created.
type fake struct {
	Attached      // of which it has nothing else than what is below
	Layered       // the same
	created       *function.CreateInput
	updatedCode   *function.UpdateCodeInput
	updatedConfig *function.UpdateConfigurationInput
	invoked       *function.InvokeInput
	added         *function.AddPermissionInput
	listed        []any
	err           error // of everything, if set
	out           function.InvokeOutput
	policies      map[function.Ref]*policy.Document
}

const zipDigest = "0d3f" // of the fake's code

func (f *fake) ARN(ref function.Ref) string {
	arn := "arn:aws:lambda:us-east-1:000000000000:function:" + ref.Name
	if ref.Qualifier != "" {
		arn += ":" + ref.Qualifier
	}
	return arn
}

func (f *fake) find(ref function.Ref) (function.Configuration, error) {
	if f.err != nil {
		return function.Configuration{}, f.err
	}
	if ref.Name != "there" || ref.Qualifier != "" && ref.Qualifier != "$LATEST" {
		return function.Configuration{}, fault.New(fault.ResourceNotFound, "Function not found: %s", f.ARN(ref))
	}
	return f.configuration(ref), nil
}

func (f *fake) configuration(ref function.Ref) function.Configuration {
	return function.Configuration{
		Name: ref.Name, ARN: f.ARN(ref), Version: "$LATEST", Runtime: "provided.al2023", Handler: "bootstrap",
		Role: "arn:aws:iam::000000000000:role/r", Timeout: 3, MemorySize: 128, EphemeralMB: 512,
		Architectures: []string{"x86_64"}, PackageType: "Zip", TracingMode: "PassThrough", SnapStart: "None",
		Logging:    function.Logging{Format: "Text", Group: "/aws/lambda/" + ref.Name},
		CodeSHA256: "sha=", CodeSize: 7, LastModified: time.Date(2026, 3, 1, 12, 0, 0, 5e6, time.UTC), RevisionID: "r-1",
		State: function.Status{Is: "Active"}, Update: function.Status{Is: "Successful"},
	}
}

func (f *fake) Create(_ context.Context, in function.CreateInput) (function.Configuration, error) {
	f.created = &in
	c := f.configuration(function.Ref{Name: in.Name})
	c.Environment = in.Environment
	c.State, c.Update = function.Status{Is: "Pending", Reason: "The function is being created.", Code: "Creating"}, function.Status{}
	return c, f.err
}

func (f *fake) UpdateCode(_ context.Context, in function.UpdateCodeInput) (function.Configuration, error) {
	f.updatedCode = &in
	c, err := f.find(in.Ref)
	if in.Verify != nil {
		c.Verified = &function.Verification{Events: len(in.Verify), Engines: []string{"one", "two"}}
	}
	return c, err
}

func (f *fake) UpdateConfiguration(_ context.Context, in function.UpdateConfigurationInput) (function.Configuration, error) {
	f.updatedConfig = &in
	c, err := f.find(in.Ref)
	if in.Fuel != nil {
		c.Fuel = *in.Fuel
	}
	c.Update = function.Status{Is: "InProgress", Reason: "The function is being created.", Code: "Creating"}
	return c, err
}

func (f *fake) Get(_ context.Context, ref function.Ref) (function.Description, error) {
	c, err := f.find(ref)
	return function.Description{Configuration: c, Tags: map[string]string{"team": "a<b"}, CodeDigest: zipDigest}, err
}

func (f *fake) Configuration(_ context.Context, ref function.Ref) (function.Configuration, error) {
	return f.find(ref)
}

func (f *fake) Versions(_ context.Context, name, marker string, max int) (function.Page, error) {
	f.listed = []any{name, marker, max}
	c, err := f.find(function.Ref{Name: name})
	c.ARN += ":$LATEST"
	return function.Page{Functions: []function.Configuration{c}}, err
}

func (f *fake) List(_ context.Context, marker string, max int) (function.Page, error) {
	f.listed = []any{marker, max}
	if marker == "there" {
		return function.Page{}, f.err
	}
	return function.Page{Functions: []function.Configuration{f.configuration(function.Ref{Name: "there"})}, Next: "there"}, f.err
}

func (f *fake) Delete(_ context.Context, ref function.Ref) error {
	_, err := f.find(ref)
	return err
}

func (f *fake) Tags(_ context.Context, arn string) (map[string]string, error) {
	if !strings.HasSuffix(arn, ":there") {
		return nil, fault.New(fault.ResourceNotFound, "Function not found: %s", arn)
	}
	return map[string]string{}, f.err
}

func (f *fake) Code(_ context.Context, digest string) ([]byte, error) {
	if digest != zipDigest {
		return nil, fault.New(fault.ResourceNotFound, "no code %s", digest)
	}
	return []byte("PK zip"), f.err
}

func (f *fake) AccountUsage(context.Context) (function.Usage, error) {
	return function.Usage{CodeSize: 7, CodeStorage: function.DefaultCodeStorage, Functions: 1, Unreserved: 1000}, f.err
}

func (f *fake) Invoke(_ context.Context, in function.InvokeInput) (function.InvokeOutput, error) {
	f.invoked = &in
	if _, err := f.find(in.Ref); err != nil {
		return function.InvokeOutput{}, err
	}
	out := f.out
	if out.Payload == nil {
		out.Payload = in.Event
	}
	out.Version = "$LATEST"
	if in.Tail {
		out.LogTail = []byte("END RequestId: " + in.RequestID + "\n")
	}
	return out, nil
}

func newFake() (*fake, *API) {
	f := &fake{}
	return f, New(f, nil)
}
