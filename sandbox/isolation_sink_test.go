package sandbox_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/engine"
	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/sandbox"
)

// TestSinkPanicsAtTheEnd: what a guest began to write and did not end is logged
// after it returned, and the line of a timeout too. A sink's panic then used to go
// through Do and New to whoever called them.
func TestSinkPanicsAtTheEnd(t *testing.T) {
	module := func(export string) []byte {
		var b wb.Builder
		i32 := wb.Types{wb.I32}
		write := b.ImportFunc("wasi_snapshot_preview1", "fd_write", b.Type(wb.Types{wb.I32, wb.I32, wb.I32, wb.I32}, i32))
		b.Memory(1, 1)
		b.ExportMemory()
		b.Data(0, []byte{0, 0, 0, 0, 4, 0, 0, 0}) // no line end
		phase := b.Type(nil, i32)
		b.ExportFunc(export, b.Func(phase, nil, wb.I32Const(1), wb.I32Const(0), wb.I32Const(1), wb.I32Const(8), wb.Call(write)))
		if export != "lambent_handle" {
			b.ExportFunc("lambent_handle", b.Func(phase, nil, wb.I32Const(0)))
		}
		return b.Bytes()
	}
	full := func(sandbox.LogLine) { panic("full") }
	check := func(what string, err error) {
		t.Helper()
		if !errors.Is(err, engine.ErrHostPanic) || !strings.Contains(err.Error(), "full") {
			t.Errorf("%s: %v, want ErrHostPanic", what, err)
		}
	}
	box := newBox(t, module("lambent_handle"), sandbox.Config{})
	for range 3 {
		_, err := box.Do(t.Context(), sandbox.Request{Event: []byte("{}"), Log: full})
		check("Do", err)
		if _, err := box.Run(t.Context(), []byte("{}")); err != nil {
			t.Error(err)
		}
	}
	_, err := sandbox.New(t.Context(), testEngine(t), module("lambent_init"), patient(sandbox.Config{Log: full}))
	check("New", err)

	slow := newBox(t, guest(t, "c/bad"), sandbox.Config{Limits: sandbox.Limits{Time: time.Millisecond}})
	_, err = slow.Do(context.Background(), sandbox.Request{Event: []byte(`"spin"`), Log: full})
	check("a timeout", err)
}
