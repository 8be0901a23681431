package image

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	"github.com/tetratelabs/wazero/sys"

	"github.com/lambent-dev/lambent/engine/internal/corpus"
)

// A Go program, whose data are tens of thousands of segments, prints the same
// and exits the same.
func TestGoProgram(t *testing.T) {
	binary := corpus.GoProgram(t)
	p := rewrite(t, binary, bounds)
	if len(segments(t, p)) < 1000 || p.Restorable != nil || len(p.Globals) < 5 {
		t.Errorf("%d segments, %d globals, %v", len(segments(t, p)), len(p.Globals), p.Restorable)
	}
	run := func(rewrites bool) (string, uint32) {
		w := newWorld(t, rewrites, wazero.NewRuntimeConfigInterpreter())
		wasi_snapshot_preview1.MustInstantiate(context.Background(), w)
		var out bytes.Buffer
		m, err := w.instantiate(binary, wazero.NewModuleConfig().WithStdout(&out).WithStderr(&out).
			WithStdin(strings.NewReader(corpus.GoInput)))
		if err != nil {
			t.Fatal(err)
		}
		_, err = m.ExportedFunction("_start").Call(context.Background())
		exit, ok := errors.AsType[*sys.ExitError](err)
		if !ok {
			t.Fatalf("it ended with %v", err)
		}
		return out.String(), exit.ExitCode()
	}
	text, code := run(false)
	if code != corpus.GoExit || text == "" {
		t.Fatalf("it exits with %d: %s", code, text)
	}
	if gotText, gotCode := run(true); gotText != text || gotCode != code {
		t.Errorf("rewritten, it exits with %d: %s, want %d: %s", gotCode, gotText, code, text)
	}
}
