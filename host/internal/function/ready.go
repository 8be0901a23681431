package function

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox"
)

// compiler names what makes code of modules. Code of another, or of another
// version, is of no use.
func (r Runner) compiler() string {
	return fmt.Sprintf("%s, meter %d", r.Engine.Name(), engine.MeterVersion)
}

// runner returns what runs functions with that manifest.
func (s *Service) runner(m sandbox.Manifest) (Runner, error) {
	if m.Engine == "" {
		return Runner{s.config.Engine, s.config.Compile}, nil
	}
	if r, ok := s.config.Runners[m.Engine]; ok {
		return r, nil
	}
	return Runner{}, &absentEngineError{m.Engine, slices.Sorted(maps.Keys(s.config.Runners))}
}

// absentEngineError: a host has not the engine that a function names; it may have had
// it when the function was deployed.
type absentEngineError struct {
	name string
	has  []string
}

func (e *absentEngineError) Error() string {
	return fmt.Sprintf("lambent.json names the engine %.100q; this host has %q", e.name, e.has)
}

func (e *absentEngineError) Unwrap() error { return sandbox.ErrConfig }

// made is a deployment that is ready.
type made struct {
	box      *sandbox.Sandbox
	contents *contents // what the record may say of the package, nil for nothing
	compiler string    // of its module
}

// ready makes the sandbox of a deployment: of what is on disk, if it was ready
// before; of its package, if its module was compiled for another deployment, or
// has to be compiled.
func (s *Service) ready(ctx context.Context, d *deployed) (made, error) {
	digest, err := d.digest()
	if err != nil {
		return made{}, err
	}
	filesDigest, err := d.filesDigest()
	if err != nil {
		return made{}, err
	}
	config := func(m sandbox.Manifest, files fs.FS, layers [][]listed) (sandbox.Config, error) {
		c, err := s.sandboxConfig(d.Configuration, m, files, layers)
		c.FilesDigest = filesDigest
		return c, err
	}
	open := func(module [sha256.Size]byte, m sandbox.Manifest, files fs.FS, layers [][]listed) (made, error) {
		r, err := s.runner(m)
		if err != nil {
			return made{}, err
		}
		config, err := config(m, files, layers)
		if err != nil {
			return made{}, err
		}
		box, err := sandbox.Open(ctx, r.Engine, module, config)
		return made{box: box, compiler: r.compiler()}, err
	}
	again := func() (*sandbox.Package, error) { return s.unpack(s.life, digest) }
	if c := d.Contents; c != nil {
		if module, ok := c.digest(); ok {
			files := newListing(c.Files, again)
			if m, err := open(module, c.Manifest, files, c.Layers); !errors.Is(err, engine.ErrNotCached) {
				m.contents = c
				return m, err
			}
		}
	}
	pkg, err := s.unpack(ctx, digest)
	if err != nil {
		return made{}, err
	}
	c, err := contentsOf(pkg)
	if err != nil {
		return made{}, err
	}
	files, layers := pkg.Files, [][]listed(nil)
	if c != nil {
		if c.Layers, err = s.listLayers(ctx, &d.Configuration); err != nil {
			return made{}, err
		}
		layers = c.Layers
		// The package is in memory now; it need not be as long as the sandbox is.
		l := newListing(c.Files, again)
		l.files = pkg.Files
		defer l.forget()
		files = l
	}
	m, err := open(sha256.Sum256(pkg.Module), pkg.Manifest, files, layers)
	m.contents = c
	if !errors.Is(err, engine.ErrNotCached) {
		return m, err
	}
	r, err := s.runner(pkg.Manifest)
	if err != nil {
		return made{}, err
	}
	if r.Compile != nil && d.Engine != r.compiler() {
		if err := r.Compile(ctx, pkg.Module); err != nil {
			return made{}, err
		}
	}
	with, err := config(pkg.Manifest, files, layers)
	if err != nil {
		return made{}, err
	}
	m.box, err = sandbox.New(ctx, r.Engine, pkg.Module, with)
	return m, err
}
