package image

import (
	"bytes"
	"errors"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// locked says whether this goroutine is locked to its thread.
func locked() bool {
	stack := make([]byte, 1<<10)
	header, _, _ := bytes.Cut(stack[:runtime.Stack(stack, false)], []byte("\n"))
	return bytes.Contains(header, []byte("locked to thread"))
}

// TestThreadsAreGivenUp ends windows in every way.
func TestThreadsAreGivenUp(t *testing.T) {
	m, err := zeros(pageSize, pageSize)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Release()
	if !m.window.open {
		t.Skip("there is no gate")
	}
	for n, use := range []func(){
		func() { m.Watch(); m.Settle() }, // the first looks in any case
		func() { m.Watch(); m.Settle() },
		func() { m.Watch(); m.Watch(); m.Settle() },
		func() { m.Watch(); m.Settle(); m.Settle() },
		func() { m.Watch(); m.Void() },
		func() { m.Watch(); m.Void(); m.Void(); m.Settle() },
		func() { m.Watch(); m.Void(); m.Watch(); m.Settle() },
		func() { m.Watch(); m.Settle(); m.Void() },
		func() { m.Void() },
	} {
		use()
		if locked() {
			t.Errorf("use %d: the goroutine is still locked", n)
		}
		if err := m.Restore(); err != nil {
			t.Error(err)
		}
	}
	m.Watch()
	if !locked() {
		t.Error("a goroutine that watches is not locked")
	}
	if m.Release(); locked() {
		t.Error("a goroutine that released what it watched is still locked")
	}
}

// TestWritesOutsideOfWindows writes where no fault is counted.
func TestWritesOutsideOfWindows(t *testing.T) {
	elsewhere := func(f func()) {
		done := make(chan bool)
		go func() {
			runtime.LockOSThread() // not the thread that is watched
			f()
			close(done)
		}()
		<-done
	}
	for name, use := range map[string]func(m *Memory){
		"before":             func(m *Memory) { b := m.Bytes(); elsewhere(func() { b[0] = 1 }); m.Watch(); m.Settle() },
		"after":              func(m *Memory) { m.Watch(); m.Settle(); b := m.Bytes(); elsewhere(func() { b[0] = 1 }) },
		"between":            func(m *Memory) { m.Watch(); m.Settle(); m.Bytes()[0] = 1; m.Watch(); m.Settle() },
		"after a void":       func(m *Memory) { m.Watch(); m.Void(); b := m.Bytes(); elsewhere(func() { b[0] = 1 }); m.Settle() },
		"before a void":      func(m *Memory) { m.Watch(); m.Bytes()[0] = 1; m.Void(); m.Settle() },
		"void, then watched": func(m *Memory) { m.Watch(); m.Bytes()[0] = 1; m.Void(); m.Watch(); m.Settle() },
		"nothing watched":    func(m *Memory) { m.bytes[0] = 1; m.Settle() },
		"first of two":       func(m *Memory) { m.Watch(); m.Bytes()[0] = 1; m.Settle(); m.Watch(); m.Settle() },
	} {
		m, err := zeros(pageSize, pageSize)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			use(m)
			if err := errors.Join(m.Restore(), m.Verify()); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			// The page is not kept, or its next write would show nothing.
			if m.shared {
				m.known = nil
				if err := unix.Madvise(m.bytes, unix.MADV_DONTNEED); err != nil {
					t.Fatal(err)
				}
			}
		}
		m.Release()
	}
}

// TestWatchedMemoryIsNotRestored, and nothing is lost by trying.
func TestWatchedMemoryIsNotRestored(t *testing.T) {
	m, err := zeros(pageSize, pageSize)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Release()
	if err := m.Restore(); err != nil {
		t.Fatal(err)
	}
	m.Watch()
	if !m.window.watched {
		t.Skip("there is no gate")
	}
	m.Bytes()[0] = 1
	if m.Restore() == nil {
		t.Error("restored while it is watched")
	}
	m.Settle()
	if err := errors.Join(m.Restore(), m.Verify()); err != nil {
		t.Error(err)
	}
}
