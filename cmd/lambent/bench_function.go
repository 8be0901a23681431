package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/wazero"
	"github.com/lambent-dev/lambent/sandbox"
)

// Events that are not measured, and events whose phases are.
const (
	benchWarmUp = 100
	benchPhases = 100
)

// bench measures a function that is run here.
type bench struct {
	module   []byte
	digest   [sha256.Size]byte // of module
	config   sandbox.Config
	event    []byte
	cache    string // folder of caches, the filled one among them
	report   *benchReport
	progress *progress
}

func (o *benchOptions) benchFunction(ctx context.Context, path string, event []byte, plan benchPlan, report *benchReport, progress *progress) error {
	config, err := o.function.config()
	if err != nil {
		return err
	}
	pkg, err := load(ctx, path, progress)
	if err != nil {
		return err
	}
	if config.Name, err = functionName(path); err != nil {
		return err
	}
	config.Manifest, config.Files, config.Verify = pkg.Manifest, pkg.Files, o.verify
	if o.mode != "" {
		config.Manifest.Mode = o.mode
		if sandbox.Mode(o.mode) != sandbox.Pristine {
			config.Manifest.Warmup = "" // it is for pristine instances
		}
		if err := config.Manifest.Check(); err != nil {
			return fmt.Errorf("--mode %s: allowed are %s, %s and %s", o.mode, sandbox.Pristine, sandbox.InitEach, sandbox.Reuse)
		}
	}
	report.Function, report.ModuleBytes = config.Name, len(pkg.Module)
	b := &bench{module: pkg.Module, digest: sha256.Sum256(pkg.Module), config: config, event: event, report: report, progress: progress}
	b.config.FilesDigest = b.digest // nobody else's images are in the folder
	if b.cache, err = os.MkdirTemp("", "lambent-bench-"); err != nil {
		return err
	}
	defer os.RemoveAll(b.cache)
	if o.cold > 0 {
		err = b.cold(ctx, o.cold)
	}
	if err == nil {
		err = b.warm(ctx, plan)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// box is a function on an engine of its own.
type box struct {
	*sandbox.Sandbox
	engine engine.Engine
	event  []byte
	watch  *stopwatch // nil: its phases are not measured
}

// open makes a box whose compiled code and image are kept in a folder: of what is
// there, as a server does for the functions that it knows.
func (b *bench) open(ctx context.Context, cache string, watch *stopwatch) (*box, error) {
	config := b.config
	images, err := sandbox.NewImageFolder(filepath.Join(cache, "images"), 0)
	if err != nil {
		return nil, err
	}
	config.Images = images
	eng, err := wazero.New(wazero.Config{CacheDir: cache})
	if err != nil {
		return nil, err
	}
	opened := &box{engine: eng, event: b.event, watch: watch}
	if watch != nil {
		watch.Engine, opened.engine = eng, watch
	}
	opened.Sandbox, err = sandbox.Open(ctx, opened.engine, b.digest, config)
	if errors.Is(err, engine.ErrNotCached) {
		opened.Sandbox, err = sandbox.New(ctx, opened.engine, b.module, config)
	}
	if err != nil {
		return nil, errors.Join(err, eng.Close())
	}
	return opened, nil
}

func (b *box) close() error { return errors.Join(b.Close(), b.engine.Close()) }

// invoke sends one event. With a stopwatch there is one at a time.
func (b *box) invoke(ctx context.Context, s *benchSample) error {
	var before laps
	if b.watch != nil {
		before = b.watch.laps()
	}
	res, err := b.Run(ctx, b.event)
	failed, ok := errors.AsType[*sandbox.FunctionError](err)
	if err != nil && !ok {
		return err
	}
	s.note(res.Usage, failed)
	if b.watch != nil {
		b.watch.since(before, res.Usage.Init, s)
	}
	return nil
}

// note fills in what the invocation says of itself.
func (s *benchSample) note(u sandbox.Usage, failed *sandbox.FunctionError) {
	s.Init, s.Run, s.Fuel = int64(u.Init), int64(u.Duration), u.Fuel
	if failed != nil {
		s.Error = failed.Type
	}
}

// cold measures the states in which something is still to be made.
func (b *bench) cold(ctx context.Context, times int) (err error) {
	once := benchPlan{events: times, concurrency: 1}
	err = b.series(ctx, once, benchFirst, func(ctx context.Context, s *benchSample) error {
		cache, err := os.MkdirTemp(b.cache, "empty-")
		if err != nil {
			return err
		}
		return b.begin(ctx, cache, s)
	})
	if err != nil {
		return err
	}
	filled, err := b.open(ctx, b.cache, &stopwatch{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, filled.close()) }()
	err = b.series(ctx, once, benchDisk, func(ctx context.Context, s *benchSample) error {
		return b.begin(ctx, b.cache, s)
	})
	if err != nil {
		return err
	}
	err = b.series(ctx, once, benchInstance, func(ctx context.Context, s *benchSample) error {
		filled.Shed(0)
		return filled.invoke(ctx, s)
	})
	if err != nil {
		return err
	}
	if err := filled.warmUp(ctx); err != nil {
		return err
	}
	return b.series(ctx, benchPlan{events: benchPhases, concurrency: 1}, benchPhased, filled.invoke)
}

// begin makes a box and has it answer its first event.
func (b *bench) begin(ctx context.Context, cache string, s *benchSample) error {
	watch, began := &stopwatch{}, time.Now()
	opened, err := b.open(ctx, cache, watch)
	if err != nil {
		return err
	}
	opened.watch = nil // its phases are those of all that happens here
	err = opened.invoke(ctx, s)
	s.Latency = int64(time.Since(began)) // without closing it
	watch.since(laps{}, time.Duration(s.Init), s)
	return errors.Join(err, opened.close())
}

// warm measures what a function does that is in use.
func (b *bench) warm(ctx context.Context, plan benchPlan) (err error) {
	b.progress.step("Making the function ready")
	opened, err := b.open(ctx, b.cache, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.close()) }()
	mode, why := opened.Mode()
	b.report.Mode = string(mode)
	if why != nil {
		b.report.ModeReason = why.Error()
	}
	if err := opened.warmUp(ctx); err != nil {
		return err
	}
	if plan.arrivals == nil {
		alone := benchPlan{events: plan.events, concurrency: 1}
		if err := b.series(ctx, alone, string(mode), opened.invoke); err != nil {
			return err
		}
	}
	if plan.arrivals != nil || plan.concurrency > 1 {
		if err := b.series(ctx, plan, plan.name(), opened.invoke); err != nil {
			return err
		}
	}
	b.report.IdleInstances, b.report.IdleBytes = opened.Idle()
	return nil
}

// warmUp sends events that are not measured. A function that fails at the first
// of them cannot be measured.
func (b *box) warmUp(ctx context.Context) error {
	for range benchWarmUp {
		if _, err := b.Run(ctx, b.event); err != nil {
			return err
		}
	}
	return nil
}

// series measures and reports.
func (b *bench) series(ctx context.Context, plan benchPlan, name string, invoke func(context.Context, *benchSample) error) error {
	b.progress.step("Measuring: " + name)
	s, err := drive(ctx, plan, name, invoke)
	if err != nil {
		return err
	}
	b.report.Series = append(b.report.Series, s)
	return nil
}
