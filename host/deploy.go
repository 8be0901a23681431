package host

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"time"

	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/sandbox"
)

// Deployment is code with settings. Name and one of Zip and Module are required;
// the zero value of every other field means its default.
type Deployment struct {
	Name string // letters, digits, - and _; at most 64

	// Zip is a deployment package, as "lambent build" makes it: a zip file with
	// a WebAssembly module as "bootstrap", or as its only *.wasm, at most
	// 52,428,800 bytes. Module is a WebAssembly module alone.
	Zip, Module []byte

	// Handler names one of the handlers that the module registered. A module
	// with a single handler accepts any name. Default: "bootstrap".
	Handler     string
	Description string // at most 256 bytes

	// Timeout is how long handling one event may take: whole seconds, 1 s to
	// 15 min. Default: 3 s.
	Timeout time.Duration
	// Memory is the most linear memory in MB of 2^20 bytes, 128 to 10,240; no
	// function gets 4,096 or more. Default: 128.
	Memory int
	// Tmp is the size of /tmp in MB, 512 to 10,240. Default: 512.
	Tmp int
	// Fuel is how many units of work handling one event may take, see
	// sandbox.Limits. Default: the package's lambent.json decides, else unlimited.
	Fuel uint64

	// Verify are sample events, on which engines are compared before what is deployed
	// answers anything else: the function's own engine, wazero's compiler and
	// interpreter, and Config.Verifiers. They have to agree on response or error, log,
	// fuel, calls of the host and memory, or the deployment fails; what clocks,
	// randomness and Config.Calls answer is recorded on the first and given to the
	// others. Function.Verified says what was compared, and which events failed on all
	// alike, which is no error. Limits bounds how many and how large they may be.
	// Default, nil: nothing is compared. An empty list is refused.
	Verify []SampleEvent

	Env  map[string]string // at most 4,096 bytes as JSON
	Tags map[string]string // at most 50

	// Role is the ARN of the execution role, whose credentials events find where
	// roles are enforced, see Host.EnforceRoles; one that is not there has none.
	// Runtime is stored and described, and has no effect. Defaults:
	// "arn:aws:iam::000000000000:role/lambent", "provided.al2023".
	Runtime, Role string
}

// SampleEvent is an event for Deployment.Verify. Name is for people, 1 to 128 bytes;
// Event is JSON.
type SampleEvent = function.SampleEvent

// Verification is what engines agreed on.
type Verification = function.Verification

// defaultRole has the account that AWS itself never gives to anybody.
const defaultRole = "arn:aws:iam::000000000000:role/lambent"

// Deploy creates a function or replaces what is there, waits until it is ready,
// and describes it. Until then, and if it cannot become ready, what was deployed
// before goes on answering. Deploying again what is there does nothing, unless
// d.Verify asks for something.
//
// Errors: CodeInvalidParameterValue and CodeValidation name what is wrong with
// the deployment, or why it failed; CodeRequestEntityTooLarge,
// CodeTooManyRequests, CodeServiceUnavailable. If ctx ends first, the deployment
// may go on.
func (h *Host) Deploy(ctx context.Context, d Deployment) (Function, error) {
	code := d.Zip
	if d.Module != nil {
		if d.Zip != nil {
			return Function{}, invalid("The deployment of %q has a Zip and a Module; give one of them.", d.Name)
		}
		var err error
		if code, err = pack(d.Module); err != nil {
			return Function{}, err
		}
	}
	if d.Timeout%time.Second != 0 {
		return Function{}, invalid("Timeout is %v; it must be whole seconds.", d.Timeout)
	}
	d.Handler = cmp.Or(d.Handler, "bootstrap")
	d.Runtime = cmp.Or(d.Runtime, "provided.al2023")
	d.Role = cmp.Or(d.Role, defaultRole)
	settings := function.Settings{
		Description: &d.Description,
		Runtime:     &d.Runtime,
		Handler:     &d.Handler,
		Role:        &d.Role,
		Environment: d.Env,
		Timeout:     given(int(d.Timeout / time.Second)),
		MemorySize:  given(d.Memory),
		EphemeralMB: given(d.Tmp),
		Fuel:        given(d.Fuel),
	}
	return h.service.Put(ctx, function.CreateInput{Name: d.Name, Zip: code, Tags: d.Tags, Settings: settings, Verify: d.Verify})
}

// given returns nil for what was left out.
func given[T comparable](value T) *T {
	var zero T
	if value == zero {
		return nil
	}
	return &value
}

// pack makes a deployment package of a module; the same module gives the same
// bytes.
func pack(module []byte) ([]byte, error) {
	if len(module) > sandbox.DefaultUnzipped {
		return nil, invalid("Module has %d bytes; at most %d are allowed.", len(module), sandbox.DefaultUnzipped)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create("bootstrap")
	if err == nil {
		_, err = f.Write(module)
	}
	if err == nil {
		err = w.Close()
	}
	return b.Bytes(), err
}
