package main

import (
	"context"
	"crypto/sha256"
	"io"
	"sync/atomic"
	"time"

	"github.com/lambent-dev/lambent/engine"
)

// stopwatch is an engine that adds up what its phases take.
type stopwatch struct {
	engine.Engine
	load        atomic.Int64 // nanoseconds
	instantiate atomic.Int64
	inside      atomic.Int64 // of instantiate, what sandbox counts as init
	restore     atomic.Int64
}

// laps are the sums at one time.
type laps struct{ load, instantiate, inside, restore int64 }

func (s *stopwatch) laps() laps {
	return laps{s.load.Load(), s.instantiate.Load(), s.inside.Load(), s.restore.Load()}
}

// since fills in the phases since then; init is what sandbox says.
func (s *stopwatch) since(then laps, init time.Duration, sample *benchSample) {
	now := s.laps()
	sample.Load = now.load - then.load
	sample.Instantiate = now.instantiate - then.instantiate
	sample.Init = max(0, int64(init)-(now.inside-then.inside))
	sample.Restore = now.restore - then.restore
}

func lap(begin time.Time, sums ...*atomic.Int64) {
	took := int64(time.Since(begin))
	for _, sum := range sums {
		sum.Add(took)
	}
}

func (s *stopwatch) Compile(ctx context.Context, b *engine.Binary, host *engine.Host) (engine.Module, error) {
	defer lap(time.Now(), &s.load)
	m, err := s.Engine.Compile(ctx, b, host)
	return s.module(m), err
}

func (s *stopwatch) Load(ctx context.Context, digest [sha256.Size]byte, host *engine.Host) (engine.Module, error) {
	defer lap(time.Now(), &s.load)
	m, err := s.Engine.Load(ctx, digest, host)
	return s.module(m), err
}

func (s *stopwatch) module(m engine.Module) engine.Module {
	if m == nil {
		return nil
	}
	return watchedModule{m, s}
}

type watchedModule struct {
	engine.Module
	watch *stopwatch
}

func (m watchedModule) Instantiate(ctx context.Context, cfg engine.InstanceConfig) (engine.Instance, error) {
	defer lap(time.Now(), &m.watch.instantiate, &m.watch.inside)
	in, err := m.Module.Instantiate(ctx, cfg)
	return m.watch.instance(in), err
}

func (m watchedModule) ReadImage(r io.Reader, limit uint64) (engine.Image, error) {
	image, err := m.Module.ReadImage(r, limit)
	return m.watch.image(image), err
}

func (s *stopwatch) image(i engine.Image) engine.Image {
	if i == nil {
		return nil
	}
	return watchedImage{i, s}
}

type watchedImage struct {
	engine.Image
	watch *stopwatch
}

func (i watchedImage) Instantiate(cfg engine.InstanceConfig) (engine.Instance, error) {
	defer lap(time.Now(), &i.watch.instantiate)
	in, err := i.Image.Instantiate(cfg)
	return i.watch.instance(in), err
}

func (s *stopwatch) instance(in engine.Instance) engine.Instance {
	if in == nil {
		return nil
	}
	return watchedInstance{in, s}
}

type watchedInstance struct {
	engine.Instance
	watch *stopwatch
}

func (in watchedInstance) Freeze() (engine.Image, error) {
	image, err := in.Instance.Freeze()
	return in.watch.image(image), err
}

func (in watchedInstance) Restorer() engine.Restorer {
	r := in.Instance.Restorer()
	if r == nil {
		return nil
	}
	return watchedRestorer{r, in.watch}
}

type watchedRestorer struct {
	engine.Restorer
	watch *stopwatch
}

func (r watchedRestorer) Restore() error {
	defer lap(time.Now(), &r.watch.restore)
	return r.Restorer.Restore()
}
