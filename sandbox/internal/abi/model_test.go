package abi

import (
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// exporting makes a module that exports its memory and functions of the names
// given: _start and _initialize as () -> (), others as () -> i32.
func exporting(t *testing.T, names ...string) *engine.Binary {
	t.Helper()
	var b wb.Builder
	b.Memory(1, 1)
	b.ExportMemory()
	for _, name := range names {
		if name == exportStart || name == exportInitialize {
			b.ExportFunc(name, b.Func(b.Type(nil, nil), nil))
		} else {
			b.ExportFunc(name, b.Func(b.Type(nil, wb.Types{wb.I32}), nil, wb.I32Const(0)))
		}
	}
	binary, err := engine.Check(b.Bytes(), engine.ModuleLimits{})
	if err != nil {
		t.Fatal(err)
	}
	return binary
}

func TestDetect(t *testing.T) {
	for _, test := range []struct {
		exports  []string
		manifest Model
		want     Model
		err      string
	}{
		{exports: []string{"_initialize", "lambent_init", "lambent_handle"}, want: Reactor},
		{exports: []string{"lambent_handle"}, manifest: Stdio, want: Reactor},
		{exports: []string{"_start"}, want: Stdio},
		{exports: []string{"_start"}, manifest: Reactor, err: "does not export lambent_handle"},
		// Go makes this of a program with our library built as an executable.
		{exports: []string{"_start", "lambent_init", "lambent_handle"}, want: Stdio},
		{exports: []string{"_start", "lambent_handle"}, manifest: Reactor, err: "exports _start too"},
		{exports: []string{"run"}, err: "missing export"},
	} {
		got, err := Detect(&exporting(t, test.exports...).Interface, Manifest{Model: test.manifest})
		if got != test.want || (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
			t.Errorf("%q, manifest %q: %q, %v; want %q, %q", test.exports, test.manifest, got, err, test.want, test.err)
		}
	}
}
