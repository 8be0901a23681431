package sandbox_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/sandbox"
)

// entry is one entry of a zip file.
type entry struct {
	name, content string
	mode          fs.FileMode // default: a regular file, or a folder if the name ends in a slash
}

// zipped writes a zip file.
func zipped(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		if e.mode != 0 {
			h.SetMode(e.mode)
		}
		f, err := w.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, e.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// asm begins as a module does.
const asm = "\x00asm\x01\x00\x00\x00"

func TestReadPackage(t *testing.T) {
	other := asm + "other"
	for _, c := range []struct {
		name     string
		entries  []entry
		entry    string
		manifest sandbox.Manifest
	}{
		{name: "bootstrap", entries: []entry{{name: "bootstrap", content: asm}, {name: "lib/extra.wasm", content: other}}, entry: "bootstrap"},
		{name: "only module", entries: []entry{{name: "lib/", content: ""}, {name: "lib/f.wasm", content: asm}, {name: "README", content: "hi"}}, entry: "lib/f.wasm"},
		{name: "bootstrap is a script", entries: []entry{{name: "bootstrap", content: "#!/bin/sh"}, {name: "f.wasm", content: asm}}, entry: "f.wasm"},
		{name: "a folder called like a module", entries: []entry{{name: "x.wasm/"}, {name: "f.wasm", content: asm}}, entry: "f.wasm"},
		{name: "entry", entries: []entry{{name: "a.wasm", content: other}, {name: "b/c", content: asm}, {name: "lambent.json", content: `{"entry":"b/c","init_timeout":2.5}`}},
			entry: "b/c", manifest: sandbox.Manifest{Entry: "b/c", InitTimeout: 2.5}},
		{name: "entry beats bootstrap", entries: []entry{{name: "bootstrap", content: other}, {name: "f.wasm", content: asm}, {name: "lambent.json", content: `{"entry":"./f.wasm","model":"stdio","mode":"init=each"}`}},
			entry: "f.wasm", manifest: sandbox.Manifest{Entry: "./f.wasm", Model: sandbox.Stdio, Mode: "init=each"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := sandbox.ReadPackage(zipped(t, c.entries...), sandbox.PackageLimits{})
			if err != nil {
				t.Fatal(err)
			}
			if p.Entry != c.entry || string(p.Module) != asm || p.Manifest != c.manifest {
				t.Errorf("got %q, %q, %+v; want %q, %+v", p.Entry, p.Module, p.Manifest, c.entry, c.manifest)
			}
			for _, e := range c.entries {
				if b, err := fs.ReadFile(p.Files, e.name); !strings.HasSuffix(e.name, "/") && (err != nil || string(b) != e.content) {
					t.Errorf("%s holds %q, %v", e.name, b, err)
				}
			}
		})
	}
}

func TestReadPackageRefuses(t *testing.T) {
	good := entry{name: "f.wasm", content: asm}
	with := func(entries ...entry) []byte { return zipped(t, append(entries, good)...) }
	manifest := func(content string) []byte { return with(entry{name: "lambent.json", content: content}) }
	small := sandbox.PackageLimits{Zipped: 10_000, Unzipped: 1000, Entries: 3}
	for _, c := range []struct {
		name, message string
		zip           []byte
		limits        sandbox.PackageLimits
	}{
		{"empty", "could not unzip", nil, small},
		{"not a zip", "could not unzip", []byte("\x00asm\x01\x00\x00\x00"), small},
		{"truncated", "could not unzip", with()[:50], small},
		{"no entries", "no WebAssembly module", zipped(t), small},
		{"no module", "neither a bootstrap that is one, nor a *.wasm", zipped(t, entry{name: "bootstrap", content: "#!/bin/sh"}), small},
		{"two modules", "Name one as entry in lambent.json: a.wasm, f.wasm", with(entry{name: "a.wasm", content: asm}), small},
		{"zipped size", "zipped size is 10001 bytes; it must be at most 10000", make([]byte, 10_001), small},
		{"too many entries", "4 entries; at most 3 are allowed", with(entry{name: "a"}, entry{name: "b"}, entry{name: "c/"}), small},

		{"parent", `"../x" leads out of the package`, with(entry{name: "../x"}), small},
		{"parent within", `"a/../../x" leads out`, with(entry{name: "a/../../x"}), small},
		{"absolute", `"/x" leads out`, with(entry{name: "/x"}), small},
		{"dot", `"./x" leads out`, with(entry{name: "./x"}), small},
		{"root", `"/" leads out`, with(entry{name: "/"}), small},
		{"no name", `"" leads out`, with(entry{name: ""}), small},
		{"two slashes", `"a//b" leads out`, with(entry{name: "a//b"}), small},
		{"backslash", "backslash, NUL or invalid UTF-8", with(entry{name: `..\x`}), small},
		{"NUL", "backslash, NUL or invalid UTF-8", with(entry{name: "a\x00b"}), small},
		{"invalid UTF-8", "backslash, NUL or invalid UTF-8", with(entry{name: "a\xff"}), small},
		{"long path", "a path has 1025 bytes; at most 1024", with(entry{name: strings.Repeat("d/", 512) + "f"}), small},
		{"twice", `"f.wasm" is there twice`, with(good), small},
		{"file and folder of one name", `"a" is there twice`, with(entry{name: "a"}, entry{name: "a/"}), small},
		{"file as folder", `"a" is a file and the folder of "a/b/c"`, with(entry{name: "a"}, entry{name: "a/b/c"}), small},
		{"symbolic link", `"a" is a L`, with(entry{name: "a", content: "/etc/passwd", mode: fs.ModeSymlink | 0o777}), small},
		{"device", `"a" is a D`, with(entry{name: "a", mode: fs.ModeDevice}), small},

		{"unzipped size", `unzipped size is more than 1000 bytes, at "big"`, with(entry{name: "big", content: strings.Repeat("x", 1001)}), small},
		{"unzipped size of all", `unzipped size is more than 1000 bytes, at "f.wasm"`, with(entry{name: "big", content: strings.Repeat("x", 993)}), small},

		{"unknown field", `unknown field "entri"`, manifest(`{"entri":"f.wasm"}`), small},
		{"wrong type", "lambent.json", manifest(`{"entry":7}`), small},
		{"not an object", "lambent.json", manifest(`[]`), small},
		{"empty manifest", "lambent.json", manifest(``), small},
		{"trailing garbage", "more than one JSON value", manifest(`{} {}`), small},
		{"interpreter", `model "interpreter" is not supported yet; supported are "reactor" and "stdio"`, manifest(`{"model":"interpreter"}`), small},
		{"runtime-api", `model "runtime-api" is not supported yet`, manifest(`{"model":"runtime-api"}`), small},
		{"unknown model", `unknown model "docker"`, manifest(`{"model":"docker"}`), small},
		{"unknown mode", `unknown mode "fast"`, manifest(`{"mode":"fast"}`), small},
		{"warmup without use", `warmup is for mode "pristine"`, manifest(`{"warmup":"event.json","mode":"reuse"}`), small},
		{"negative init_timeout", "init_timeout -1", manifest(`{"init_timeout":-1}`), small},
		{"long init_timeout", "init_timeout 900.1; allowed are more than 0 and at most 900 seconds", manifest(`{"init_timeout":900.1}`), small},
		{"negative fuel", "lambent.json", manifest(`{"fuel":-1}`), small},
		{"half a unit of fuel", "lambent.json", manifest(`{"fuel":0.5}`), small},
		{"huge init_timeout", "lambent.json", manifest(`{"init_timeout":1e999}`), small},
		{"large manifest", "65537 bytes; at most 65536 are allowed", manifest("{}" + strings.Repeat(" ", 64<<10-1)), sandbox.PackageLimits{}},
		{"manifest is a folder", "lambent.json", with(entry{name: "lambent.json/"}), small},
		{"entry is missing", `names the entry "g.wasm", which is no file`, manifest(`{"entry":"g.wasm"}`), small},
		{"entry is a folder", `names the entry "d", which is no file`, with(entry{name: "d/"}, entry{name: "lambent.json", content: `{"entry":"d"}`}), small},
		{"entry outside", `names the entry "../f.wasm"`, manifest(`{"entry":"../f.wasm"}`), small},
		{"entry absolute", `names the entry "/f.wasm"`, manifest(`{"entry":"/f.wasm"}`), small},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := sandbox.ReadPackage(c.zip, c.limits)
			if p != nil || !errors.Is(err, sandbox.ErrPackage) || !strings.Contains(err.Error(), c.message) {
				t.Errorf("got %v, want %q", err, c.message)
			}
		})
	}
}

