package main

import (
	"context"
	"fmt"
	"testing/fstest"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/wazero"
	"github.com/lambent-dev/lambent/sandbox"
)

// lambentBox is Lambent as an embedder has it, with its default limits (time,
// memory, logs, /tmp, responses) and one of fuel.
type lambentBox struct {
	engine engine.Engine
	box    *sandbox.Sandbox
}

// verify has every so manieth restored instance compared with its image, during
// the measurement: one that differs is logged.
const verify = 1000

// warmup is the path of the event that manifests name.
const warmup = "warmup.json"

// loadLambent loads it in a mode; with a warm-up event, if it is told so, that is
// the one of the benchmark.
func loadLambent(mode sandbox.Mode, warm bool) func(context.Context, handler) (contender, error) {
	config := sandbox.Config{Manifest: sandbox.Manifest{Mode: string(mode)}, Limits: sandbox.Limits{Fuel: fuel}, Verify: verify}
	if warm {
		config.Manifest.Warmup = warmup
		config.Files = fstest.MapFS{warmup: &fstest.MapFile{Data: []byte(event)}}
	}
	return func(ctx context.Context, h handler) (contender, error) {
		eng, err := wazero.New(wazero.Config{})
		if err != nil {
			return nil, err
		}
		box, err := sandbox.New(ctx, eng, h.lambent, config)
		if err != nil {
			eng.Close()
			return nil, err
		}
		l := &lambentBox{eng, box}
		if is, why := box.Mode(); is != mode {
			l.Close()
			return nil, fmt.Errorf("its mode is %s, not %s: %w", is, mode, why)
		}
		return l, nil
	}
}

// fuel is what an event may take: so much that none runs out of it.
const fuel = 1e12

func (l *lambentBox) Answer(ctx context.Context, event []byte) ([]byte, error) {
	res, err := l.box.Run(ctx, event)
	return res.Response, err
}

func (l *lambentBox) Close() error {
	if err := l.box.Close(); err != nil {
		return err
	}
	return l.engine.Close()
}
