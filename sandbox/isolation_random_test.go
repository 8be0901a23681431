package sandbox_test

import (
	"fmt"
	"runtime"
	"testing"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/sandbox"
)

// elsewhere is a source of randomness that has another thread fill what it is
// given.
type elsewhere chan func()

func newElsewhere(t *testing.T) elsewhere {
	e := make(elsewhere)
	t.Cleanup(func() { close(e) })
	go func() {
		runtime.LockOSThread()
		for f := range e {
			f()
		}
	}()
	return e
}

func (e elsewhere) Read(p []byte) (int, error) {
	done := make(chan bool)
	e <- func() {
		for i := range p {
			p[i] = 'r'
		}
		close(done)
	}
	<-done
	return len(p), nil
}

// TestRandomnessOfAnotherThread: the thread that an event runs on saw no fault
// when another one filled the guest's memory, and the next event found the bytes.
func TestRandomnessOfAnotherThread(t *testing.T) {
	var b wb.Builder
	i32 := wb.Types{wb.I32}
	pair, triple := b.Type(wb.Types{wb.I32, wb.I32}, i32), b.Type(wb.Types{wb.I32, wb.I32, wb.I32}, i32)
	respond := b.ImportFunc("lambent_v1", "response_write", pair)
	random := b.ImportFunc("wasi_snapshot_preview1", "random_get", pair)
	read := b.ImportFunc("lambent_v1", "event_read", triple)
	b.Memory(200, 200)
	b.ExportMemory()
	// The event is "r1234": fill 4 bytes at a page that the digits choose, or
	// "l1234": look at them.
	at := wb.Cat(wb.I32Const(4), wb.I32Load(0), wb.I32Const(0xfff), wb.I32And, wb.I32Const(12), wb.I32Shl, wb.I32Const(4))
	b.ExportFunc("lambent_handle", b.Func(b.Type(nil, i32), nil,
		wb.I32Const(2), wb.I32Const(16), wb.I32Const(0), wb.Call(read), wb.Drop,
		wb.I32Const(3), wb.I32Load8U(0), wb.I32Const('r'), wb.I32Eq, wb.If(wb.Empty),
		at, wb.Call(random), wb.Drop,
		wb.Else,
		at, wb.Call(respond), wb.Drop,
		wb.End,
		wb.I32Const(0)))
	box := newBox(t, b.Bytes(), sandbox.Config{Random: newElsewhere(t)})
	for i := range 100 {
		run(t, box, fmt.Sprintf(`"r%04d"`, i))
		if got := run(t, box, fmt.Sprintf(`"l%04d"`, i)); got != "\x00\x00\x00\x00" {
			t.Fatalf("event %d finds %q", i, got)
		}
	}
}
