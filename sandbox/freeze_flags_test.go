package sandbox_test

import (
	"testing"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/sandbox"
)

// TestFlagsAreFrozen runs a guest that makes its standard output non-blocking in
// its init phase, as Go's runtime does, and blocking in its handler, after it has
// looked at what it finds.
func TestFlagsAreFrozen(t *testing.T) {
	var b wb.Builder
	i32 := wb.Types{wb.I32}
	two := b.Type(wb.Types{wb.I32, wb.I32}, i32)
	const wasi = "wasi_snapshot_preview1"
	setFlags := b.ImportFunc(wasi, "fd_fdstat_set_flags", two)
	get := b.ImportFunc(wasi, "fd_fdstat_get", two)
	respond := b.ImportFunc("lambent_v1", "response_write", two)
	b.Memory(1, 2)
	b.ExportMemory()
	phase := b.Type(nil, i32)
	set := func(flags int32) []byte {
		return wb.Cat(wb.I32Const(1), wb.I32Const(flags), wb.Call(setFlags))
	}
	b.ExportFunc("lambent_init", b.Func(phase, nil, set(4)))
	b.ExportFunc("lambent_handle", b.Func(phase, nil,
		wb.I32Const(1), wb.I32Const(8), wb.Call(get), wb.Drop,
		// fs_flags, 16 bits at offset 2, as a digit.
		wb.I32Const(0), wb.I32Const(10), wb.I32Load8U(0), wb.I32Const('0'), wb.I32Add, wb.I32Store8(0),
		wb.I32Const(0), wb.I32Const(1), wb.Call(respond), wb.Drop,
		set(0)))

	for mode, want := range map[sandbox.Mode][2]string{
		sandbox.Pristine: {"4", "4"},
		sandbox.InitEach: {"4", "4"},
		sandbox.Reuse:    {"4", "0"},
	} {
		box := newBox(t, b.Bytes(), sandbox.Config{Verify: 1, Manifest: sandbox.Manifest{Mode: string(mode)}})
		if got, why := box.Mode(); got != mode || why != nil {
			t.Errorf("Mode is %q, %v; want %q", got, why, mode)
		}
		for i, flags := range want {
			if got := run(t, box, "{}"); got != flags {
				t.Errorf("mode %q: event %d finds flags %s, want %s", mode, i, got, flags)
			}
		}
	}
}
