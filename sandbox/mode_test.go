package sandbox_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/sandbox"
)

// counting is a function that answers how often each of its phases has run in
// its instance, as three digits: lambent_init, lambent_after_restore and
// lambent_handle, and "9" if the handler's memory is not what init left there.
// more is added to what init does, and open to the module.
func counting(more []byte, open func(*wb.Builder)) []byte {
	var b wb.Builder
	i32 := wb.Types{wb.I32}
	respond := b.ImportFunc("lambent_v1", "response_write", b.Type(wb.Types{wb.I32, wb.I32}, i32))
	b.Memory(1, 2)
	b.ExportMemory()
	if open != nil {
		open(&b)
	}
	phase := b.Type(nil, i32)
	count := func(at int32) []byte {
		return wb.Cat(wb.I32Const(at), wb.I32Const(at), wb.I32Load8U(0), wb.I32Const(1), wb.I32Add, wb.I32Store8(0))
	}
	b.Data(0, []byte("000"))
	b.ExportFunc("lambent_init", b.Func(phase, nil, count(0), more, wb.I32Const(0)))
	b.ExportFunc("lambent_after_restore", b.Func(phase, nil, count(1), wb.I32Const(0)))
	b.ExportFunc("lambent_handle", b.Func(phase, nil, count(2),
		wb.I32Const(0), wb.I32Const(3), wb.Call(respond), wb.Drop, wb.I32Const(0)))
	return b.Bytes()
}

func TestModes(t *testing.T) {
	for _, c := range []struct {
		mode string
		want []string // of three events
	}{
		{"", []string{"111", "111", "111"}},
		{"pristine", []string{"111", "111", "111"}},
		{"init=each", []string{"101", "101", "101"}},
		{"reuse", []string{"101", "102", "103"}},
	} {
		box := newBox(t, counting(nil, nil), sandbox.Config{Verify: 1, Manifest: sandbox.Manifest{Mode: c.mode}})
		for i, want := range c.want {
			if got := run(t, box, "{}"); got != want {
				t.Errorf("mode %q: event %d: %s, want %s", c.mode, i, got, want)
			}
		}
		mode, why := box.Mode()
		if c.mode != "" && string(mode) != c.mode || c.mode == "" && mode != sandbox.Pristine || why != nil {
			t.Errorf("mode %q: Mode is %q, %v", c.mode, mode, why)
		}
	}
}

// TestNotPristine: what cannot be frozen goes through its init phase with every
// event, and says why.
func TestNotPristine(t *testing.T) {
	tables := func(b *wb.Builder) { b.Table(wb.FuncRef, 1, 1) }
	for name, c := range map[string]struct {
		wasm []byte
		want string
	}{
		"a table that changes": {counting(wb.Cat(wb.I32Const(0), wb.RefNull(wb.FuncRef), wb.Raw(0x26, 0)), tables), "table"},
		"a response in init":   {counting(wb.Cat(wb.I32Const(0), wb.I32Const(1), wb.Call(0), wb.Drop), nil), "responds"},
	} {
		box := newBox(t, c.wasm, sandbox.Config{})
		mode, why := box.Mode()
		if mode != sandbox.InitEach || why == nil || !strings.Contains(why.Error(), c.want) {
			t.Errorf("%s: mode %q, %v", name, mode, why)
		}
		for range 2 {
			res, err := box.Run(t.Context(), []byte("{}"))
			if err != nil || !strings.HasSuffix(string(res.Response), "101") || res.Usage.Init == 0 {
				t.Errorf("%s: %s, %v, init %v", name, res.Response, err, res.Usage.Init)
			}
		}
	}
}

