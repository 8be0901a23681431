package wazero

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	wz "github.com/tetratelabs/wazero"
)

// cache keeps compiled code on disk. wazero writes and reads the code; cache
// decides what it gets to read, and how much there is.
//
// wazero trusts the file it reads: a flipped bit in the table of functions sends
// the processor astray, one in a count makes it allocate without bounds. So
// there is an index with a checksum of every file, and wazero loads nothing
// that was not found whole just before. As wazero alone knows what it calls the
// file of a module, each is compiled in a folder of its own first, where its
// file is the only one, and then moved.
//
//	<CacheDir>/wazero/
//	  <engine>/                  one wazero version and processor: see fingerprint
//	    wazero-v1.12.0-…/<name>  code, as wazero calls it
//	    index/<key>              "<path of the code> <its SHA-256>\n"
//	  compile-<random>/          a compilation under way
//
// The key is the SHA-256 of the module as prepared.
type cache struct {
	root string
	dir  string // <root>/<engine>
	size int64

	// loading is held, by the first byte of a key, while a module is made into
	// code: wazero v1.12.0 shows code that it loads to others before it can be
	// run, so that the same module must not be loaded twice at once.
	loading [32]sync.Mutex
	// trimming is held while trim runs. Order: loading, trimming.
	trimming sync.Mutex
}

// lock has the module of that key to itself until unlock is called.
func (c *cache) lock(key [sha256.Size]byte) (unlock func()) {
	mu := &c.loading[int(key[0])%len(c.loading)]
	mu.Lock()
	return mu.Unlock
}

// emptyModule has no code: compiling it is how fingerprint asks wazero for
// names.
var emptyModule = []byte("\x00asm\x01\x00\x00\x00")

// checkFolder refuses what is there and is not a folder.
func checkFolder(path string) error {
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		return fmt.Errorf("wazero: CacheDir %s is not a folder", path)
	}
	return nil
}

func openCache(dir string, size int64) (*cache, error) {
	c := &cache{root: filepath.Join(dir, "wazero"), size: size}
	if err := os.MkdirAll(c.root, 0o700); err != nil {
		return nil, err
	}
	// It may have been there before: nobody else may write here.
	if err := os.Chmod(c.root, 0o700); err != nil {
		return nil, err
	}
	id, err := c.fingerprint()
	if err != nil {
		return nil, err
	}
	c.dir = filepath.Join(c.root, id)
	if err := os.MkdirAll(c.indexDir(), 0o700); err != nil {
		return nil, err
	}
	return c, nil
}

// cacheKey is the key of a module as prepared.
func cacheKey(code []byte) [sha256.Size]byte { return sha256.Sum256(code) }

func (c *cache) indexDir() string { return filepath.Join(c.dir, "index") }

func (c *cache) indexFile(key [sha256.Size]byte) string {
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

// fingerprint names everything beside the module that code depends on: wazero's
// version and the processor's features, which are in the names of its files.
func (c *cache) fingerprint() (string, error) {
	var id [sha256.Size]byte
	err := c.compile(emptyModule, func(folder, file string) error {
		id = sha256.Sum256([]byte(version + " " + file))
		return nil
	})
	return hex.EncodeToString(id[:8]), err
}

// compile compiles a module into a folder of its own and calls use with that
// folder and the path of the file in it.
func (c *cache) compile(code []byte, use func(folder, file string) error) error {
	folder, err := os.MkdirTemp(c.root, compilePrefix)
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

// fill compiles a module into the cache.
func (c *cache) fill(key [sha256.Size]byte, code []byte) error {
	return c.compile(code, func(folder, file string) error {
		from := filepath.Join(folder, file)
		sum, err := checksum(from)
		if err != nil {
			return err
		}
		entry := filepath.Join(folder, "index")
		if err := os.WriteFile(entry, fmt.Appendf(nil, "%s %s\n", file, sum), 0o600); err != nil {
			return err
		}
		// Another process may be doing the same: each rename is whole, and both
		// write the same. Code without an entry is never loaded.
		if err := os.MkdirAll(filepath.Dir(filepath.Join(c.dir, file)), 0o700); err != nil {
			return err
		}
		if err := os.Rename(from, filepath.Join(c.dir, file)); err != nil {
			return err
		}
		return os.Rename(entry, c.indexFile(key))
	})
}

// verify says whether the cache holds a module's code, whole. What is damaged
// is removed; what is not becomes the most recently used.
func (c *cache) verify(key [sha256.Size]byte) bool {
	index := c.indexFile(key)
	line, err := os.ReadFile(index)
	if err != nil {
		os.Remove(index)
		return false
	}
	file, want, ok := strings.Cut(string(bytes.TrimSuffix(line, []byte("\n"))), " ")
	if !ok || !filepath.IsLocal(file) {
		os.Remove(index)
		return false
	}
	path := filepath.Join(c.dir, file)
	if sum, err := checksum(path); err != nil || sum != want {
		os.Remove(index)
		os.Remove(path)
		return false
	}
	now := time.Now()
	os.Chtimes(path, now, now)
	os.Chtimes(index, now, now)
	return true
}

// checksum returns the SHA-256 of a file in hexadecimal.
func checksum(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
