package wazero

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/tetratelabs/wazero/api"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/internal/binding"
	"github.com/lambent-dev/lambent/engine/internal/codecache"
	"github.com/lambent-dev/lambent/engine/internal/image"
)

// version is the version of wazero in go.mod.
const version = "v1.12.0"

var errClosed = errors.New("wazero: the engine is closed")

// wazeroEngine implements engine.Engine.
type wazeroEngine struct {
	config Config
	memory *backend // compiles in memory only
	closed atomic.Bool

	opening sync.Once // of what follows, by cached
	disk    *backend  // loads what cache holds; nil without a cache
	cache   *cache

	uncached error // why there is none
}

// New makes an engine. It fails if cfg.CacheDir names something that is not a
// folder, if a field is negative, or if there is a Fill and no CacheDir.
//
// Close the engine when its modules and instances are closed. Code of modules
// that were not is released once nothing refers to it; an instance that was
// not keeps its memory until its own Close, which still works.
func New(cfg Config) (engine.Engine, error) {
	if cfg.CacheSize < 0 {
		return nil, fmt.Errorf("wazero: CacheSize is %d, it must not be negative", cfg.CacheSize)
	}
	if cfg.Fill != nil && cfg.CacheDir == "" {
		return nil, errors.New("wazero: there is a Fill, but no CacheDir to fill")
	}
	if cfg.MustCache && (cfg.CacheDir == "" || cfg.Interpreter || cfg.Unguarded) {
		return nil, errors.New("wazero: there is MustCache, but no CacheDir that this engine uses")
	}
	if cfg.CacheSize == 0 {
		cfg.CacheSize = defaultCacheSize
	}
	if cfg.Interpreter {
		cfg.CacheDir = ""
	}
	if cfg.Unguarded {
		cfg.CacheDir, cfg.Fill = "", nil // nobody else may find its code
	}
	if cfg.CacheDir != "" {
		// The first compilation would be late to say so. A relative path means the
		// same then as now.
		if err := codecache.CheckFolder(cfg.CacheDir); err != nil {
			return nil, fmt.Errorf("wazero: %w", err)
		}
		var err error
		if cfg.CacheDir, err = filepath.Abs(cfg.CacheDir); err != nil {
			return nil, err
		}
	}
	return &wazeroEngine{config: cfg, memory: newBackend(runtimeConfig(cfg.Interpreter))}, nil
}

// cached reports whether there is a cache. It is opened here, not by New: that
// writes and syncs files, for which a process that only starts need not wait.
func (e *wazeroEngine) cached() bool {
	e.opening.Do(func() {
		if e.config.CacheDir == "" {
			e.uncached = errors.New("there is none")
			return
		}
		// A cache that cannot be had is done without, as Config says.
		if c, err := openCache(e.config.CacheDir, e.config.CacheSize); err == nil {
			if stored, err := c.loader(); err == nil {
				e.cache, e.disk = c, stored
			} else {
				e.uncached = err
			}
		} else {
			e.uncached = err
		}
	})
	return e.disk != nil
}

// Name implements engine.Engine.
func (e *wazeroEngine) Name() string { return "wazero " + version }

// Compile implements engine.Engine.
func (e *wazeroEngine) Compile(ctx context.Context, b *engine.Binary, host *engine.Host) (engine.Module, error) {
	if e.closed.Load() {
		return nil, errClosed
	}
	chosen, err := binding.Choose(host, b.Imports)
	if err != nil {
		return nil, err
	}
	if err := unsupported(b); err != nil {
		return nil, err
	}
	if e.cached() {
		m, err := e.compileCached(ctx, b, host)
		if err == nil || errors.Is(err, engine.ErrInvalid) || e.config.Fill != nil || e.config.MustCache {
			return m, err
		}
		// Whatever else went wrong may be the disk's fault: do without it.
	}
	if e.config.Fill != nil || e.config.MustCache {
		return nil, fmt.Errorf("wazero: the cache in %s cannot be used, and nothing is compiled without it: %w", e.config.CacheDir, e.uncached)
	}
	program, err := rewrite(b, !e.config.Unguarded)
	if err != nil {
		return nil, err
	}
	hosts, err := e.memory.bind(host, chosen)
	if err != nil {
		return nil, err
	}
	compiled, err := e.memory.compile(program.Module)
	if err != nil {
		return nil, err
	}
	size := codePerByte * uint64(len(program.Module))
	// What is kept must not be views of a module that nobody needs any more.
	stored := program.Append(nil)
	if program, err = image.ReadProgram(stored); err != nil {
		return nil, err
	}
	size += uint64(len(stored))
	kept := b.Interface
	return &module{backend: e.memory, binary: &kept, digest: b.Digest(), program: program, compiled: compiled, hosts: hosts, size: size}, nil
}