// TestPristineAfterReading: a function that reads a file of its package in its
// init phase, and closes it, can be frozen.
func TestPristineAfterReading(t *testing.T) {
	const path, fd = 64, 128
	name := "var/task/settings.json"
	opens := func(b *wb.Builder) { // as functions 1 and 2
		const w, l = wb.I32, wb.I64
		i32 := wb.Types{w}
		b.ImportFunc("wasi_snapshot_preview1", "path_open", b.Type(wb.Types{w, w, w, w, w, l, l, w, w}, i32))
		b.ImportFunc("wasi_snapshot_preview1", "fd_close", b.Type(i32, i32))
		b.Data(path, []byte(name))
	}
	read := wb.Cat(
		wb.I32Const(3), wb.I32Const(0), wb.I32Const(path), wb.I32Const(int32(len(name))), wb.I32Const(0),
		wb.I64Const(2), wb.I64Const(0), wb.I32Const(0), wb.I32Const(fd), wb.Call(1), wb.If(wb.Empty), wb.Unreachable, wb.End,
		wb.I32Const(0), wb.I32Load(fd), wb.Call(2), wb.If(wb.Empty), wb.Unreachable, wb.End)
	box := newBox(t, counting(read, opens), sandbox.Config{Verify: 1, Files: fstest.MapFS{"settings.json": {Data: []byte("{}")}}})
	if mode, why := box.Mode(); mode != sandbox.Pristine || why != nil {
		t.Errorf("mode %q, %v", mode, why)
	}
	for range 2 {
		if got := run(t, box, "{}"); got != "111" {
			t.Errorf("%s, want 111", got)
		}
	}
}

// TestWarmup: every event finds what the warm-up event left.
func TestWarmup(t *testing.T) {
	files := fstest.MapFS{"warm.json": {Data: []byte(`{"warm":true}`)}}
	box := newBox(t, counting(nil, nil), sandbox.Config{Files: files, Manifest: sandbox.Manifest{Warmup: "warm.json"}})
	for range 3 {
		if got := run(t, box, "{}"); got != "112" {
			t.Errorf("%s, want 112", got)
		}
	}
	_, err := sandbox.New(t.Context(), testEngine(t), guest(t, "c/bad"), sandbox.Config{
		Files:    fstest.MapFS{"warm.json": {Data: []byte(`"trap"`)}},
		Manifest: sandbox.Manifest{Warmup: "warm.json"},
	})
	if failed, ok := errors.AsType[*sandbox.InitError](err); !ok || !strings.Contains(failed.Error(), "warm.json") {
		t.Errorf("%v, want an InitError that names the event", err)
	}
}

// TestInitIsReportedOnce: the init phase ran when the Sandbox was made; its time
// belongs to the first event.
func TestInitIsReportedOnce(t *testing.T) {
	box := newBox(t, counting(nil, nil), sandbox.Config{})
	for i := range 3 {
		res, err := box.Run(t.Context(), []byte("{}"))
		if err != nil || (res.Usage.Init > 0) != (i == 0) {
			t.Errorf("event %d: init took %v, %v", i, res.Usage.Init, err)
		}
	}
}

// TestClocksGoOn: no event finds the clock behind what the init phase saw.
func TestClocksGoOn(t *testing.T) {
	for _, mode := range []string{"pristine", "reuse"} {
		box := newBox(t, clocked(), sandbox.Config{Manifest: sandbox.Manifest{Mode: mode}})
		time.Sleep(time.Millisecond)
		for range 3 {
			if got := run(t, box, "{}"); got != "1" {
				t.Errorf("%s: the monotonic clock fell", mode)
			}
		}
	}
}

// TestIdleInstances: they are bounded, shed, and released when the Sandbox
// closes.
func TestIdleInstances(t *testing.T) {
	box := newBox(t, counting(nil, nil), sandbox.Config{Verify: 1, Limits: sandbox.Limits{Idle: 2}})
	for round := range 3 {
		var group sync.WaitGroup
		for range 16 {
			group.Go(func() {
				for range 20 {
					if res, err := box.Run(context.Background(), []byte("{}")); err != nil || string(res.Response) != "111" {
						t.Errorf("round %d: %s, %v", round, res.Response, err)
					}
				}
			})
		}
		group.Wait()
		if n, bytes := box.Idle(); n > 2 || bytes < 0 || bytes > 1<<20 {
			t.Errorf("%d instances with %d bytes are idle, 2 are allowed", n, bytes)
		}
		for { // those that are being restored come later
			box.Shed(0)
			if n, bytes := box.Idle(); n == 0 && bytes == 0 {
				break
			}
			time.Sleep(time.Millisecond)
		}
	}
}
