package wazero

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"weak"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// load loads a module without imports and calls its function "f".
func load(t *testing.T, eng engine.Engine, b *wasmbuild.Builder) (uint32, error) {
	t.Helper()
	m, err := eng.Load(t.Context(), sha256.Sum256(b.Bytes()), engine.NewHost())
	if err != nil {
		return 0, err
	}
	defer m.Close()
	in, err := m.Instantiate(t.Context(), engine.InstanceConfig{})
	if err != nil {
		return 0, err
	}
	defer in.Close()
	stack := make([]uint64, 1)
	err = in.Func("f").Call(t.Context(), stack)
	return uint32(stack[0]), err
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	wantAnswer(t, cachedEngine(t, Config{CacheDir: dir}), 7)
	unasked := func(context.Context, []byte) error { return errors.New("Fill was asked") }
	for name, cfg := range map[string]Config{"plain": {CacheDir: dir}, "with Fill": {CacheDir: dir, Fill: unasked}} {
		if got, err := load(t, cachedEngine(t, cfg), answer(7)); err != nil || got != 7 {
			t.Errorf("%s: f = %d, %v", name, got, err)
		}
		if _, err := load(t, cachedEngine(t, cfg), answer(8)); !errors.Is(err, engine.ErrNotCached) {
			t.Errorf("%s: another module: %v", name, err)
		}
	}
	if _, err := load(t, open(t, Config{CacheDir: dir, Interpreter: true}), answer(7)); !errors.Is(err, engine.ErrNotCached) {
		t.Errorf("the interpreter: %v", err)
	}
	eng := cachedEngine(t, Config{CacheDir: dir})
	eng.Close()
	if _, err := load(t, eng, answer(7)); !errors.Is(err, errClosed) {
		t.Errorf("closed: %v", err)
	}
}

// onlyRead returns the entry of answer(7) in a cache that was filled with it.
func onlyRead(t *testing.T, dir string) (*wazeroEngine, *entry) {
	t.Helper()
	wantAnswer(t, cachedEngine(t, Config{CacheDir: dir}), 7)
	eng := cachedEngine(t, Config{CacheDir: dir})
	e, err := eng.cache.read(keyOf(sha256.Sum256(answer(7).Bytes())))
	if err != nil {
		t.Fatal(err)
	}
	return eng, e
}

// TestSkeletonIsNotCompiled: with the code gone or stale at the last moment,
// wazero is to find nothing and write nothing, rather than make code of a module
// in which nothing is done.
func TestSkeletonIsNotCompiled(t *testing.T) {
	for name, harm := range map[string]func(path string, code []byte) error{
		"gone": func(path string, _ []byte) error { return os.Remove(path) },
		"stale": func(path string, code []byte) error {
			code = bytes.Clone(code)
			code[len("WAZEVO")+1] ^= 1 // wazero's version
			return os.WriteFile(path, code, 0o600)
		},
	} {
		dir := t.TempDir()
		eng, e := onlyRead(t, dir)
		path, index := onlyEntry(t, dir)
		code, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := harm(path, code); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if _, err := eng.disk.load(e.skeleton); !errors.Is(err, errNoCode) {
				t.Errorf("%s: %v, want errNoCode", name, err)
			}
		}
		if left := files(t, dir); len(left) != 1 || left[0] != index {
			t.Errorf("%s: the cache holds %q", name, left)
		}
		// The same engine loads it once it is there again.
		if err := os.WriteFile(path, code, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := load(t, eng, answer(7)); err != nil || got != 7 {
			t.Errorf("%s: f = %d, %v", name, got, err)
		}
	}
}

// TestCodeOfTheSkeleton puts there what wazero would make of the skeleton.
func TestCodeOfTheSkeleton(t *testing.T) {
	dir := t.TempDir()
	eng, e := onlyRead(t, dir)
	path, _ := onlyEntry(t, dir)
	err := eng.cache.compile(e.skeleton, func(folder, file string) error {
		if filepath.Join(eng.cache.dir, file) != path {
			t.Errorf("the code is in %s, the skeleton's would be in %s", path, file)
		}
		return os.Rename(filepath.Join(folder, file), path)
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := load(t, eng, answer(7)); !errors.Is(err, engine.ErrNotCached) {
		t.Errorf("loaded: %v, want ErrNotCached", err)
	}
	wantAnswer(t, eng, 7)
}

// TestModuleIsNotKept: neither compiled nor loaded, a module keeps the bytes that
// it was made of.
func TestModuleIsNotKept(t *testing.T) {
	dir := t.TempDir()
	for _, cfg := range []Config{{}, {CacheDir: dir}, {CacheDir: dir}} {
		eng := open(t, cfg)
		m, bytes := func() (engine.Module, weak.Pointer[byte]) {
			b := answer(7)
			b.Memory(1, 1)
			b.Data(5, []byte("data"))
			b.Custom("name", nil)
			source := b.Bytes()
			binary, err := engine.Check(source, engine.ModuleLimits{})
			if err != nil {
				t.Fatal(err)
			}
			m, err := eng.Compile(t.Context(), binary, engine.NewHost())
			if err != nil {
				t.Fatal(err)
			}
			return m, weak.Make(&source[0])
		}()
		for range 3 {
			runtime.GC()
		}
		if bytes.Value() != nil {
			t.Errorf("%+v: the module is still in memory", cfg)
		}
		in, err := m.Instantiate(t.Context(), engine.InstanceConfig{})
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := in.Memory().Slice(5, 4); string(got) != "data" {
			t.Errorf("memory holds %q", got)
		}
		in.Close()
		m.Close()
	}
}

// TestLoadRemovesNothing: an engine that is being closed has nothing to say about
// the code, and what was damaged when it was read another process may have replaced
// since.
func TestLoadRemovesNothing(t *testing.T) {
	dir := t.TempDir()
	unbound, _ := onlyRead(t, dir)
	eng, _ := onlyRead(t, dir)
	if _, err := load(t, eng, answer(7)); err != nil { // has its host modules now
		t.Error(err)
	}
	if err := eng.disk.runtime.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := unbound.disk.runtime.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, eng := range []*wazeroEngine{eng, unbound} {
		if _, err := eng.load(sha256.Sum256(answer(7).Bytes()), engine.NewHost()); err == nil {
			t.Error("a closed runtime loads")
		}
	}
	code, index := onlyEntry(t, dir)
	for _, path := range []string{code, index} {
		if err := os.Truncate(path, stat(t, path).Size()-1); err != nil {
			t.Fatal(err)
		}
		if _, err := load(t, cachedEngine(t, Config{CacheDir: dir}), answer(7)); !errors.Is(err, engine.ErrNotCached) {
			t.Errorf("%s is cut short: %v", path, err)
		}
		onlyEntry(t, dir)
	}
}
