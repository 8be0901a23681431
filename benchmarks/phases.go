package main

import (
	"context"
	"os"
	"time"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/wazero"
	"github.com/lambent-dev/lambent/sandbox"
)

// How often the phases are measured.
const (
	phaseRuns   = 5   // making a Sandbox
	phaseEvents = 100 // events in each
)

// Phases is where Lambent's time goes. Every list holds one value per
// measurement, durations in nanoseconds.
type Phases struct {
	Handler    string
	ModuleSize int // bytes

	Check   []time.Duration // engine.Check
	Compile []time.Duration // Engine.Compile, nothing cached
	New     []time.Duration // sandbox.New, nothing cached: check, compile, first instance
	Load    []time.Duration // Engine.Compile by a new engine that finds the code in CacheDir
	NewLoad []time.Duration // sandbox.New with that engine

	Run    []time.Duration // Sandbox.Run
	Init   []time.Duration // Usage.Init: instantiate, _initialize, lambent_init
	Handle []time.Duration // Usage.Duration: the handler

	MemoryPeak uint64 // Usage.MemoryPeak, bytes
}

// stopwatch is an engine that takes the time of compiling.
type stopwatch struct {
	engine.Engine
	took time.Duration
}

func (s *stopwatch) Compile(ctx context.Context, b *engine.Binary, host *engine.Host) (engine.Module, error) {
	begin := time.Now()
	m, err := s.Engine.Compile(ctx, b, host)
	s.took = time.Since(begin)
	return m, err
}

// measurePhases puts its code cache into dir.
func measurePhases(ctx context.Context, h handler, dir string) (Phases, error) {
	p := Phases{Handler: h.name, ModuleSize: len(h.lambent)}
	cache, err := os.MkdirTemp(dir, "cache-")
	if err != nil {
		return p, err
	}
	// The first one fills the cache.
	if _, _, err := makeBox(ctx, h, wazero.Config{CacheDir: cache}, nil); err != nil {
		return p, err
	}
	for range phaseRuns {
		begin := time.Now()
		if _, err := engine.Check(h.lambent, engine.ModuleLimits{}); err != nil {
			return p, err
		}
		p.Check = append(p.Check, time.Since(begin))

		whole, compile, err := makeBox(ctx, h, wazero.Config{}, p.run)
		if err != nil {
			return p, err
		}
		p.New, p.Compile = append(p.New, whole), append(p.Compile, compile)

		whole, compile, err = makeBox(ctx, h, wazero.Config{CacheDir: cache}, nil)
		if err != nil {
			return p, err
		}
		p.NewLoad, p.Load = append(p.NewLoad, whole), append(p.Load, compile)
	}
	return p, nil
}

// makeBox makes a Sandbox on an engine of its own, and says how long that took
// and how much of it was Engine.Compile. Use, if not nil, then uses it.
func makeBox(ctx context.Context, h handler, config wazero.Config, use func(context.Context, *sandbox.Sandbox) error) (whole, compile time.Duration, err error) {
	eng, err := wazero.New(config)
	if err != nil {
		return 0, 0, err
	}
	defer eng.Close()
	watch := &stopwatch{Engine: eng}
	begin := time.Now()
	box, err := sandbox.New(ctx, watch, h.lambent, sandbox.Config{})
	if err != nil {
		return 0, 0, err
	}
	whole = time.Since(begin)
	defer box.Close()
	if use != nil {
		err = use(ctx, box)
	}
	return whole, watch.took, err
}

// run measures events.
func (p *Phases) run(ctx context.Context, box *sandbox.Sandbox) error {
	for i := range warmUp + phaseEvents {
		begin := time.Now()
		res, err := box.Run(ctx, []byte(event))
		took := time.Since(begin)
		if err != nil {
			return err
		}
		if i < warmUp {
			continue
		}
		p.Run = append(p.Run, took)
		p.Init = append(p.Init, res.Usage.Init)
		p.Handle = append(p.Handle, res.Usage.Duration)
		p.MemoryPeak = max(p.MemoryPeak, res.Usage.MemoryPeak)
	}
	return nil
}
