package wasi

import (
	"bytes"
	"testing"
)

func TestFdPrestat(t *testing.T) {
	g := newGuest(t)
	at := g.alloc(prestatSize)
	g.ok("fd_prestat_get", preopenedFd, at)
	if got, want := g.mem[at:at+prestatSize], []byte{0, 0, 0, 0, 1, 0, 0, 0}; !bytes.Equal(got, want) {
		t.Errorf("prestat is %x, want %x", got, want)
	}
	name := g.alloc(8)
	g.ok("fd_prestat_dir_name", preopenedFd, name, 1)
	if g.mem[name] != '/' || g.mem[name+1] != 0xa5 {
		t.Errorf("the name is %q", g.mem[name:name+2])
	}
	g.ok("fd_prestat_dir_name", preopenedFd, name, 8)
	if g.mem[name+1] != 0xa5 {
		t.Error("something was written behind the name")
	}
	g.want(ENAMETOOLONG, "fd_prestat_dir_name", preopenedFd, name, 0)
	g.want(EFAULT, "fd_prestat_dir_name", preopenedFd, memorySize, 1)
	g.want(EFAULT, "fd_prestat_get", preopenedFd, memorySize-7)
}

// A runtime counts up from 3 and stops at EBADF.
func TestFdPrestatOfOthers(t *testing.T) {
	g := newGuest(t)
	folder := g.open("tmp", 0, 0)
	for _, fd := range []uint64{0, 1, 2, 4, folder, 99, 0xffffffff} {
		g.want(EBADF, "fd_prestat_get", fd, g.alloc(prestatSize))
		g.want(EBADF, "fd_prestat_dir_name", fd, g.alloc(1), 1)
	}
}
