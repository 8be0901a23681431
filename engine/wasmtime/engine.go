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
	"sync"

	_ "github.com/bytecodealliance/wasmtime-go/v39" // for its library

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/internal/image"
)

// version is the version of wasmtime-go in go.mod.
const version = "v39.0.1"

var errClosed = errors.New("wasmtime: the engine is closed")

// wasmtimeEngine implements engine.Engine.
type wasmtimeEngine struct {
	config Config
	stacks stacks
	clock  clock

	mu     sync.RWMutex     // held for reading while native is used
	native *C.wasm_engine_t // nil when closed
}

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
	e := &wasmtimeEngine{config: cfg}
	e.native = C.lambent_engine_new(mostStack, roomAfter, guardAfter)
	return e, nil
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
func (e *wasmtimeEngine) Compile(_ context.Context, b *engine.Binary, host *engine.Host) (engine.Module, error) {
	native, done, err := e.use()
	if err != nil {
		return nil, err
	}
	defer done()
	bound, err := bind(host, b.Imports)
	if err != nil {
		return nil, err
	}
	program, err := rewrite(b)
	if err != nil {
		return nil, err
	}
	code, err := compile(native, program.Module)
	if err != nil {
		return nil, err
	}
	defer code.close()
	size := codePerByte * uint64(len(program.Module))
	// What is kept must not be views of a module that nobody needs any more.
	kept := program.Append(nil)
	if program, err = image.ReadProgram(kept); err != nil {
		return nil, err
	}
	described := b.Interface
	m := &module{
		engine: e, binary: &described, digest: b.Digest(), program: program, funcs: host.Funcs(),
		size: size + uint64(len(kept)),
	}
	return m, m.link(native, code, bound)
}

// rewrite returns the program that wasmtime compiles for b.
func rewrite(b *engine.Binary) (*image.Program, error) {
	return image.Rewrite(b.Parsed(), image.Options{TableEntries: tableEntries, OpenMemory: true, ExportMemory: true})
}

// tableEntries is the most entries of all tables of an instance; wasmtime grows
// them outside of any limit.
const tableEntries = 1_000_000

// codePerByte is about how many bytes of machine code wasmtime makes of a byte of
// a metered module.
const codePerByte = 4

// Load implements engine.Engine.
func (e *wasmtimeEngine) Load(_ context.Context, digest [sha256.Size]byte, host *engine.Host) (engine.Module, error) {
	return nil, fmt.Errorf("wasmtime: %w: there is no cache", engine.ErrNotCached)
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
