package sandbox_test

import (
	"testing"
	"testing/fstest"
	"time"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/sandbox"
)

// clocked is a function that reads the monotonic clock in its init phase, and answers
// 1 if it has gone on when an event comes, else 0.
func clocked() []byte {
	var b wb.Builder
	i32 := wb.Types{wb.I32}
	respond := b.ImportFunc("lambent_v1", "response_write", b.Type(wb.Types{wb.I32, wb.I32}, i32))
	clock := b.ImportFunc("wasi_snapshot_preview1", "clock_time_get", b.Type(wb.Types{wb.I32, wb.I64, wb.I32}, i32))
	b.Memory(1, 1)
	b.ExportMemory()
	phase := b.Type(nil, i32)
	read := func(at int32) []byte {
		return wb.Cat(wb.I32Const(1), wb.I64Const(0), wb.I32Const(at), wb.Call(clock), wb.Drop)
	}
	b.ExportFunc("lambent_init", b.Func(phase, nil, read(8), wb.I32Const(0)))
	b.ExportFunc("lambent_handle", b.Func(phase, nil, read(16),
		wb.I32Const(0), wb.I32Const(8), wb.I64Load(0), wb.I32Const(16), wb.I64Load(0), wb.I64LtU, wb.I32Const('0'), wb.I32Add, wb.I32Store8(0),
		wb.I32Const(0), wb.I32Const(1), wb.Call(respond), wb.Drop, wb.I32Const(0)))
	return b.Bytes()
}

// TestClockOfWarmup: the monotonic clock used to begin again with the warm-up
// event, and fell behind what the init phase had seen.
func TestClockOfWarmup(t *testing.T) {
	var now time.Time
	step := time.Hour // while the Sandbox is made
	box := newBox(t, clocked(), sandbox.Config{
		Now:      func() time.Time { now = now.Add(step); return now },
		Files:    fstest.MapFS{"warm.json": {Data: []byte(`{}`)}},
		Manifest: sandbox.Manifest{Warmup: "warm.json"},
	})
	step = time.Nanosecond
	for range 3 {
		if run(t, box, "{}") != "1" {
			t.Error("the monotonic clock fell")
		}
	}
}
