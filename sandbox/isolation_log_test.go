package sandbox_test

import (
	"testing"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/sandbox"
)

// TestSinkThatAppends: a line lies in the middle of guest memory, and appending
// to it used to write there.
func TestSinkThatAppends(t *testing.T) {
	var b wb.Builder
	i32 := wb.Types{wb.I32}
	respond := b.ImportFunc("lambent_v1", "response_write", b.Type(wb.Types{wb.I32, wb.I32}, i32))
	write := b.ImportFunc("wasi_snapshot_preview1", "fd_write", b.Type(wb.Types{wb.I32, wb.I32, wb.I32, wb.I32}, i32))
	b.Memory(1, 1)
	b.ExportMemory()
	const text = "abcdefg\r\nhij\nk"
	b.Data(0, []byte{16, 0, 0, 0, byte(len(text)), 0, 0, 0})
	b.Data(16, []byte(text))
	b.ExportFunc("lambent_handle", b.Func(b.Type(nil, i32), nil,
		wb.I32Const(1), wb.I32Const(0), wb.I32Const(1), wb.I32Const(8), wb.Call(write), wb.Drop,
		wb.I32Const(16), wb.I32Const(int32(len(text))), wb.Call(respond), wb.Drop, wb.I32Const(0)))
	var lines []string
	box := newBox(t, b.Bytes(), sandbox.Config{Limits: sandbox.Limits{LogLine: 4}, Log: func(l sandbox.LogLine) {
		lines = append(lines, string(l.Message))
		_ = append(l.Message, "!!!!"...)
	}})
	if got := run(t, box, "{}"); got != text {
		t.Errorf("the guest finds %q where it had %q", got, text)
	}
	want := []string{"abcd", "efg", "hij", "k"}
	if len(lines) != len(want) {
		t.Fatalf("logged %q, want %q", lines, want)
	}
	for i := range want {
		if lines[i] != want[i] {
			t.Errorf("logged %q, want %q", lines, want)
		}
	}
}
