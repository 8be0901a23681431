package wazero

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/engine"
	. "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/engine/internal/codecache"
)

// answer builds a module whose function "f" returns n, with so much code that
// its file is tens of kilobytes.
func answer(n int32) *Builder {
	var b Builder
	typ := b.Type(nil, Types{I32})
	for range 200 {
		b.Func(typ, nil, I32Const(n), I32Const(3), I32Mul)
	}
	b.ExportFunc("f", b.Func(typ, nil, I32Const(n)))
	return &b
}

// wantAnswer compiles and runs answer(n).
func wantAnswer(t *testing.T, eng engine.Engine, n int32) {
	t.Helper()
	if got, err := run(t, eng, answer(n), 0); err != nil || uint32(got[0]) != uint32(n) {
		t.Errorf("f = %v, %v, want %d", got, err, n)
	}
}

// cachedEngine makes an engine that compiles on this platform and has a cache.
func cachedEngine(t *testing.T, cfg Config) *wazeroEngine {
	t.Helper()
	eng := open(t, cfg)
	if !eng.cached() {
		t.Skip("nothing is cached here: guests are interpreted")
	}
	return eng
}

// files lists the regular files below dir.
func files(t *testing.T, dir string) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			list = append(list, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// split tells the files of code from those of the index.
func split(t *testing.T, dir string) (code, index []string) {
	for _, path := range files(t, dir) {
		if filepath.Base(filepath.Dir(path)) == "index" {
			index = append(index, path)
		} else {
			code = append(code, path)
		}
	}
	return code, index
}

// onlyEntry returns code and index of a cache with one module.
func onlyEntry(t *testing.T, dir string) (code, index string) {
	t.Helper()
	codes, indices := split(t, dir)
	if len(codes) != 1 || len(indices) != 1 {
		t.Fatalf("the cache holds %q and %q, want one of each", codes, indices)
	}
	return codes[0], indices[0]
}

func stat(t *testing.T, path string) fs.FileInfo {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// age makes files look as if last used some time ago.
func age(t *testing.T, by time.Duration, paths ...string) {
	t.Helper()
	for _, path := range paths {
		if err := os.Chtimes(path, time.Now().Add(-by), time.Now().Add(-by)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCacheHit(t *testing.T) {
	dir := t.TempDir()
	wantAnswer(t, cachedEngine(t, Config{CacheDir: dir}), 7)
	code, index := onlyEntry(t, dir)
	before := stat(t, code)
	age(t, time.Hour, code, index)

	wantAnswer(t, cachedEngine(t, Config{CacheDir: dir}), 7)
	after := stat(t, code)
	if !os.SameFile(before, after) {
		t.Error("the code was written again")
	}
	for _, path := range []string{code, index} {
		if time.Since(stat(t, path).ModTime()) > 30*time.Minute {
			t.Errorf("%s does not look used", path)
		}
	}
	if again, _ := onlyEntry(t, dir); again != code {
		t.Error("the code has another name")
	}
}

func TestCacheModes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no modes here")
	}
	dir := t.TempDir()
	root := filepath.Join(dir, "wazero")
	if err := os.Mkdir(root, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(root, 0o777); err != nil {
		t.Fatal(err)
	}
	wantAnswer(t, cachedEngine(t, Config{CacheDir: dir}), 7)
	filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			t.Fatal(err)
		}
		want := fs.FileMode(0o600)
		if d.IsDir() {
			want = 0o700
		}
		if info := stat(t, path); info.Mode().Perm() != want {
			t.Errorf("%s has mode %o, want %o", path, info.Mode().Perm(), want)
		}
		if strings.HasPrefix(d.Name(), codecache.CompilePrefix) {
			t.Errorf("%s was left behind", path)
		}
		return nil
	})
}

// TestCacheDamage damages the code or the index in every way: the module
// compiles all the same, and the next engine finds the cache whole.
func TestCacheDamage(t *testing.T) {
	cut := func(n int64) func(string) error {
		return func(path string) error { return os.Truncate(path, n) }
	}
	flip := func(offset int64) func(string) error {
		return func(path string) error {
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			b[(int(offset)+len(b))%len(b)] ^= 0xff
			return os.WriteFile(path, b, 0o600)
		}
	}
	replace := func(text string) func(string) error {
		return func(path string) error { return os.WriteFile(path, []byte(text), 0o600) }
	}
	damage := map[string]func(path string) error{
		"gone": os.Remove, "empty": cut(0), "cut short": cut(10), "cut in the middle": cut(100),
		"first byte": flip(0), "last byte": flip(-1), "a count": flip(20), "an offset": flip(40),
		"in the middle": func(path string) error { return flip(stat(t, path).Size() / 2)(path) },
		"longer":        func(path string) error { b, _ := os.ReadFile(path); return os.WriteFile(path, append(b, 0), 0o600) },
		"nonsense":      replace("nonsense\n"), "elsewhere": replace("../../../etc/passwd " + strings.Repeat("0", 64) + "\n"),
		"a folder": func(path string) error {
			os.Remove(path)
			return os.Mkdir(path, 0o700)
		},
		"a full folder": func(path string) error {
			os.Remove(path)
			return os.MkdirAll(filepath.Join(path, "full"), 0o700)
		},
		"unreadable": func(path string) error { return os.Chmod(path, 0) },
	}
	for name, harm := range damage {
		for _, what := range []string{"code", "index"} {
			t.Run(what+" "+name, func(t *testing.T) {
				dir := t.TempDir()
				wantAnswer(t, cachedEngine(t, Config{CacheDir: dir}), 7)
				code, index := onlyEntry(t, dir)
				sound, err := os.ReadFile(code)
				if err != nil {
					t.Fatal(err)
				}
				target := code
				if what == "index" {
					target = index
				}
				if err := harm(target); err != nil {
					t.Fatal(err)
				}
				eng := cachedEngine(t, Config{CacheDir: dir})
				if got, err := load(t, eng, answer(7)); err == nil && got != 7 || err != nil && !errors.Is(err, engine.ErrNotCached) {
					t.Errorf("loaded, f = %d, %v", got, err)
				}
				for range 2 {
					wantAnswer(t, cachedEngine(t, Config{CacheDir: dir}), 7)
				}
				if name == "a full folder" {
					return // left alone: it is nothing of ours
				}
				if got, err := os.ReadFile(code); err != nil || !bytes.Equal(got, sound) {
					t.Errorf("the cache was not mended: %v", err)
				}
				onlyEntry(t, dir)
			})
		}
	}
}

func TestCacheSize(t *testing.T) {
	dir := t.TempDir()
	wantAnswer(t, cachedEngine(t, Config{CacheDir: dir}), 0)
	code, index := onlyEntry(t, dir)
	entry := stat(t, code).Size() + stat(t, index).Size()
	age(t, 10*time.Hour, code, index)

	eng := cachedEngine(t, Config{CacheDir: dir, CacheSize: 3*entry + entry/2})
	for n := range int32(3) {
		wantAnswer(t, eng, n) // 0 is used again
		codes, indices := split(t, dir)
		for _, path := range slices.Concat(codes, indices) {
			// Each module is an hour newer than the one before.
			age(t, time.Since(stat(t, path).ModTime())+time.Hour, path)
		}
	}
	wantAnswer(t, cachedEngine(t, Config{CacheDir: dir, CacheSize: 3*entry + entry/2}), 0) // the newest now
	wantAnswer(t, eng, 3)                                                                  // so 1 has to go
	var total int64
	for _, path := range files(t, dir) {
		total += stat(t, path).Size()
	}
	codes, _ := split(t, dir)
	if total > eng.cache.size || len(codes) != 3 {
		t.Errorf("the cache holds %d bytes in %d files, allowed are %d", total, len(codes), eng.cache.size)
	}
	for n, want := range []bool{true, false, true, true} {
		_, err := eng.cache.read(keyOf(sha256.Sum256(answer(int32(n)).Bytes())))
		if got := err == nil; got != want {
			t.Errorf("module %d is in the cache: %t, want %t", n, got, want)
		}
	}
	// A cache that may hold nothing still compiles.
	wantAnswer(t, cachedEngine(t, Config{CacheDir: dir, CacheSize: 1}), 5)
	if left := files(t, dir); len(left) != 0 {
		t.Errorf("a cache of one byte holds %q", left)
	}
}

func TestCacheSweeps(t *testing.T) {
	dir := t.TempDir()
	root := filepath.Join(dir, "wazero")
	foreign := filepath.Join(dir, "precious")
	old, young := filepath.Join(root, codecache.CompilePrefix+"old"), filepath.Join(root, codecache.CompilePrefix+"young")
	oldTemp, youngTemp := filepath.Join(root, "x.1.tmp"), filepath.Join(root, "x.2.tmp")
	for _, path := range []string{old, young} {
		if err := os.MkdirAll(filepath.Join(path, "inside"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{foreign, oldTemp, youngTemp} {
		if err := os.WriteFile(path, []byte("text"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	age(t, 48*time.Hour, old, oldTemp, foreign)
	wantAnswer(t, cachedEngine(t, Config{CacheDir: dir}), 0)
	for path, want := range map[string]bool{foreign: true, old: false, young: true, oldTemp: false, youngTemp: true} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s is there: %t, want %t", path, err == nil, want)
		}
	}
}

// TestCacheIsOpenedLate makes an engine that compiles nothing, in a folder that it
// is not to touch, and one whose relative folder is the same after a change of
// directory.
func TestCacheIsOpenedLate(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if err := open(t, Config{CacheDir: "cache"}).Close(); err != nil {
		t.Error(err)
	}
	eng := open(t, Config{CacheDir: "cache"})
	if there, _ := os.ReadDir(dir); len(there) > 0 {
		t.Errorf("New made %v", there)
	}
	t.Chdir(t.TempDir())
	wantAnswer(t, eng, 1)
	if eng.cached() {
		onlyEntry(t, filepath.Join(dir, "cache"))
	}
}

// TestCacheFolderLost takes the folder away from a living engine, and puts a
// file in its place.
func TestCacheFolderLost(t *testing.T) {
	dir := t.TempDir()
	eng := cachedEngine(t, Config{CacheDir: dir})
	wantAnswer(t, eng, 1)
	root := filepath.Join(dir, "wazero")
	if err := os.RemoveAll(root); err != nil {
		t.Fatal(err)
	}
	wantAnswer(t, eng, 1)
	wantAnswer(t, eng, 2)
	if err := os.WriteFile(root, nil, 0o600); err != nil && !os.IsExist(err) {
		os.RemoveAll(root)
		if err := os.WriteFile(root, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	wantAnswer(t, eng, 1)
	wantAnswer(t, eng, 3)
	// A new engine does without.
	wantAnswer(t, open(t, Config{CacheDir: dir}), 3)
}

// TestCacheShared has engines, as different processes would, compile the same
// modules in one folder that is too small for them.
func TestCacheShared(t *testing.T) {
	dir := t.TempDir()
	wantAnswer(t, cachedEngine(t, Config{CacheDir: dir}), 0)
	code, _ := onlyEntry(t, dir)
	size := 2 * stat(t, code).Size()
	var group sync.WaitGroup
	for range 4 {
		eng := open(t, Config{CacheDir: dir, CacheSize: size})
		for n := range int32(4) {
			group.Go(func() {
				wantAnswer(t, eng, n)
				wantAnswer(t, eng, n)
			})
		}
	}
	group.Wait()
}
