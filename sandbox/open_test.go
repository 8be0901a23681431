package sandbox_test

import (
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/lambent-dev/lambent/engine"
	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/sandbox"
)

// cachingEngine makes an engine with code on disk.
func cachingEngine(t *testing.T, dir string) engine.Engine {
	t.Helper()
	eng, err := sandbox.OpenEngine(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { eng.Close() })
	return eng
}

// answered runs an event in a sandbox that was opened or made, and closes it.
func answered(t *testing.T, box *sandbox.Sandbox, err error) (string, sandbox.Usage) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	res, err := box.Run(t.Context(), []byte("{}"))
	if err != nil {
		t.Fatal(err)
	}
	return string(res.Response), res.Usage
}

// clockGoesOn answers "[1" if its handler reads less on the monotonic clock than the init
// phase did, else "[0".
func clockGoesOn() []byte {
	var b wb.Builder
	i32 := wb.Types{wb.I32}
	respond := b.ImportFunc("lambent_v1", "response_write", b.Type(wb.Types{wb.I32, wb.I32}, i32))
	clock := b.ImportFunc("wasi_snapshot_preview1", "clock_time_get", b.Type(wb.Types{wb.I32, wb.I64, wb.I32}, i32))
	b.Memory(1, 2)
	b.ExportMemory()
	b.Data(0, []byte("[          ]"))
	phase := b.Type(nil, i32)
	read := func(at int32) []byte {
		return wb.Cat(wb.I32Const(1), wb.I64Const(0), wb.I32Const(at), wb.Call(clock), wb.Drop)
	}
	// What init read of the monotonic clock, and what the handler reads.
	b.ExportFunc("lambent_init", b.Func(phase, nil, read(64), wb.I32Const(0)))
	digit := func(at int32, value []byte) []byte {
		return wb.Cat(wb.I32Const(at), wb.I32Const('0'), value, wb.I32Add, wb.I32Store8(0))
	}
	earlier := wb.Cat(wb.I32Const(72), wb.I64Load(0), wb.I32Const(64), wb.I64Load(0), wb.Raw(0x54)) // i64.lt_u
	b.ExportFunc("lambent_handle", b.Func(phase, nil, read(72),
		digit(1, earlier),
		wb.I32Const(0), wb.I32Const(12), wb.Call(respond), wb.Drop, wb.I32Const(0)))
	return b.Bytes()
}

// TestOpen opens by digest what New compiled, and only that.
func TestOpen(t *testing.T) {
	wasm := counting(nil, nil)
	digest := sha256.Sum256(wasm)
	dir := t.TempDir()
	eng := cachingEngine(t, dir)
	config := patient(sandbox.Config{Handler: "any"})
	if _, err := sandbox.Open(t.Context(), eng, digest, config); !errors.Is(err, engine.ErrNotCached) {
		t.Errorf("before it was compiled: %v", err)
	}
	box, err := sandbox.New(t.Context(), eng, wasm, config)
	if got, _ := answered(t, box, err); got != "111" {
		t.Errorf("New: %s", got)
	}
	for name, eng := range map[string]engine.Engine{"the same engine": eng, "another": cachingEngine(t, dir)} {
		box, err := sandbox.Open(t.Context(), eng, digest, config)
		if got, usage := answered(t, box, err); got != "111" || usage.Init == 0 {
			t.Errorf("%s: %s, init %v", name, got, usage.Init)
		}
	}
	for name, wrong := range map[string]sandbox.Config{
		"config":   {Version: "\x00"},
		"manifest": {Manifest: sandbox.Manifest{Model: sandbox.Stdio}},
	} {
		box, err := sandbox.Open(t.Context(), eng, digest, wrong)
		again, want := sandbox.New(t.Context(), eng, wasm, wrong)
		if (err == nil) != (want == nil) || err != nil && err.Error() != want.Error() {
			t.Errorf("%s: Open: %v, New: %v", name, err, want)
		}
		for _, b := range []*sandbox.Sandbox{box, again} {
			if b != nil {
				b.Close()
			}
		}
	}
}

// imagesIn opens a folder of images.
func imagesIn(t *testing.T, dir string, most int64) *sandbox.ImageFolder {
	t.Helper()
	images, err := sandbox.NewImageFolder(dir, most)
	if err != nil {
		t.Fatal(err)
	}
	return images
}

// kept returns the paths of the images in a folder.
func kept(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if info, err := e.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", e.Name(), info.Mode(), err)
		}
		names = append(names, filepath.Join(dir, e.Name()))
	}
	return names
}

