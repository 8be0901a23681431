package image

import "runtime"

// window is the gate: what is known about who wrote since the last Restore.
//
// A page that a memory does not have for itself becomes its own by a page fault
// of the thread that writes. As long as nobody writes but the thread that is
// watched, and that thread's count of faults stands still, the pages known at
// the last Restore are all that can have changed.
type window struct {
	open    bool   // the memory can have a gate at all
	watched bool   // the goroutine is locked to its thread
	settled bool   // there was a whole window since the last Restore
	void    bool   // somebody may have written outside of a window, or pages are new
	faults  uint64 // of the thread, when the window began
}

// Watch begins a window: until Settle or Void, this goroutine alone writes to
// the memory, as the guest does and as host functions do, and stays on its
// thread. In a window that is open already it does nothing.
func (m *Memory) Watch() {
	w := &m.window
	if w.watched || !w.open || w.void {
		return
	}
	runtime.LockOSThread()
	faults, err := m.platform.faults()
	if err != nil {
		runtime.UnlockOSThread()
		w.void = true
		return
	}
	w.faults, w.watched = faults, true
}

// Void gives up the window, if there is one: the goroutine is about to wait and
// should not keep a thread from the others. Restore will have to look for what
// changed.
func (m *Memory) Void() {
	w := &m.window
	if !w.watched {
		return
	}
	w.watched, w.void = false, true
	runtime.UnlockOSThread()
}

// Settle ends the window. It returns how many pages Restore has to copy, or -1
// if it has to look for them. The same goroutine called Watch.
func (m *Memory) Settle() int {
	w := &m.window
	if w.watched {
		faults, err := m.platform.faults()
		if err != nil || faults != w.faults {
			w.void = true
		}
		w.watched, w.settled = false, true
		runtime.UnlockOSThread()
	}
	if !w.held() {
		return -1
	}
	return len(m.known)
}

// held says whether nothing can have changed but the known pages.
func (w *window) held() bool { return w.open && w.settled && !w.void && !w.watched }
