package function

import (
	"encoding/json"

	"github.com/lambent-dev/lambent/sandbox"
)

// Operations, one method of Service each. A nil pointer or slice is a field
// that the caller left out. Verify has engines compared on sample events before
// what was deployed becomes Active; see verify.go.

// Ref names a function, and a version of it. The wire forms (name, partial and
// full ARN) are taken apart before.
type Ref struct {
	Name      string
	Qualifier string // "", "$LATEST", a version or an alias
}

// CreateInput is what CreateFunction takes.
type CreateInput struct {
	Name    string
	Zip     []byte
	Object  *Object // where the zip file is, instead of Zip
	Publish bool
	Tags    map[string]string
	Tenancy *string // stays; see Configuration
	Verify  []SampleEvent
	Settings
}

// UpdateCodeInput is what UpdateFunctionCode takes.
type UpdateCodeInput struct {
	Ref           Ref
	Zip           []byte
	Object        *Object // where the zip file is, instead of Zip
	Architectures []string
	RevisionID    string // "" if none was given
	Publish       bool
	DryRun        bool
	Verify        []SampleEvent
}

// UpdateConfigurationInput is what UpdateFunctionConfiguration takes.
type UpdateConfigurationInput struct {
	Ref        Ref
	RevisionID string
	Verify     []SampleEvent
	Settings
}

// Settings are the parts of a configuration that a caller may give.
type Settings struct {
	Description, Runtime, Handler, Role *string
	Timeout, MemorySize, EphemeralMB    *int
	Fuel                                *uint64           // see Configuration
	Environment                         map[string]string // empty but not nil clears
	Layers, Architectures               []string          // Layers are ARNs; empty but not nil clears
	PackageType, TracingMode            *string
	KMSKeyARN, DeadLetterARN, SnapStart *string
	Logging                             *Logging
	VPC                                 *VPC

	layers []Layer // Layers, when they were found
}

// Page is a part of a list. Next is the marker of the part after it, "" at the
// end.
type Page struct {
	Functions []Configuration
	Next      string
}

// InvokeInput is what Invoke takes.
type InvokeInput struct {
	Ref           Ref
	RequestID     string
	InvokedARN    string // as the caller named it; "" for the one without a qualifier
	Event         []byte // is kept until the invocation ends
	ClientContext json.RawMessage
	Tenant        string // of a function with tenancy
	Tail          bool   // return the last 4 KiB of the log
}

// InvokeOutput is what came of it. A function that failed is no error: its
// error object is the payload.
type InvokeOutput struct {
	Payload []byte
	Meta    json.RawMessage // see sandbox.Result
	Failed  bool
	Version string // that was executed
	Usage   sandbox.Usage
	LogTail []byte // at most 4 KiB, if asked for
}
