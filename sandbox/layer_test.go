package sandbox_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"errors"
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/lambent-dev/lambent/sandbox"
)

// layer is one whose files have the content that is given by name.
func layer(files ...string) fs.FS {
	l := fstest.MapFS{}
	for i := 0; i < len(files); i += 2 {
		l[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return l
}

// TestGuestLayers reads /opt and cannot change it.
func TestGuestLayers(t *testing.T) {
	box := newBox(t, guest(t, "c/opt"), sandbox.Config{Layers: []fs.FS{layer("a.txt", "first", "d/b.txt", "first"), layer("a.txt", "second")}})
	for range 2 {
		got := decode[map[string]any](t, run(t, box, `"a.txt d/b.txt none"`))
		for name, want := range map[string]any{
			"a.txt": "second", "d/b.txt": "first", "none": -44.0, "init": -44.0, "write": -69.0, "unlink": -69.0, "mkdir": -69.0,
		} {
			if got[name] != want {
				t.Errorf("%s: %v, want %v", name, got[name], want)
			}
		}
	}
	if got := decode[map[string]any](t, run(t, newBox(t, guest(t, "c/opt"), sandbox.Config{}), `""`))["list"]; got != "" {
		t.Errorf("without layers /opt holds %q", got)
	}
}

// TestImageOfLayers: what an init phase saw of a layer is kept, and found by no
// function that has another one.
func TestImageOfLayers(t *testing.T) {
	images := imagesIn(t, t.TempDir(), 0)
	answers := func(digest string, layers ...fs.FS) any {
		t.Helper()
		config := sandbox.Config{Images: images, Layers: layers}
		if digest != "" {
			config.FilesDigest = sha256.Sum256([]byte(digest))
		}
		return decode[map[string]any](t, run(t, newBox(t, guest(t, "c/opt"), config), `""`))["init"]
	}
	for _, c := range []struct {
		digest, text string
		want         any
	}{
		{"one", "one", "one"}, {"two", "two", "two"}, {"one", "not looked at", "one"}, {"", "three", "three"}, {"", "four", "four"},
	} {
		if got := answers(c.digest, layer("init.txt", c.text)); got != c.want {
			t.Errorf("digest %q: the init phase saw %v, want %v", c.digest, got, c.want)
		}
	}
}

func TestReadLayer(t *testing.T) {
	pack := func(files ...string) []byte {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for i := 0; i < len(files); i += 2 {
			f, err := w.Create(files[i])
			if err == nil {
				_, err = f.Write([]byte(files[i+1]))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	l, err := sandbox.ReadLayer(pack("lib/a", "12345", "lambent.json", "{not JSON", "b", "678"), sandbox.PackageLimits{})
	if err != nil || l.Unzipped != 17 {
		t.Fatalf("%+v, %v", l, err)
	}
	if text, err := fs.ReadFile(l.Files, "lib/a"); err != nil || string(text) != "12345" {
		t.Errorf("read %q, %v", text, err)
	}
	for name, c := range map[string]struct {
		zip    []byte
		limits sandbox.PackageLimits
		want   error
	}{
		"no zip":    {[]byte("PK"), sandbox.PackageLimits{}, sandbox.ErrUnzip},
		"too large": {pack("a", "12345"), sandbox.PackageLimits{Unzipped: 4}, sandbox.ErrTooLarge},
		"outside":   {pack("../a", ""), sandbox.PackageLimits{}, sandbox.ErrPackage},
		"twice":     {pack("a", "", "a", ""), sandbox.PackageLimits{}, sandbox.ErrPackage},
		"zipped":    {pack("a", ""), sandbox.PackageLimits{Zipped: 10}, sandbox.ErrPackage},
	} {
		if _, err := sandbox.ReadLayer(c.zip, c.limits); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
