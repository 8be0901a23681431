package function

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/sandbox"
)

// maxChecks is how many packages are unzipped at once: a small zip file can take
// 250 MB of memory while it is looked at.
const maxChecks = 2

// checkPackage refuses a deployment package that cannot become c's function, as far
// as can be told without compiling. most is how many bytes it may have. It takes time
// and memory proportional to the unzipped size, which is bounded, and waits if too
// many do so.
func (s *Service) checkPackage(ctx context.Context, zip []byte, most int, c Configuration) error {
	select {
	case s.checking <- struct{}{}:
		defer func() { <-s.checking }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if len(zip) == 0 {
		return invalid("Please provide a source for function code.")
	}
	if len(zip) > most {
		return errZipped(most)
	}
	pkg, err := sandbox.ReadPackage(zip, sandbox.PackageLimits{Zipped: int64(most)})
	switch {
	case errors.Is(err, sandbox.ErrNoModule):
		return invalid("The zip file holds no WebAssembly module, and Lambent does not run %s sources yet. "+
			"What runs today is a module: a file named bootstrap that is one, or a single *.wasm, whatever the Runtime. "+
			"`lambent build` makes such a zip file.", c.Runtime)
	case err != nil:
		return refusedZip("be run", err)
	}
	if err := c.checkSize(pkg.Unzipped); err != nil {
		return err
	}
	config, err := s.sandboxConfig(c, pkg.Manifest, pkg.Files, nil)
	if err != nil {
		return s.failure(ctx, Ref{Name: c.Name}, err)
	}
	if _, err := s.runner(pkg.Manifest); err != nil {
		return invalid("The function cannot be configured so: %s", reason(err))
	}
	if err := sandbox.Check(pkg.Module, config); err != nil {
		link, unlinked := errors.AsType[*engine.LinkError](err)
		switch {
		case unlinked:
			return invalid("The module %s cannot be run: %s", pkg.Entry, reason(link))
		case errors.Is(err, sandbox.ErrConfig):
			return invalid("The function cannot be configured so: %s", reason(err))
		}
		return invalid("The module %s cannot be run: %s", pkg.Entry, reason(err))
	}
	return nil
}

// errZipped refuses a zip file that is larger than most.
func errZipped(most int) error {
	return fault.New(fault.RequestEntityTooLarge, "Zipped size must be smaller than %d bytes", min(most, sandbox.DefaultZipped))
}

// refusedZip words the error of a zip file that cannot be what it was sent for.
func refusedZip(purpose string, err error) error {
	switch {
	case errors.Is(err, sandbox.ErrUnzip):
		return &fault.Error{Code: fault.InvalidParameterValue, Message: "Could not unzip uploaded file. Please check your file, then try to upload again.", Err: err}
	case errors.Is(err, sandbox.ErrTooLarge):
		return &fault.Error{Code: fault.InvalidParameterValue, Message: fmt.Sprintf("Unzipped size must be smaller than %d bytes", sandbox.DefaultUnzipped), Err: err}
	}
	return invalid("The zip file cannot %s: %s", purpose, reason(err))
}

// take notes the package in its configuration.
func (c *Configuration) take(zip []byte) {
	digest := sha256.Sum256(zip)
	c.CodeSHA256 = base64.StdEncoding.EncodeToString(digest[:])
	c.CodeSize = int64(len(zip))
}

// sandboxConfig is how a sandbox for that configuration is made; layers is what is
// known of what is in each, nil for nothing.
func (s *Service) sandboxConfig(c Configuration, m sandbox.Manifest, files fs.FS, layers [][]listed) (sandbox.Config, error) {
	views, err := s.layerViews(&c, layers)
	if err != nil {
		return sandbox.Config{}, err
	}
	return sandbox.Config{
		Limits: sandbox.Limits{
			Memory: uint64(c.MemorySize) << 20, // New keeps it below 4 GiB
			Time:   time.Duration(c.Timeout) * time.Second,
			Tmp:    int64(c.EphemeralMB) << 20,
			Fuel:   c.Fuel,
		},
		Calls:       s.config.Calls,
		Manifest:    m,
		Handler:     c.Handler,
		PerTenant:   c.Tenancy == perTenant,
		Env:         c.Environment,
		Credentials: s.placeholder(&c),
		Name:        c.Name,
		Version:     cmp.Or(c.Version, Latest),
		FunctionARN: s.ARN(Ref{Name: c.Name, Qualifier: c.Version}),
		LogGroup:    c.Logging.Group,
		Region:      s.config.Region,
		Files:       files,
		Layers:      views,
		Images:      s.config.Images,
		Now:         s.config.Now,
	}, nil
}
