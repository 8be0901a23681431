package sandbox_test

import (
	"context"

	"github.com/lambent-dev/lambent/engine"
)

// gates is an engine that tells a test what is about to happen to its module and
// to instances of its image, and waits until the test lets it. Those that are nil
// are open.
type gates struct {
	engine.Engine
	instantiate, closeInstance, closeModule func()
}

func pass(gate func()) {
	if gate != nil {
		gate()
	}
}

func (g *gates) Compile(ctx context.Context, b *engine.Binary, host *engine.Host) (engine.Module, error) {
	m, err := g.Engine.Compile(ctx, b, host)
	if err != nil {
		return nil, err
	}
	return gatedModule{m, g}, nil
}

type gatedModule struct {
	engine.Module
	gates *gates
}

func (m gatedModule) Instantiate(ctx context.Context, cfg engine.InstanceConfig) (engine.Instance, error) {
	in, err := m.Module.Instantiate(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return frozenLater{in, m.gates}, nil
}

func (m gatedModule) Close() error {
	pass(m.gates.closeModule)
	return m.Module.Close()
}

// frozenLater is the instance that the image is made of.
type frozenLater struct {
	engine.Instance
	gates *gates
}

func (in frozenLater) Freeze() (engine.Image, error) {
	i, err := in.Instance.Freeze()
	if err != nil {
		return nil, err
	}
	return gatedImage{i, in.gates}, nil
}

type gatedImage struct {
	engine.Image
	gates *gates
}

func (i gatedImage) Instantiate(cfg engine.InstanceConfig) (engine.Instance, error) {
	pass(i.gates.instantiate)
	in, err := i.Image.Instantiate(cfg)
	if err != nil {
		return nil, err
	}
	return gatedInstance{in, i.gates}, nil
}

type gatedInstance struct {
	engine.Instance
	gates *gates
}

func (in gatedInstance) Close() error {
	pass(in.gates.closeInstance)
	return in.Instance.Close()
}
