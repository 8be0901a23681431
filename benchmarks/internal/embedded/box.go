package embedded

import (
	"context"
	"fmt"
	"testing/fstest"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox"
)

// Box is Lambent as an embedder has it, with its default limits (time, memory,
// logs, /tmp, responses) and one of fuel.
type Box struct {
	engine engine.Engine
	box    *sandbox.Sandbox
}

// Verify has every so manieth restored instance compared with its image, during
// the measurement: one that differs is logged.
const Verify = 1000

const (
	// fuel is what an event may take: so much that none runs out of it.
	fuel = 1e12
	// warmup is the path of the event that manifests name.
	warmup = "warmup.json"
)

// Load loads a module with the imports of lambent_v1 on an engine, which it
// closes. Events find what the mode says; warm, if not nil, is the warm-up event.
func Load(ctx context.Context, eng engine.Engine, module []byte, mode sandbox.Mode, warm []byte) (*Box, error) {
	config := sandbox.Config{Manifest: sandbox.Manifest{Mode: string(mode)}, Limits: sandbox.Limits{Fuel: fuel}, Verify: Verify}
	if warm != nil {
		config.Manifest.Warmup = warmup
		config.Files = fstest.MapFS{warmup: &fstest.MapFile{Data: warm}}
	}
	box, err := sandbox.New(ctx, eng, module, config)
	if err != nil {
		eng.Close()
		return nil, err
	}
	b := &Box{eng, box}
	if is, why := box.Mode(); is != mode {
		b.Close()
		return nil, fmt.Errorf("its mode is %s, not %s: %w", is, mode, why)
	}
	return b, nil
}

// Answer has an instance answer an event. It is safe for concurrent use.
func (b *Box) Answer(ctx context.Context, event []byte) ([]byte, error) {
	res, err := b.box.Run(ctx, event)
	return res.Response, err
}

// Close closes the engine, too.
func (b *Box) Close() error {
	if err := b.box.Close(); err != nil {
		return err
	}
	return b.engine.Close()
}