// TestReadPackageTrustsNoSizes changes the sizes that the directory of a zip
// file declares.
func TestReadPackageTrustsNoSizes(t *testing.T) {
	honest := zipped(t, entry{name: "f.wasm", content: asm + strings.Repeat("\x00", 5000)})
	directory := bytes.Index(honest, []byte("PK\x01\x02"))
	const compressedSize, uncompressedSize = 20, 24
	limits := sandbox.PackageLimits{Unzipped: 6000}
	if _, err := sandbox.ReadPackage(honest, limits); err != nil {
		t.Fatal(err)
	}
	for _, field := range []int{compressedSize, uncompressedSize} {
		for _, size := range []uint32{0, 1, 100, 4999, 1 << 20, 1 << 30, 0xfffffffe} {
			lying := bytes.Clone(honest)
			binary.LittleEndian.PutUint32(lying[directory+field:], size)
			if _, err := sandbox.ReadPackage(lying, limits); !errors.Is(err, sandbox.ErrPackage) {
				t.Errorf("field %d says %d: %v", field, size, err)
			}
		}
	}
}

// TestReadPackageStopsEarly reads a bomb to the limit and no further: that its
// second half is broken goes unnoticed.
func TestReadPackageStopsEarly(t *testing.T) {
	bomb := zipped(t, entry{name: "f.wasm", content: strings.Repeat("\x00", 100<<20)})
	directory := bytes.Index(bomb, []byte("PK\x01\x02"))
	for i := directory / 2; i < directory-16; i++ { // up to the descriptor behind the data
		bomb[i] = 0xff
	}
	if _, err := sandbox.ReadPackage(bomb, sandbox.PackageLimits{}); err == nil || !strings.Contains(err.Error(), "flate: corrupt input") {
		t.Errorf("read to its end: %v", err)
	}
	for _, limit := range []int64{1, 6000, 1 << 20} {
		_, err := sandbox.ReadPackage(bomb, sandbox.PackageLimits{Unzipped: limit})
		if want := fmt.Sprintf("unzipped size is more than %d bytes", limit); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("read to %d bytes: %v, want %q", limit, err, want)
		}
	}
}

