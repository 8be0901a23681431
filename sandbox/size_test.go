package sandbox_test

import (
	"crypto/sha256"
	"io/fs"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/sandbox"
)

// TestSize: code is the module's, and what an idle instance keeps is counted as
// long as it is there.
func TestSize(t *testing.T) {
	wasm := guest(t, "c/json")
	box := newBox(t, wasm, sandbox.Config{})
	if box.Digest() != sha256.Sum256(wasm) {
		t.Error("the digest is not the module's")
	}
	code, image := box.Size()
	if code < int64(len(wasm)) || image <= 0 || image > 1<<20 {
		t.Errorf("a module of %d bytes: %d of code and %d besides", len(wasm), code, image)
	}
	run(t, box, `{"name":"Ada","n":41}`)
	_, held := box.Idle()
	if again, own := box.Size(); again != code || held == 0 || own != image+held {
		t.Errorf("with an idle instance of %d bytes: %d and %d, before %d and %d", held, again, own, code, image)
	}
	box.Shed(0)
	if _, own := box.Size(); own != image {
		t.Errorf("without it again: %d besides the code, want %d", own, image)
	}

	each := newBox(t, wasm, sandbox.Config{Manifest: sandbox.Manifest{Mode: "init=each"}})
	run(t, each, `{"name":"Ada","n":41}`)
	if _, own := each.Size(); own != 0 {
		t.Errorf("without an image and idle instances: %d besides the code", own)
	}

	text := strings.Repeat("x", 1<<16)
	files := newBox(t, guest(t, "c/opt"), sandbox.Config{Manifest: sandbox.Manifest{Mode: "init=each"}, Layers: []fs.FS{layer("a.txt", text)}})
	_, before := files.Size()
	run(t, files, `"a.txt"`)
	if _, after := files.Size(); before <= 0 || after != before+int64(len(text)) {
		t.Errorf("a file of %d bytes was read: %d besides the code, before %d", len(text), after, before)
	}
}
