package sandbox_test

import (
	"archive/zip"
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/lambent-dev/lambent/sandbox"
)

// TestReadPackageKeepsModules: whatever comes before it, and however a module is
// compressed, it is whole.
func TestReadPackageKeepsModules(t *testing.T) {
	large := make([]byte, 1<<20)
	rand.NewChaCha8([32]byte{1}).Read(large)
	modules := map[string]string{
		"short":       asm,
		"large":       asm + string(large),
		"much zeros":  asm + string(make([]byte, 5<<20)),
		"in one byte": "\x00", // no module, named by the manifest all the same
	}
	for name, module := range modules {
		for _, method := range []uint16{zip.Store, zip.Deflate} {
			for _, before := range []string{"", "no module", asm + "another"} {
				var b bytes.Buffer
				w := zip.NewWriter(&b)
				for _, e := range []entry{{name: "before", content: before}, {name: "m.wasm", content: module}, {name: "after", content: asm + "after"}, {name: "lambent.json", content: `{"entry":"m.wasm"}`}} {
					f, err := w.CreateHeader(&zip.FileHeader{Name: e.name, Method: method})
					if err == nil {
						_, err = f.Write([]byte(e.content))
					}
					if err != nil {
						t.Fatal(err)
					}
				}
				if err := w.Close(); err != nil {
					t.Fatal(err)
				}
				pkg, err := sandbox.ReadPackage(b.Bytes(), sandbox.PackageLimits{})
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if string(pkg.Module) != module || pkg.Entry != "m.wasm" {
					t.Errorf("%s, method %d, after %q: %d bytes of %s, want %d", name, method, before, len(pkg.Module), pkg.Entry, len(module))
				}
			}
		}
	}
}
