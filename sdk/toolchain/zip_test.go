package toolchain

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

var module = []byte("\x00asm\x01\x00\x00\x00")

func pack(t *testing.T, p Package) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Zip(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestZip(t *testing.T) {
	files := fstest.MapFS{
		"z.txt":     {Data: []byte("last"), ModTime: time.Now(), Mode: 0o600},
		"data/a.js": {Data: []byte("a"), ModTime: time.Now().Add(time.Hour)},
	}
	b := pack(t, Package{Module: module, Manifest: []byte(`{"init_timeout":3}`), Files: files})
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		name, content string
		mode          fs.FileMode
	}{
		{"bootstrap", string(module), 0o755},
		{"data/a.js", "a", 0o644},
		{"lambent.json", `{"init_timeout":3}`, 0o644},
		{"z.txt", "last", 0o644},
	}
	if len(z.File) != len(want) {
		t.Fatalf("%d files", len(z.File))
	}
	for i, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if w := want[i]; err != nil || f.Name != w.name || string(content) != w.content || f.Mode() != w.mode || f.Modified.Year() != 1980 {
			t.Errorf("file %d: %s, %q, %v, %v, %v; want %+v", i, f.Name, content, f.Mode(), f.Modified, err, w)
		}
	}

	for _, f := range files {
		f.ModTime, f.Mode = time.Time{}, 0o777
	}
	if again := pack(t, Package{Module: module, Manifest: []byte(`{"init_timeout":3}`), Files: files}); !bytes.Equal(b, again) {
		t.Error("times and modes of files change the package")
	}
}

func TestZipNamesTheModuleAsTheManifestDoes(t *testing.T) {
	b := pack(t, Package{Module: module, Manifest: []byte(`{"entry":"bin/app.wasm"}`)})
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	if len(z.File) != 2 || z.File[0].Name != "bin/app.wasm" {
		t.Errorf("%d files, the first is %s", len(z.File), z.File[0].Name)
	}
}

func TestPackagesThatCannotBeZipped(t *testing.T) {
	for name, test := range map[string]struct {
		p    Package
		want string
	}{
		"no module":       {Package{}, "does not begin as a WebAssembly binary"},
		"not a module":    {Package{Module: []byte("\x7fELF")}, "does not begin as a WebAssembly binary"},
		"manifest":        {Package{Module: module, Manifest: []byte(`{`)}, "lambent.json: unexpected end"},
		"entry outside":   {Package{Module: module, Manifest: []byte(`{"entry":"../x"}`)}, `entry "../x" is not the path`},
		"entry manifest":  {Package{Module: module, Manifest: []byte(`{"entry":"lambent.json"}`)}, "is not the path"},
		"second module":   {Package{Module: module, Files: fstest.MapFS{"bootstrap": {}}}, "bootstrap: the package has a file of that name"},
		"second manifest": {Package{Module: module, Files: fstest.MapFS{"lambent.json": {}}}, "lambent.json: the package has"},
		"link":            {Package{Module: module, Files: fstest.MapFS{"l": {Mode: fs.ModeSymlink, Data: []byte("x")}, "x": {}}}, "l is a symbolic link"},
		"pipe":            {Package{Module: module, Files: fstest.MapFS{"p": {Mode: fs.ModeNamedPipe}}}, "p is a special file"},
	} {
		if err := Zip(io.Discard, test.p); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v; want one that says %q", name, err, test.want)
		}
	}
}

func TestSizeOfFilesIsBounded(t *testing.T) {
	files := fstest.MapFS{"f": {Data: []byte("12345")}}
	if b, err := readFile(files, "f", 5); err != nil || string(b) != "12345" {
		t.Errorf("as large as allowed: %q, %v", b, err)
	}
	for _, limit := range []int64{4, 0, -1} {
		if _, err := readFile(files, "f", limit); err != errTooLarge {
			t.Errorf("%d bytes allowed: %v", limit, err)
		}
	}
}
