//go:build wasmtime && cgo && linux && amd64

package wasmtime

// #include "library.h"
import "C"

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
	"unsafe"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/internal/codecache"
	"github.com/lambent-dev/lambent/engine/internal/image"
	"github.com/lambent-dev/lambent/engine/internal/stored"
)

// cache keeps compiled code on disk, with what is left of the module.
//
// wasmtime runs what it finds in a file of code, which it maps. So there is an
// entry that describes every file, and wasmtime loads nothing that was not found
// whole just before.
//
//	<CacheDir>/wasmtime/
//	  <version>/           of wasmtime-go
//	    code/<key>         as wasmtime serializes it
//	    index/<key>        an entry
//	  compile-<random>/    a compilation under way
//
// The key is made of the digest of the original module, see keyOf.
type cache struct {
	root string
	dir  string // <root>/<version>
	size int64

	// filling is held while a module is compiled into the cache, so that it is
	// compiled once; trimming while files are removed. Order: filling, trimming.
	filling  codecache.Locks
	trimming sync.Mutex
}

func openCache(dir string, size int64) (*cache, error) {
	root := filepath.Join(dir, "wasmtime")
	c := &cache{root: root, dir: filepath.Join(root, version), size: size}
	if err := codecache.MakeFolder(c.root); err != nil {
		return nil, err
	}
	for _, folder := range []string{"code", "index"} {
		if err := os.MkdirAll(filepath.Join(c.dir, folder), 0o700); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c *cache) codeFile(key cacheKey) string {
	return filepath.Join(c.dir, "code", hex.EncodeToString(key[:]))
}

func (c *cache) indexFile(key cacheKey) string {
	return filepath.Join(c.dir, "index", hex.EncodeToString(key[:]))
}

// fill compiles a module into the cache.
func (c *cache) fill(native *C.wasm_engine_t, key cacheKey, b *engine.Binary) error {
	program, err := rewrite(b)
	if err != nil {
		return err
	}
	compiled, err := compile(native, program.Module)
	if err != nil {
		return err
	}
	defer compiled.close()
	var serialized C.wasm_byte_vec_t
	if failed := C.wasmtime_module_serialize(compiled.native, &serialized); failed != nil {
		return takeError(failed)
	}
	defer C.wasm_byte_vec_delete(&serialized)
	bytes := unsafe.Slice((*byte)(unsafe.Pointer(serialized.data)), serialized.size)
	e := entry{size: uint64(len(bytes)), sum: sumOf(bytes), binary: b.Interface, program: program}
	encoded := e.seal(key)
	if len(encoded) > maxEntry {
		return fmt.Errorf("wasmtime: an entry of %d bytes, the index takes %d", len(encoded), maxEntry)
	}
	folder, err := os.MkdirTemp(c.root, codecache.CompilePrefix)
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	// Another process may be doing the same: each rename is whole. wasmtime's
	// compiler is deterministic; if it were not, the entry would tell.
	for _, file := range []struct {
		to      string
		content []byte
	}{{c.codeFile(key), bytes}, {c.indexFile(key), encoded}} {
		from := filepath.Join(folder, "file")
		if err := os.WriteFile(from, file.content, 0o600); err != nil {
			return err
		}
		if err := codecache.Replace(from, file.to); err != nil {
			return err
		}
	}
	return nil
}

// load returns a module whose code is in the cache. What is damaged is left for
// fill to replace; what is not becomes the most recently used. Errors wrap
// engine.ErrNotCached.
func (c *cache) load(native *C.wasm_engine_t, key cacheKey) (e *entry, found code, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("wasmtime: %w: %w", engine.ErrNotCached, err)
		}
	}()
	encoded, err := codecache.ReadFile(c.indexFile(key), maxEntry)
	if err != nil {
		return nil, found, err
	}
	if e, err = readEntry(encoded, key); err != nil {
		return nil, found, err
	}
	file := c.codeFile(key)
	if err := e.check(file); err != nil {
		return nil, found, err
	}
	path := C.CString(file)
	defer C.free(unsafe.Pointer(path))
	if failed := C.wasmtime_module_deserialize_file(native, path, &found.native); failed != nil {
		return nil, found, fmt.Errorf("%w: %w", stored.ErrDamaged, takeError(failed))
	}
	now := time.Now()
	os.Chtimes(file, now, now)
	os.Chtimes(c.indexFile(key), now, now)
	return e, found, nil
}

// trim removes what was not used for longest until the cache is within its size,
// whichever version of wasmtime wrote it.
func (c *cache) trim() {
	c.trimming.Lock()
	defer c.trimming.Unlock()
	codecache.Trim(c.root, c.size)
}

// keep returns what is kept of a program: no views of a module that nobody needs
// any more.
func keep(program *image.Program) (*image.Program, int, error) {
	kept := program.Append(nil)
	program, err := image.ReadProgram(kept)
	return program, len(kept), err
}
