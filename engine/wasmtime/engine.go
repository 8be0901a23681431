//go:build wasmtime && cgo && linux && amd64

package wasmtime

// What is linked is the library that wasmtime-go ships, by its flags. The linker
// sees it only in the last of its runs: cgo's own program has to do without.

// #cgo LDFLAGS: -Wl,--unresolved-symbols=ignore-in-object-files
// #include "engine.h"
import "C"

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"
	"sync"

	_ "github.com/bytecodealliance/wasmtime-go/v39" // for its library

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/internal/codecache"
	"github.com/lambent-dev/lambent/engine/internal/image"
)

// version is the version of wasmtime-go in go.mod.
const version = "v39.0.1"

// defaultCacheSize is Config.CacheSize if that is 0.
const defaultCacheSize = 1 << 30

var errClosed = errors.New("wasmtime: the engine is closed")

// wasmtimeEngine implements engine.Engine.
type wasmtimeEngine struct {
	config Config
	stacks stacks
	clock  clock

	mu     sync.RWMutex     // held for reading while native is used
	native *C.wasm_engine_t // nil when closed

	opening  sync.Once // of cache, by cached
	cache    *cache    // nil without one
	uncached error     // why there is none
}

// Missing returns nil if this program has wasmtime, or else an error that says how
// to make one that has.
func Missing() error { return nil }

// New makes an engine. It fails if cfg.CacheDir names something that is not a
// folder, if a field is negative, or if there is a Fill and no CacheDir; and in
// programs that have no wasmtime, see the package comment.
//
// Close the engine when its modules and instances are closed. What was not closed
// stays in memory, and can still be closed.
func New(cfg Config) (engine.Engine, error) {
	if cfg.CacheSize < 0 {
		return nil, fmt.Errorf("wasmtime: CacheSize is %d, it must not be negative", cfg.CacheSize)
	}
	if cfg.Fill != nil && cfg.CacheDir == "" {
		return nil, errors.New("wasmtime: there is a Fill, but no CacheDir to fill")
	}
	if cfg.MustCache && cfg.CacheDir == "" {
		return nil, errors.New("wasmtime: there is MustCache, but no CacheDir")
	}
	if cfg.CacheSize == 0 {
		cfg.CacheSize = defaultCacheSize
	}
	if cfg.CacheDir != "" {
		// The first compilation would be late to say so. A relative path means the
		// same then as now.
		if err := codecache.CheckFolder(cfg.CacheDir); err != nil {
			return nil, fmt.Errorf("wasmtime: %w", err)
		}
		var err error
		if cfg.CacheDir, err = filepath.Abs(cfg.CacheDir); err != nil {
			return nil, err
		}
	}
	native := C.lambent_engine_new(mostStack, roomAfter, guardAfter, C.bool(!cfg.AnyNaN), C.bool(!cfg.NoClock))
	return &wasmtimeEngine{config: cfg, native: native}, nil
}

// cached returns the cache, nil if there is none. It is opened here, not by New:
// a process that only starts need not wait for the disk.
func (e *wasmtimeEngine) cached() *cache {
	e.opening.Do(func() {
		if e.config.CacheDir == "" {
			return
		}
		// A cache that cannot be had is done without, as Config says.
		if c, err := openCache(e.config.CacheDir, e.config.CacheSize); err == nil {
			e.cache = c
		} else {
			e.uncached = err
		}
	})
	return e.cache
}

// Name implements engine.Engine.
func (e *wasmtimeEngine) Name() string { return "wasmtime " + version }

// use keeps the engine open until done is called.
func (e *wasmtimeEngine) use() (native *C.wasm_engine_t, done func(), err error) {
	e.mu.RLock()
	if e.native == nil {
		e.mu.RUnlock()
		return nil, nil, errClosed
	}
	return e.native, e.mu.RUnlock, nil
}

