package wazero

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// TestFill: with a Fill, an engine loads what others compiled and compiles
// nothing itself.
func TestFill(t *testing.T) {
	var b wb.Builder
	b.ExportFunc("f", b.Func(b.Type(nil, nil), nil))
	binary, err := engine.Check(b.Bytes(), engine.ModuleLimits{})
	if err != nil {
		t.Fatal(err)
	}
	compile := func(config Config) error {
		t.Helper()
		eng, err := New(config)
		if err != nil {
			t.Fatal(err)
		}
		defer eng.Close()
		m, err := eng.Compile(t.Context(), binary, engine.NewHost())
		if err == nil {
			err = m.Close()
		}
		return err
	}
	dir := t.TempDir()
	asked := 0
	refusal := errors.New("too busy")
	if err := compile(Config{CacheDir: dir, Fill: func(context.Context, []byte) error { return refusal }}); !errors.Is(err, refusal) {
		t.Errorf("refused: %v", err)
	}
	if err := compile(Config{CacheDir: dir, Fill: func(context.Context, []byte) error { return nil }}); err == nil || !strings.Contains(err.Error(), "not in the cache") {
		t.Errorf("filled with nothing: %v", err)
	}
	fill := func(_ context.Context, module []byte) error {
		asked++
		if string(module) != string(binary.Bytes()) {
			t.Error("asked for another module")
		}
		return compile(Config{CacheDir: dir})
	}
	for range 2 {
		if err := compile(Config{CacheDir: dir, Fill: fill}); err != nil {
			t.Error(err)
		}
	}
	if asked != 1 {
		t.Errorf("Fill was asked %d times, want once", asked)
	}
	if _, err := New(Config{Fill: fill}); err == nil {
		t.Error("there is nothing to fill, and no error")
	}
	if _, err := New(Config{MustCache: true}); err == nil {
		t.Error("there is no cache that it must use, and no error")
	}
}
