package wasi

import (
	"errors"
	"testing"
)

func TestProcExit(t *testing.T) {
	for _, code := range []uint32{0, 1, 33, 0xffffffff} {
		g := newGuest(t)
		err := stopped(func() { g.call("proc_exit", uint64(code)) })
		exit, ok := errors.AsType[*ExitError](err)
		if !ok || exit.Code != code {
			t.Errorf("proc_exit(%d) stopped the guest with %v", code, err)
		}
		if g.s.Calls != 1 {
			t.Errorf("%d calls counted, want 1", g.s.Calls)
		}
	}
	if got := (&ExitError{Code: 3}).Error(); got != "exit status 3" {
		t.Errorf("the error says %q", got)
	}
}

func TestProcRaise(t *testing.T) {
	g := newGuest(t)
	for _, sig := range []uint64{0, 9, 0xffffffff} {
		g.want(ENOTSUP, "proc_raise", sig)
	}
}
