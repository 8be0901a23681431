package wazero

import (
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	wz "github.com/tetratelabs/wazero"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/internal/codecache"
	"github.com/lambent-dev/lambent/engine/internal/image"
)

// cache keeps compiled code on disk, with what is left of the module. wazero
// writes and reads the code; cache decides what it gets to read, and how much
// there is.
//
// wazero finds code by the module that it is of, which it decodes and validates
// each time, and that takes longer than to load the code. So it is shown a skeleton
// of the module, in which no function does anything, and the code is stored under
// the skeleton's name. Nothing may compile that skeleton in the code's place: see
// backend.load.
//
// wazero trusts the file it reads: a flipped bit in the table of functions sends
// the processor astray, one in a count makes it allocate without bounds. So
// there is an index that describes every file, see codeFile, and wazero loads
// nothing that was not found whole just before. As wazero alone knows what it
// calls the file of a module, each is compiled in a folder of its own first, where
// its file is the only one, and then moved.
//
//	<CacheDir>/wazero/
//	  <version>/                 of wazero
//	    wazero-v1.12.0-…/<name>  code, as wazero calls it: by skeleton and processor
//	    index/<key>              an entry
//	  compile-<random>/          a compilation under way
//
// The key is made of the digest of the original module, see keyOf: neither loading
// nor looking takes the module.
type cache struct {
	root string
	dir  string // <root>/<version>
	size int64

	// filling is held while a module is compiled into the cache, so that it is
	// compiled once. loading is held while one is loaded: wazero v1.12.0 shows code
	// that it loads to others before it can be run, so that the same module must
	// not be loaded twice at once. trimming is held while trim runs.
	//
	// Order: filling, loading; filling, trimming.
	filling, loading codecache.Locks
	trimming         sync.Mutex
}

func openCache(dir string, size int64) (*cache, error) {
	root := filepath.Join(dir, "wazero")
	c := &cache{root: root, dir: filepath.Join(root, version), size: size}
	if err := codecache.MakeFolder(c.root); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(c.indexDir(), 0o700); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *cache) indexDir() string { return filepath.Join(c.dir, "index") }

func (c *cache) indexFile(key cacheKey) string {
	return filepath.Join(c.indexDir(), hex.EncodeToString(key[:]))
}

// loader makes the backend that loads what the cache holds.
func (c *cache) loader() (*backend, error) {
	stored, err := wz.NewCompilationCacheWithDir(c.dir)
	if err != nil {
		return nil, err
	}
	be := newBackend(runtimeConfig(false).WithCompilationCache(stored))
	be.cache = stored
	return be, nil
}

// compile compiles a module into a folder of its own and calls use with that
// folder and the path of the file in it.
func (c *cache) compile(code []byte, use func(folder, file string) error) error {
	folder, err := os.MkdirTemp(c.root, codecache.CompilePrefix)
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	stored, err := wz.NewCompilationCacheWithDir(folder)
	if err != nil {
		return err
	}
	be := newBackend(runtimeConfig(false).WithCompilationCache(stored))
	be.cache = stored
	defer be.close()
	compiled, err := be.compile(code)
	if err != nil {
		return err
	}
	defer compiled.Close(context.Background())
	files, err := filepath.Glob(filepath.Join(folder, "*", "*"))
	if err != nil {
		return err
	}
	if len(files) != 1 {
		return fmt.Errorf("wazero wrote %d files for a module, 1 was expected", len(files))
	}
	file, err := filepath.Rel(folder, files[0])
	if err != nil {
		return err
	}
	return use(folder, file)
}

// fill compiles a program, that of b, into the cache.
func (c *cache) fill(key cacheKey, b *engine.Binary, program *image.Program) error {
	e := entry{binary: b.Interface, program: program}
	var err error
	if e.skeleton, err = program.Skeleton(key[:]); err != nil {
		return err
	}
	var place string
	if err := c.compile(e.skeleton, func(_, file string) error { place = file; return nil }); err != nil {
		return err
	}
	return c.compile(program.Module, func(folder, file string) error {
		from, to := filepath.Join(folder, file), filepath.Join(c.dir, place)
		if e.code, err = describe(from, place); err != nil {
			return err
		}
		encoded := e.seal(key)
		if len(encoded) > maxEntry {
			return fmt.Errorf("wazero: an entry of %d bytes, the index takes %d", len(encoded), maxEntry)
		}
		index := filepath.Join(folder, "index")
		if err := os.WriteFile(index, encoded, 0o600); err != nil {
			return err
		}
		// Another process may be doing the same: each rename is whole, and both
		// write the same. Code without an entry is never loaded.
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return err
		}
		if err := codecache.Replace(from, to); err != nil {
			return err
		}
		return codecache.Replace(index, c.indexFile(key))
	})
}

// read returns the entry of a module whose code is in the cache, as far as can be
// told before it is loaded. What is damaged is left for fill to replace; what is not
// becomes the most recently used.
func (c *cache) read(key cacheKey) (*entry, error) {
	index := c.indexFile(key)
	encoded, err := codecache.ReadFile(index, maxEntry)
	if err != nil {
		return nil, err
	}
	e, err := readEntry(encoded, key)
	if err != nil {
		return nil, err
	}
	if err := e.code.check(c.dir); err != nil {
		return nil, err
	}
	now := time.Now()
	os.Chtimes(filepath.Join(c.dir, e.code.path), now, now)
	os.Chtimes(index, now, now)
	return e, nil
}

// trim removes what was not used for longest until the cache is within its size,
// whichever version of wazero wrote it.
func (c *cache) trim() {
	c.trimming.Lock()
	defer c.trimming.Unlock()
	codecache.Trim(c.root, c.size)
}
