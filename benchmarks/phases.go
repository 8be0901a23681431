package main

import (
	"context"
	"crypto/sha256"
	"fmt"
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

	// The way of a function that was ready before: without the module's bytes, and
	// without its init phase.
	LoadCode []time.Duration // Engine.Load by a new engine
	Open     []time.Duration // sandbox.Open with that engine, the image kept
	First    []time.Duration // the first Sandbox.Run after that

	Run    []time.Duration // Sandbox.Run
	Init   []time.Duration // Usage.Init: instantiate, _initialize, lambent_init
	Handle []time.Duration // Usage.Duration: the handler

	MemoryPeak uint64 // Usage.MemoryPeak, bytes
}

// stopwatch is an engine that takes the time of compiling and loading.
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

// Load implements engine.Engine.
func (s *stopwatch) Load(ctx context.Context, digest [sha256.Size]byte, host *engine.Host) (engine.Module, error) {
	begin := time.Now()
	m, err := s.Engine.Load(ctx, digest, host)
	s.took = time.Since(begin)
	return m, err
}

// measurePhases puts its code cache and images into dir.
func measurePhases(ctx context.Context, h handler, dir string) (Phases, error) {
	p := Phases{Handler: h.name, ModuleSize: len(h.lambent)}
	cache, err := os.MkdirTemp(dir, "cache-")
	if err != nil {
		return p, err
	}
	images, err := sandbox.NewImageFolder(cache+"-images", 0)
	if err != nil {
		return p, err
	}
	digest := sha256.Sum256(h.lambent)
	cached := wazero.Config{CacheDir: cache}
	compile := func(ctx context.Context, eng engine.Engine) (*sandbox.Sandbox, error) {
		return sandbox.New(ctx, eng, h.lambent, sandbox.Config{})
	}
	compileAndKeep := func(ctx context.Context, eng engine.Engine) (*sandbox.Sandbox, error) {
		return sandbox.New(ctx, eng, h.lambent, sandbox.Config{Images: images})
	}
	open := func(ctx context.Context, eng engine.Engine) (*sandbox.Sandbox, error) {
		return sandbox.Open(ctx, eng, digest, sandbox.Config{Images: images})
	}
	// The first one fills the cache and the folder of images.
	if _, _, err := makeBox(ctx, cached, compileAndKeep, nil); err != nil {
		return p, err
	}
	for range phaseRuns {
		begin := time.Now()
		if _, err := engine.Check(h.lambent, engine.ModuleLimits{}); err != nil {
			return p, err
		}
		p.Check = append(p.Check, time.Since(begin))
		for _, one := range []struct {
			config      wazero.Config
			make        func(context.Context, engine.Engine) (*sandbox.Sandbox, error)
			use         func(context.Context, *sandbox.Sandbox) error
			whole, part *[]time.Duration
		}{
			{wazero.Config{}, compile, p.run, &p.New, &p.Compile},
			{cached, compile, nil, &p.NewLoad, &p.Load},
			{cached, open, p.first, &p.Open, &p.LoadCode},
		} {
			whole, part, err := makeBox(ctx, one.config, one.make, one.use)
			if err != nil {
				return p, err
			}
			*one.whole, *one.part = append(*one.whole, whole), append(*one.part, part)
		}
	}
	return p, nil
}

// makeBox makes a Sandbox on an engine of its own, and says how long that took
// and how much of it was the engine's compiling or loading. use, if not nil, then
// uses it.
func makeBox(ctx context.Context, config wazero.Config, make func(context.Context, engine.Engine) (*sandbox.Sandbox, error),
	use func(context.Context, *sandbox.Sandbox) error) (whole, part time.Duration, err error) {
	eng, err := wazero.New(config)
	if err != nil {
		return 0, 0, err
	}
	defer eng.Close()
	watch := &stopwatch{Engine: eng}
	begin := time.Now()
	box, err := make(ctx, watch)
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

// first measures the first event.
func (p *Phases) first(ctx context.Context, box *sandbox.Sandbox) error {
	begin := time.Now()
	res, err := box.Run(ctx, []byte(event))
	p.First = append(p.First, time.Since(begin))
	if err == nil && res.Usage.Init != 0 {
		err = fmt.Errorf("the init phase took %v; an image was to be there", res.Usage.Init)
	}
	return err
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
