package auth

import (
	"bytes"
	"crypto/rand"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestSealer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret.key")
	first, err := OpenSealer(path, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := first.seal([]byte("hello"), "p")
	if err != nil {
		t.Fatal(err)
	}
	again, err := OpenSealer(path, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := again.open(sealed, "p"); err != nil || string(text) != "hello" {
		t.Errorf("%q, %v", text, err)
	}
	for i := range sealed {
		damaged := bytes.Clone(sealed)
		damaged[i] ^= 1
		if _, err := again.open(damaged, "p"); err == nil {
			t.Errorf("with a bit of byte %d flipped, it opens", i)
		}
	}
	if _, err := again.open(sealed[:3], "p"); err == nil {
		t.Error("a part of it opens")
	}
	if runtime.GOOS != "windows" {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
		if err := os.Chmod(path, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenSealer(path, rand.Reader); err == nil || !strings.Contains(err.Error(), "chmod 600") {
			t.Errorf("readable by all: %v", err)
		}
		if err := os.Chmod(path, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(path, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenSealer(path, rand.Reader); err == nil || !strings.Contains(err.Error(), "5 bytes, want 32") {
		t.Errorf("a damaged file: %v", err)
	}
}
