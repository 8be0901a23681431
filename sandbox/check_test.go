package sandbox_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox"
)

// TestCheck refuses what New refuses, but for what only compiling and running
// can tell, and accepts what New accepts.
func TestCheck(t *testing.T) {
	late := func(err error) bool { // for Check
		_, init := errors.AsType[*sandbox.InitError](err)
		return err == nil || init || errors.Is(err, engine.ErrInvalid) || strings.Contains(err.Error(), "Handler is")
	}
	told := 0
	for _, row := range slices.Concat(badModules(t), badStarts(), badConfigs(t)) {
		wasm := row.wasm
		if wasm == nil {
			wasm = guest(t, "c/bad")
		}
		box, err := sandbox.New(t.Context(), testEngine(t), wasm, patient(row.config))
		if err == nil {
			box.Close()
		}
		got := sandbox.Check(wasm, patient(row.config))
		switch {
		case got != nil && row.refused != nil && row.refused(got):
			told++
		case got != nil || !late(err) && !errors.Is(err, engine.ErrMemoryLimit):
			t.Errorf("%s: Check says %v, New %v", row.name, got, err)
		case errors.Is(err, engine.ErrMemoryLimit):
			t.Errorf("%s: Check let pass what New refuses: %v", row.name, err)
		}
	}
	if told < 20 {
		t.Errorf("Check refused %d modules, they were expected to be more", told)
	}
}

// TestCompileIntoCache compiles with one engine and makes a Sandbox with another
// that has the same folder.
func TestCompileIntoCache(t *testing.T) {
	dir := t.TempDir()
	first, err := sandbox.OpenEngine(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	echo := guest(t, "c/echo")
	if err := sandbox.Compile(t.Context(), first, echo, engine.ModuleLimits{}); err != nil {
		t.Fatal(err)
	}
	if err := sandbox.Compile(t.Context(), first, echo, engine.ModuleLimits{Module: 10}); !errors.Is(err, engine.ErrTooLarge) {
		t.Errorf("with a limit of 10 bytes: %v", err)
	}
	second, err := sandbox.OpenEngine(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	box, err := sandbox.New(t.Context(), second, echo, patient(sandbox.Config{}))
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	if got := run(t, box, `[1]`); got != `[1]` {
		t.Errorf("echo answered %s", got)
	}
}