// codePerByte is about how many bytes of machine code wazero makes of a byte of a
// metered module. It says how many they are of files of the cache only.
const codePerByte = 4

// unsupported refuses what wazero v1.12.0 would accept and not bear.
func unsupported(b *engine.Binary) error {
	if b.MakesReferences() {
		// Each one that it makes takes host memory, outside of any limit, until
		// the instance ends.
		return fmt.Errorf("%w: ref.func in the code of a function; references in tables are supported", engine.ErrUnsupported)
	}
	for i, t := range b.Parsed().Tables {
		if api.ValueType(t.Elem) != funcRef && api.ValueType(t.Elem) != api.ValueTypeExternref {
			return fmt.Errorf("%w: table %d holds elements of type 0x%02x; functions (0x70) and external references (0x6f) are supported", engine.ErrUnsupported, i, t.Elem)
		}
	}
	return nil
}

// funcRef is the type of references to functions; package api has no name for it.
const funcRef = 0x70

// rewrite returns the program that wazero compiles for b.
func rewrite(b *engine.Binary, guarded bool) (*image.Program, error) {
	return image.Rewrite(b.Parsed(), image.Options{TableEntries: tableEntries, OpenMemory: true, GuardWazero: guarded})
}

// tableEntries is the most entries of all tables of an instance; wazero grows
// them outside of any limit.
const tableEntries = 1_000_000

// compileCached compiles by way of the cache: what is not in it is compiled
// into it first.
func (e *wazeroEngine) compileCached(ctx context.Context, b *engine.Binary, host *engine.Host) (engine.Module, error) {
	m, err := e.load(b.Digest(), host)
	if err == nil {
		return m, nil
	}
	key := keyOf(b.Digest())
	defer e.cache.filling.Lock(key)()
	// Another may have been faster.
	if m, err = e.load(b.Digest(), host); err == nil {
		return m, nil
	}
	if err := e.fill(ctx, b, key); err != nil {
		return nil, err
	}
	defer e.cache.trim()
	m, err = e.load(b.Digest(), host)
	if err != nil && e.config.Fill != nil {
		err = fmt.Errorf("wazero: the module was compiled elsewhere: %w", err)
	}
	return m, err
}

// fill compiles what the cache lacks.
func (e *wazeroEngine) fill(ctx context.Context, b *engine.Binary, key cacheKey) error {
	if e.config.Fill != nil {
		return e.config.Fill(ctx, b.Bytes())
	}
	program, err := rewrite(b, true)
	if err != nil {
		return err
	}
	return e.cache.fill(key, b, program)
}

// Load implements engine.Engine.
func (e *wazeroEngine) Load(_ context.Context, digest [sha256.Size]byte, host *engine.Host) (engine.Module, error) {
	if e.closed.Load() {
		return nil, errClosed
	}
	if !e.cached() {
		return nil, fmt.Errorf("wazero: %w: there is no cache", engine.ErrNotCached)
	}
	return e.load(digest, host)
}

// load makes a module of what the cache holds.
func (e *wazeroEngine) load(digest [sha256.Size]byte, host *engine.Host) (engine.Module, error) {
	key := keyOf(digest)
	defer e.cache.loading.Lock(key)()
	found, err := e.cache.read(key)
	if err != nil {
		return nil, notCached(err)
	}
	chosen, err := binding.Choose(host, found.binary.Imports)
	if err != nil {
		return nil, err
	}
	hosts, err := e.disk.bind(host, chosen)
	if err != nil {
		return nil, err
	}
	compiled, err := e.disk.load(found.skeleton)
	if err != nil {
		return nil, notCached(err)
	}
	return &module{backend: e.disk, binary: &found.binary, digest: digest, program: found.program, compiled: compiled, hosts: hosts, size: found.size()}, nil
}

// notCached returns the error of code that could not be loaded.
func notCached(err error) error { return fmt.Errorf("wazero: %w: %w", engine.ErrNotCached, err) }

// Close implements engine.Engine.
func (e *wazeroEngine) Close() error {
	if e.closed.Swap(true) {
		return nil
	}
	err := e.memory.close()
	e.opening.Do(func() {}) // from now on there is none to open
	if e.disk != nil {
		err = errors.Join(err, e.disk.close())
	}
	return err
}
