package wazero

import (
	"context"
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
	if in.guest == nil {
		return nil, errInstanceClosed
	}
	f := &frozen{&image.Frozen{}, in.module}
	for _, g := range in.globals {
		f.Globals = append(f.Globals, g.Get())
	}
	if in.memory != nil {
		var err error
		if f.Memory, err = image.Freeze(in.memory.Bytes()); err != nil {
			return nil, fmt.Errorf("wazero: %w", err)
		}
	}
	return f, nil
}

// Instantiate implements engine.Image.
func (f *frozen) Instantiate(cfg engine.InstanceConfig) (engine.Instance, error) {
	in, err := f.module.make(context.Background(), cfg, f.Memory)
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
