//go:build wasmtime && cgo && linux && amd64

package wasmtime

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	. "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// answer exports f, which returns n.
func answer(t testing.TB, n int32) *engine.Binary {
	t.Helper()
	var b Builder
	b.Memory(1, 2)
	b.Data(8, []byte("data"))
	b.ExportFunc("f", b.Func(b.Type(nil, Types{I32}), nil, I32Const(n)))
	binary, err := engine.Check(b.Bytes(), engine.ModuleLimits{})
	if err != nil {
		t.Fatal(err)
	}
	return binary
}

// wantAnswer checks a module of answer.
func wantAnswer(t testing.TB, m engine.Module, err error, want uint64) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	in, err := m.Instantiate(context.Background(), engine.InstanceConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	stack := make([]uint64, 1)
	if err := in.Func("f").Call(context.Background(), stack); err != nil || stack[0] != want {
		t.Errorf("f = %d, %v, want %d", stack[0], err, want)
	}
}

// files lists the files of a cache.
func files(t testing.TB, dir string) (list []string) {
	t.Helper()
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil && info.Mode().IsRegular() {
			list = append(list, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestCacheDamage: whatever byte changes, and wherever a file ends, nothing is
// loaded, and what is damaged is compiled anew.
func TestCacheDamage(t *testing.T) {
	dir := t.TempDir()
	binary, host := answer(t, 42), engine.NewHost()
	eng := open(t, Config{CacheDir: dir})
	m, err := eng.Compile(t.Context(), binary, host)
	wantAnswer(t, m, err, 42)
	list := files(t, dir)
	if len(list) != 2 {
		t.Fatalf("the cache has %q, want code and an entry", list)
	}
	for _, path := range list {
		sound, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		harmed := [][]byte{nil, sound[:1], sound[:len(sound)-1], append(bytes.Clone(sound), 0)}
		for i := 0; i < len(sound); i += 1 + len(sound)/200 {
			b := bytes.Clone(sound)
			b[i] ^= 1 << (i % 8)
			harmed = append(harmed, b)
		}
		for i, content := range harmed {
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := eng.Load(t.Context(), binary.Digest(), host); !errors.Is(err, engine.ErrNotCached) {
				t.Errorf("%s, damage %d: %v, want ErrNotCached", path, i, err)
			}
			// By now another process may have replaced it: it is not removed.
			if left, err := os.ReadFile(path); err != nil || !bytes.Equal(left, content) {
				t.Errorf("%s, damage %d: it was changed: %v", path, i, err)
			}
			if i%20 > 0 {
				continue
			}
			m, err := eng.Compile(t.Context(), binary, host)
			wantAnswer(t, m, err, 42)
			m, err = eng.Load(t.Context(), binary.Digest(), host)
			wantAnswer(t, m, err, 42)
		}
		m, err := eng.Compile(t.Context(), binary, host)
		wantAnswer(t, m, err, 42)
	}
}

// TestCacheOfOthers: nobody else can look into it, and what another configuration
// of wasmtime made is not run.
func TestCacheOfOthers(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "wasmtime"), 0o755); err != nil {
		t.Fatal(err)
	}
	eng := open(t, Config{CacheDir: dir})
	m, err := eng.Compile(t.Context(), answer(t, 1), engine.NewHost())
	wantAnswer(t, m, err, 1)
	err = filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil && path != dir && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	// Code that is whole, of another module, under this one's name.
	m, err = eng.Compile(t.Context(), answer(t, 2), engine.NewHost())
	wantAnswer(t, m, err, 2)
	one, two := keyOf(answer(t, 1).Digest(), 0), keyOf(answer(t, 2).Digest(), 0)
	for _, file := range []func(cacheKey) string{eng.cache.codeFile, eng.cache.indexFile} {
		content, err := os.ReadFile(file(two))
		if err == nil {
			err = os.WriteFile(file(one), content, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := eng.Load(t.Context(), answer(t, 1).Digest(), engine.NewHost()); !errors.Is(err, engine.ErrNotCached) {
			t.Errorf("%v, want ErrNotCached", err)
		}
		m, err := eng.Compile(t.Context(), answer(t, 1), engine.NewHost())
		wantAnswer(t, m, err, 1)
	}
}

// TestCacheFeatures: engines with other features share a cache without taking each
// other's code.
func TestCacheFeatures(t *testing.T) {
	dir := t.TempDir()
	configs := []Config{{}, {AnyNaN: true}, {NoClock: true}, {AnyNaN: true, NoClock: true}}
	for i, cfg := range configs {
		cfg.CacheDir = dir
		eng := open(t, cfg)
		if _, err := eng.Load(t.Context(), answer(t, 1).Digest(), engine.NewHost()); !errors.Is(err, engine.ErrNotCached) {
			t.Errorf("%+v: %v, want ErrNotCached", configs[i], err)
		}
		m, err := eng.Compile(t.Context(), answer(t, 1), engine.NewHost())
		wantAnswer(t, m, err, 1)
	}
	for _, cfg := range configs {
		cfg.CacheDir = dir
		m, err := open(t, cfg).Load(t.Context(), answer(t, 1).Digest(), engine.NewHost())
		wantAnswer(t, m, err, 1)
	}
}

// TestCacheSize: what was not used for longest goes.
func TestCacheSize(t *testing.T) {
	dir := t.TempDir()
	eng := open(t, Config{CacheDir: dir, CacheSize: 100_000})
	for n := range int32(8) {
		m, err := eng.Compile(t.Context(), answer(t, n), engine.NewHost())
		wantAnswer(t, m, err, uint64(n))
	}
	var size int64
	for _, path := range files(t, dir) {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		size += info.Size()
	}
	if size == 0 || size > 100_000 {
		t.Errorf("the cache has %d bytes, allowed are 100,000", size)
	}
	if _, err := eng.Load(t.Context(), answer(t, 0).Digest(), engine.NewHost()); !errors.Is(err, engine.ErrNotCached) {
		t.Errorf("the first of 8 modules: %v, want ErrNotCached", err)
	}
	m, err := eng.Load(t.Context(), answer(t, 7).Digest(), engine.NewHost())
	wantAnswer(t, m, err, 7)
}

// TestFill has another engine compile, as another process would.
func TestFill(t *testing.T) {
	dir := t.TempDir()
	other := open(t, Config{CacheDir: dir})
	failure := errors.New("no compiler")
	filled := 0
	fill := func(ctx context.Context, module []byte) error {
		if filled++; filled > 1 {
			return failure
		}
		binary, err := engine.Check(module, engine.ModuleLimits{})
		if err != nil {
			return err
		}
		m, err := other.Compile(ctx, binary, engine.NewHost())
		if err != nil {
			return err
		}
		return m.Close()
	}
	eng := open(t, Config{CacheDir: dir, Fill: fill})
	for range 2 {
		m, err := eng.Compile(t.Context(), answer(t, 5), engine.NewHost())
		wantAnswer(t, m, err, 5)
	}
	if filled != 1 {
		t.Errorf("it was filled %d times", filled)
	}
	if _, err := eng.Compile(t.Context(), answer(t, 6), engine.NewHost()); !errors.Is(err, failure) {
		t.Errorf("%v, want what Fill failed with", err)
	}
	lazy := open(t, Config{CacheDir: t.TempDir(), Fill: func(context.Context, []byte) error { return nil }})
	if _, err := lazy.Compile(t.Context(), answer(t, 6), engine.NewHost()); err == nil || !strings.Contains(err.Error(), "compiled elsewhere") {
		t.Errorf("%v: what nobody compiled was found", err)
	}
}

// TestNoCache: a folder that cannot be had costs time and nothing else, but for
// who fills it for others.
func TestNoCache(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "wasmtime"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	eng := open(t, Config{CacheDir: dir})
	m, err := eng.Compile(t.Context(), answer(t, 3), engine.NewHost())
	wantAnswer(t, m, err, 3)
	if _, err := eng.Load(t.Context(), answer(t, 3).Digest(), engine.NewHost()); !errors.Is(err, engine.ErrNotCached) {
		t.Errorf("%v, want ErrNotCached", err)
	}
	must := open(t, Config{CacheDir: dir, MustCache: true})
	if _, err := must.Compile(t.Context(), answer(t, 3), engine.NewHost()); !errors.Is(err, syscall.ENOTDIR) {
		t.Errorf("with MustCache: %v, want ENOTDIR", err)
	}
}
