package abi

import (
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/sandbox/internal/wasi"
)

// read reads from a call's descriptor into a small buffer.
func (b *border) read(fd int64, n int) (string, wasi.Errno) {
	b.t.Helper()
	d, ok := b.s.WASI.Descriptor(uint32(fd))
	if !ok {
		return "", wasi.EBADF
	}
	p := make([]byte, n)
	got, errno := d.Read(b.t.Context(), p)
	return string(p[:got]), errno
}

func TestCallStream(t *testing.T) {
	b := newBorder(t)
	b.want(-int64(wasi.ENOSYS), "call", "unknown", "")
	b.want(-int64(wasi.E2BIG), "call", "known", strings.Repeat("x", 51))
	fd := b.call("call", "known", "argument")
	d, ok := b.s.WASI.Descriptor(uint32(fd))
	if !ok || d.Filetype() != wasi.SocketStream || d.Fdflags() != wasi.NonBlock {
		t.Fatalf("call = %d, %v", fd, d)
	}
	r := b.world.replies[0]
	b.want(-int64(wasi.EAGAIN), "http_head", int(fd), 64, 100)
	close(r.ready)
	const head = `{"status":200,"headers":{}}`
	b.want(int64(len(head)), "http_head", int(fd), 64, 0)
	b.want(int64(len(head)), "http_head", int(fd), 64, 100)
	if got := string(b.memory[64 : 64+len(head)]); got != head {
		t.Errorf("the head is %q", got)
	}
	if r.ctx.Err() == nil {
		t.Error("the call's context outlives its answer")
	}
	for _, want := range []string{"argum", "ent", "", ""} {
		if got, errno := b.read(fd, 5); got != want || errno != wasi.ESUCCESS {
			t.Errorf("read %q, %v; want %q", got, errno, want)
		}
	}
	b.want(int64(len(head)), "http_head", int(fd), 64, 100) // stays
	if r.asked != 1 {
		t.Errorf("the answer was taken %d times", r.asked)
	}
	for _, other := range []int{0, 1, 3, 99, -1} {
		b.want(-int64(wasi.EBADF), "http_head", other, 64, 100)
	}
	b.want(-int64(wasi.EACCES), "http_send", `{}`, "")
}

// TestCallsUnderWay counts a call until its answer is read to the end or
// closed, whichever comes first, and once.
func TestCallsUnderWay(t *testing.T) {
	b := newBorder(t)
	var fds []int64
	for range 3 {
		fds = append(fds, b.call("call", "known", "0123456789"))
	}
	full := func() { b.t.Helper(); b.want(-int64(wasi.EAGAIN), "call", "known", "") }
	full()
	for _, r := range b.world.replies {
		close(r.ready)
	}
	for _, fd := range fds {
		b.want(27, "http_head", int(fd), 64, 100)
	}
	full() // three answers are held
	if b.s.held != 30 || b.s.PeakHeld() != 30 {
		t.Errorf("%d bytes are held, at most %d; want 30", b.s.held, b.s.PeakHeld())
	}
	b.read(fds[0], 9)
	full()
	b.read(fds[0], 9) // to its end
	if again := b.call("call", "known", ""); again < 0 {
		t.Errorf("after reading one to its end: call = %d", again)
	}
	full()
	b.s.WASI.Close()
	if b.s.calls != 0 || b.s.held != 0 || b.s.PeakHeld() != 30 {
		t.Errorf("closed, %d calls are under way and %d bytes held, at most %d", b.s.calls, b.s.held, b.s.PeakHeld())
	}
	for i, r := range b.world.replies {
		if r.ctx.Err() == nil {
			t.Errorf("call %d was not cancelled", i)
		}
	}
}

// TestCallNeedsADescriptor fills the table: a call that would find no room does
// not happen.
func TestCallNeedsADescriptor(t *testing.T) {
	b := newBorder(t)
	b.s.Limits.Calls = 1000
	for i := range 12 { // of 16, 4 are standard
		b.want(int64(4+i), "call", "known", "")
	}
	b.want(-int64(wasi.EMFILE), "call", "known", "")
	if len(b.world.replies) != 12 || b.s.calls != 12 {
		t.Errorf("%d functions were called, %d calls are under way; want 12", len(b.world.replies), b.s.calls)
	}
}