// TestReadPackageRefusesSharedBytes has many entries point to the same bytes,
// which decompress to nothing: no limit on what comes out would stop it.
func TestReadPackageRefusesSharedBytes(t *testing.T) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	nothing := strings.Repeat("\x00\x00\x00\xff\xff", 1<<16) + "\x01\x00\x00\xff\xff" // empty blocks, then the last
	if b, err := io.ReadAll(flate.NewReader(strings.NewReader(nothing))); err != nil || len(b) > 0 {
		t.Fatalf("not what was meant: %d bytes, %v", len(b), err)
	}
	for i := range 100 {
		f, err := w.CreateRaw(&zip.FileHeader{Name: fmt.Sprint(i), Method: zip.Deflate, CompressedSize64: uint64(len(nothing))})
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			io.WriteString(f, nothing)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	b := out.Bytes()
	const offset = 42 // of the local header, in an entry of the directory
	for at := 0; ; {
		i := bytes.Index(b[at:], []byte("PK\x01\x02"))
		if i < 0 {
			break
		}
		at += i + 4
		binary.LittleEndian.PutUint32(b[at-4+offset:], 0)
	}
	_, err := sandbox.ReadPackage(b, sandbox.PackageLimits{})
	if !errors.Is(err, sandbox.ErrPackage) || !strings.Contains(err.Error(), "take more bytes than the zip file has") {
		t.Errorf("got %v", err)
	}
}

// TestReadPackageCountsHeaders has more entries than the directory's end
// admits: it counts them modulo 65,536.
func TestReadPackageCountsHeaders(t *testing.T) {
	header := append([]byte("PK\x01\x02"), make([]byte, 42)...)
	header[28], header = 1, append(header, 'a')
	directory := bytes.Repeat(header, 1<<17)
	end := append([]byte("PK\x05\x06"), make([]byte, 18)...)
	binary.LittleEndian.PutUint32(end[12:], uint32(len(directory)))
	_, err := sandbox.ReadPackage(append(directory, end...), sandbox.PackageLimits{})
	if !errors.Is(err, sandbox.ErrPackage) || !strings.Contains(err.Error(), "131072 headers of entries; at most 65535") {
		t.Errorf("got %v", err)
	}
}

// TestPackageRuns deploys a zip file and lets its function read it.
func TestPackageRuns(t *testing.T) {
	p, err := sandbox.ReadPackage(zipped(t,
		entry{name: "bootstrap", content: string(guest(t, "c/files"))},
		entry{name: "hello.txt", content: "from the zip file"},
		entry{name: "lambent.json", content: `{"init_timeout":600}`},
	), sandbox.PackageLimits{})
	if err != nil {
		t.Fatal(err)
	}
	box := newBox(t, p.Module, sandbox.Config{Manifest: p.Manifest, Files: p.Files})
	got := decode[map[string]any](t, run(t, box, ""))
	if got["task"] != "from the zip file" || got["task_write"] != -69.0 {
		t.Errorf("reading the package came to %v, writing it to %v", got["task"], got["task_write"])
	}
}

// FuzzReadPackage never panics, and what it accepts keeps to the limits.
func FuzzReadPackage(f *testing.F) {
	f.Add(zipped(f, entry{name: "bootstrap", content: asm}))
	f.Add(zipped(f, entry{name: "a/b.wasm", content: asm}, entry{name: "lambent.json", content: `{"entry":"a/b.wasm"}`}))
	f.Add(zipped(f, entry{name: "../x", content: strings.Repeat("x", 5000)}, entry{name: "l", mode: fs.ModeSymlink}))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	limits := sandbox.PackageLimits{Zipped: 1 << 16, Unzipped: 4096, Entries: 8}
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := sandbox.ReadPackage(b, limits)
		if err != nil {
			if p != nil || !errors.Is(err, sandbox.ErrPackage) {
				t.Fatalf("%v is no ErrPackage", err)
			}
			return
		}
		var size, entries int64
		err = fs.WalkDir(p.Files, ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			entries++
			content, err := fs.ReadFile(p.Files, path)
			size += int64(len(content))
			if path == p.Entry && !bytes.Equal(content, p.Module) {
				t.Errorf("the module is not what is at %q", path)
			}
			return err
		})
		if err != nil || size > limits.Unzipped || entries > int64(limits.Entries) {
			t.Errorf("accepted %d files of %d bytes: %v", entries, size, err)
		}
	})
}