// Compile implements engine.Engine.
func (e *wasmtimeEngine) Compile(ctx context.Context, b *engine.Binary, host *engine.Host) (engine.Module, error) {
	native, done, err := e.use()
	if err != nil {
		return nil, err
	}
	defer done()
	imports, err := bind(host, b.Imports)
	if err != nil {
		return nil, err
	}
	if err := unsupported(b); err != nil {
		return nil, err
	}
	if c := e.cached(); c != nil {
		m, err := e.compileCached(ctx, native, b, host)
		if err == nil || errors.Is(err, engine.ErrInvalid) || e.config.Fill != nil || e.config.MustCache {
			return m, err
		}
		// Whatever else went wrong may be the disk's fault: do without it.
	}
	if e.config.Fill != nil || e.config.MustCache {
		return nil, fmt.Errorf("wasmtime: the cache in %s cannot be used, and nothing is compiled without it: %w", e.config.CacheDir, e.uncached)
	}
	program, err := rewrite(b)
	if err != nil {
		return nil, err
	}
	compiled, err := compile(native, program.Module)
	if err != nil {
		return nil, err
	}
	size := codePerByte * uint64(len(program.Module))
	program, kept, err := keep(program)
	if err != nil {
		compiled.close()
		return nil, err
	}
	described := b.Interface
	return e.link(native, compiled, imports, &module{
		binary: &described, digest: b.Digest(), program: program, funcs: host.Funcs(), size: size + uint64(kept),
	})
}

// link makes a module of compiled code, which it takes.
func (e *wasmtimeEngine) link(native *C.wasm_engine_t, c code, imports []bound, m *module) (engine.Module, error) {
	defer c.close() // what is prepared keeps it
	var err error
	if m.pre, err = c.prepare(native, imports); err != nil {
		return nil, err
	}
	m.engine = e
	return m, nil
}

// compileCached compiles by way of the cache: what is not in it is compiled into
// it first.
func (e *wasmtimeEngine) compileCached(ctx context.Context, native *C.wasm_engine_t, b *engine.Binary, host *engine.Host) (engine.Module, error) {
	m, err := e.load(native, b.Digest(), host)
	if err == nil {
		return m, nil
	}
	key := keyOf(b.Digest(), e.config.features())
	defer e.cache.filling.Lock(key)()
	// Another may have been faster.
	if m, err = e.load(native, b.Digest(), host); err == nil {
		return m, nil
	}
	if e.config.Fill != nil {
		err = e.config.Fill(ctx, b.Bytes())
	} else {
		err = e.cache.fill(native, key, b)
	}
	if err != nil {
		return nil, err
	}
	defer e.cache.trim()
	m, err = e.load(native, b.Digest(), host)
	if err != nil && e.config.Fill != nil {
		err = fmt.Errorf("wasmtime: the module was compiled elsewhere: %w", err)
	}
	return m, err
}

// unsupported refuses what wasmtime would make a heap for, which it has not.
func unsupported(b *engine.Binary) error {
	for i, t := range b.Parsed().Tables {
		if t.Elem != funcRef {
			return fmt.Errorf("%w: table %d holds elements of type 0x%02x; functions (0x70) are supported", engine.ErrUnsupported, i, t.Elem)
		}
	}
	return nil
}

// funcRef is the type of references to functions.
const funcRef = 0x70

// rewrite returns the program that wasmtime compiles for b.
func rewrite(b *engine.Binary) (*image.Program, error) {
	return image.Rewrite(b.Parsed(), image.Options{TableEntries: tableEntries, OpenMemory: true, ExportMemory: true, SavesLocals: true})
}

// tableEntries is the most entries of all tables of an instance; wasmtime grows
// them outside of any limit.
const tableEntries = 1_000_000

// codePerByte is about how many bytes of machine code wasmtime makes of a byte of
// a metered module.
const codePerByte = 4

// Load implements engine.Engine.
func (e *wasmtimeEngine) Load(_ context.Context, digest [sha256.Size]byte, host *engine.Host) (engine.Module, error) {
	native, done, err := e.use()
	if err != nil {
		return nil, err
	}
	defer done()
	if e.cached() == nil {
		return nil, fmt.Errorf("wasmtime: %w: there is no cache", engine.ErrNotCached)
	}
	return e.load(native, digest, host)
}

// load makes a module of what the cache holds.
func (e *wasmtimeEngine) load(native *C.wasm_engine_t, digest [sha256.Size]byte, host *engine.Host) (engine.Module, error) {
	found, loaded, err := e.cache.load(native, keyOf(digest, e.config.features()))
	if err != nil {
		return nil, err
	}
	imports, err := bind(host, found.binary.Imports)
	if err != nil {
		loaded.close()
		return nil, err
	}
	return e.link(native, loaded, imports, &module{
		binary: &found.binary, digest: digest, program: found.program, funcs: host.Funcs(), size: found.size + uint64(found.kept),
	})
}

// Close implements engine.Engine.
func (e *wasmtimeEngine) Close() error {
	e.clock.stop()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.native != nil {
		C.wasm_engine_delete(e.native)
		e.native = nil
	}
	e.stacks.close()
	return nil
}
