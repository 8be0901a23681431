//go:build wasmtime && cgo && linux && amd64

package wasmtime

import (
	"fmt"
	"io"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/internal/image"
)

// frozen implements engine.Image.
type frozen struct {
	*image.Frozen
	module *module
}

// Freeze implements engine.Instance.
func (in *instance) Freeze() (engine.Image, error) {
	if err := in.module.Restorable(); err != nil {
		return nil, err
	}
	switch {
	case in.guest == nil:
		return nil, errInstanceClosed
	case in.calls > 0:
		return nil, errRunning
	}
	f := &frozen{&image.Frozen{Globals: in.getGlobals()}, in.module}
	if in.memory != nil {
		var err error
		if f.Memory, err = image.Freeze(in.memory.Bytes()); err != nil {
			return nil, fmt.Errorf("wasmtime: %w", err)
		}
	}
	return f, nil
}

// Instantiate implements engine.Image.
func (f *frozen) Instantiate(cfg engine.InstanceConfig) (engine.Instance, error) {
	in, err := f.module.make(cfg, f.Memory)
	if err != nil {
		return nil, err
	}
	in.frozen = f
	in.setGlobals()
	return in, nil
}

// WriteTo implements engine.Image.
func (f *frozen) WriteTo(w io.Writer) (int64, error) { return f.Write(w, f.module.digest) }

// ReadImage implements engine.Module.
func (m *module) ReadImage(r io.Reader, limit uint64) (engine.Image, error) {
	if err := m.Restorable(); err != nil {
		return nil, err
	}
	f, err := image.ReadFrozen(r, m.digest, len(m.program.Globals), m.binary.Memory != nil, limit)
	if err != nil {
		return nil, err
	}
	return &frozen{f, m}, nil
}