// TestStoredImage: with an image the init phase does not run again, whichever
// process it is; with none, one of another configuration, or a damaged one, it
// does.
func TestStoredImage(t *testing.T) {
	wasm := counting(nil, nil)
	digest := sha256.Sum256(wasm)
	code, dir := t.TempDir(), t.TempDir()
	open := func(what string, stored bool, config sandbox.Config) {
		t.Helper()
		config.Verify, config.Images = 1, imagesIn(t, dir, 0)
		eng := cachingEngine(t, code)
		box, err := sandbox.Open(t.Context(), eng, digest, patient(config))
		if errors.Is(err, engine.ErrNotCached) {
			box, err = sandbox.New(t.Context(), eng, wasm, patient(config))
		}
		if got, usage := answered(t, box, err); got != "111" || (usage.Init == 0) != stored {
			t.Errorf("%s: %s, init %v", what, got, usage.Init)
		}
	}
	open("at first", false, sandbox.Config{})
	open("again", true, sandbox.Config{})
	if n := len(kept(t, dir)); n != 1 {
		t.Errorf("%d files", n)
	}
	for name, config := range map[string]sandbox.Config{
		"environment": {Env: map[string]string{"A": "b"}},
		"not UTF-8":   {Env: map[string]string{"A": "\xff"}},
		"nor this":    {Env: map[string]string{"A": "\xfe"}},
		"memory":      {Limits: sandbox.Limits{Memory: 256 << 20}},
		"handler":     {Handler: "other"},
		"name":        {Name: "other"},
		"files":       {Files: fstest.MapFS{"x": {}}, FilesDigest: sha256.Sum256([]byte("x"))},
		"other files": {Files: fstest.MapFS{"y": {}}, FilesDigest: sha256.Sum256([]byte("y"))},
	} {
		open(name, false, config)
		open(name+" again", true, config)
	}
	open("files without a digest", false, sandbox.Config{Files: fstest.MapFS{"x": {}}})
	open("files without a digest again", false, sandbox.Config{Files: fstest.MapFS{"x": {}}})

	for _, path := range kept(t, dir) {
		os.Remove(path)
	}
	open("removed", false, sandbox.Config{})
	path := kept(t, dir)[0]
	sound, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := 0; at < len(sound); at += 1 + len(sound)/97 {
		damaged := append([]byte(nil), sound...)
		damaged[at] ^= 1
		for what, b := range map[string][]byte{"flipped": damaged, "cut": sound[:at]} {
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
			open(what, false, sandbox.Config{})
		}
	}
	open("after damage", true, sandbox.Config{})
}

// TestStoredImageModes: where every event begins elsewhere, nothing is kept.
func TestStoredImageModes(t *testing.T) {
	for _, mode := range []string{"init=each", "reuse"} {
		dir := t.TempDir()
		box := newBox(t, counting(nil, nil), sandbox.Config{Images: imagesIn(t, dir, 0), Manifest: sandbox.Manifest{Mode: mode}})
		if got := run(t, box, "{}"); got != "101" || len(kept(t, dir)) != 0 {
			t.Errorf("%s: %s, %d files", mode, got, len(kept(t, dir)))
		}
	}
}

// TestStoredClock: the monotonic clock of a stored image goes on, though that of
// the system may have begun anew.
func TestStoredClock(t *testing.T) {
	images := imagesIn(t, t.TempDir(), 0)
	begin := time.Unix(1_800_000_000, 0)
	for _, back := range []time.Duration{0, 240 * time.Hour} {
		var n time.Duration
		box := newBox(t, clockGoesOn(), sandbox.Config{Images: images, Now: func() time.Time {
			n += time.Hour
			return begin.Add(n - back)
		}})
		if got := run(t, box, "{}"); got != "[0         ]" {
			t.Errorf("set back by %v: %s", back, got)
		}
	}
}

// TestImageFolderIsBounded: what was not used for longest goes.
func TestImageFolderIsBounded(t *testing.T) {
	dir := t.TempDir()
	wasm := counting(nil, nil)
	name := func(i int) string { return string(rune('a' + i)) }
	newBox(t, wasm, sandbox.Config{Name: name(0), Images: imagesIn(t, dir, 0)})
	info, err := os.Stat(kept(t, dir)[0])
	if err != nil {
		t.Fatal(err)
	}
	images := imagesIn(t, dir, 8*info.Size())
	for i := range 30 {
		old := time.Now().Add(time.Duration(i-100) * time.Minute)
		for _, path := range kept(t, dir) {
			if info, err := os.Stat(path); err == nil && time.Since(info.ModTime()) < 30*time.Minute {
				os.Chtimes(path, old, old)
			}
		}
		newBox(t, wasm, sandbox.Config{Name: name(i), Images: images})
	}
	if n := len(kept(t, dir)); n > 8 || n < 5 {
		t.Errorf("%d images are left", n)
	}
	for i, stored := range map[int]bool{29: true, 1: false} {
		_, usage := answered(t, newBox(t, wasm, sandbox.Config{Name: name(i), Images: images}), nil)
		if (usage.Init == 0) != stored {
			t.Errorf("image %d: init %v", i, usage.Init)
		}
	}
	// One that takes more than all may is not kept, nor left half written.
	dir = t.TempDir()
	box := newBox(t, wasm, sandbox.Config{Images: imagesIn(t, dir, 10)})
	if got := run(t, box, "{}"); got != "111" || len(kept(t, dir)) != 0 {
		t.Errorf("%s, %d files", got, len(kept(t, dir)))
	}
	if _, err := sandbox.NewImageFolder(dir, -1); err == nil {
		t.Error("a negative size is accepted")
	}
}
