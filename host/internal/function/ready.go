package function

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox"
)

// compiler names what makes code of modules. Code of another, or of another
// version, is of no use.
func (s *Service) compiler() string {
	return fmt.Sprintf("%s, meter %d", s.config.Engine.Name(), engine.MeterVersion)
}

// ready makes the sandbox of a deployment: of what is on disk, if it was ready
// before; of its package, if its module was compiled for another deployment, or
// has to be compiled. It returns what the deployment's record may say of the
// package, nil for nothing.
func (s *Service) ready(ctx context.Context, d *deployed) (*sandbox.Sandbox, *contents, error) {
	digest, err := d.digest()
	if err != nil {
		return nil, nil, err
	}
	open := func(module [sha256.Size]byte, m sandbox.Manifest, files fs.FS) (*sandbox.Sandbox, error) {
		config := s.sandboxConfig(d.Configuration, m, files)
		config.FilesDigest = digest
		return sandbox.Open(ctx, s.config.Engine, module, config)
	}
	again := func() (*sandbox.Package, error) { return s.unpack(s.life, digest) }
	if c := d.Contents; c != nil {
		if module, ok := c.digest(); ok {
			files := newListing(c.Files, again)
			if box, err := open(module, c.Manifest, files); !errors.Is(err, engine.ErrNotCached) {
				return box, c, err
			}
		}
	}
	pkg, err := s.unpack(ctx, digest)
	if err != nil {
		return nil, nil, err
	}
	c, err := contentsOf(pkg)
	if err != nil {
		return nil, nil, err
	}
	files := pkg.Files
	if c != nil {
		// The package is in memory now; it need not be as long as the sandbox is.
		l := newListing(c.Files, again)
		l.files = pkg.Files
		defer l.forget()
		files = l
	}
	box, err := open(sha256.Sum256(pkg.Module), pkg.Manifest, files)
	if !errors.Is(err, engine.ErrNotCached) {
		return box, c, err
	}
	if s.config.Compile != nil && d.Engine != s.compiler() {
		if err := s.config.Compile(ctx, pkg.Module); err != nil {
			return nil, nil, err
		}
	}
	config := s.sandboxConfig(d.Configuration, pkg.Manifest, files)
	config.FilesDigest = digest
	box, err = sandbox.New(ctx, s.config.Engine, pkg.Module, config)
	return box, c, err
}
