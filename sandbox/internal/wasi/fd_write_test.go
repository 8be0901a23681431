package wasi

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox/internal/memfs"
)

func TestFdWrite(t *testing.T) {
	g := newGuest(t)
	fd := g.open("tmp/f", memfs.Create, readWrite|uint64(RightFdSeek))
	list, count, buffers := g.iovecs(2, 0, 3)
	copy(g.mem[buffers[0]:], "ab")
	copy(g.mem[buffers[2]:], "cde")
	n := g.alloc(4)
	g.ok("fd_write", fd, list, count, n)
	g.ok("fd_write", fd, list, count, n)
	g.ok("fd_seek", fd, 1, whenceSet, g.alloc(8))
	g.write(fd, "X")
	g.ok("fd_seek", fd, 0, whenceSet, g.alloc(8))
	if got := g.read(fd, 100); got != "aXcdeabcde" {
		t.Errorf("the file holds %q", got)
	}
}

// Two descriptors of one file see each other's bytes at once.
func TestFdWriteIsUnbuffered(t *testing.T) {
	g := newGuest(t)
	r := g.open("tmp/f", memfs.Create, uint64(RightFdRead))
	w := g.open("tmp/f", 0, uint64(RightFdWrite))
	g.write(w, "x")
	if got := g.read(r, 1); got != "x" {
		t.Errorf("read %q", got)
	}
}

func TestFdWriteRefused(t *testing.T) {
	g := newGuest(t)
	g.create("tmp/f", "")
	for fd, want := range map[uint64]Errno{
		99: EBADF, 0xffffffff: EBADF, preopenedFd: EISDIR,
		g.open("tmp/f", 0, uint64(RightFdRead)): ENOTCAPABLE,
		g.open("tmp/f", 0, 0):                   ENOTCAPABLE,
	} {
		if got := g.writeErr(fd); got != want {
			t.Errorf("writing %d = %v, want %v", fd, got, want)
		}
	}
}

// With a bad buffer or result nothing is written, not even the good buffers.
func TestFdWriteBadBuffers(t *testing.T) {
	var out strings.Builder
	g := newGuest(t, func(c *Config) { c.Stdout = func(p []byte) Errno { out.Write(p); return ESUCCESS } })
	list, count, _ := g.iovecs(3, 4)
	n := g.alloc(4)
	g.want(EFAULT, "fd_write", 1, list, count, memorySize-3)
	g.mem.PutUint32(uint32(list)+8, memorySize-3)
	g.want(EFAULT, "fd_write", 1, list, count, n)
	g.want(EINVAL, "fd_write", 1, list, maxIovecs+1, n)
	if out.Len() != 0 {
		t.Errorf("refused calls wrote %q", out.String())
	}
}

func TestAppend(t *testing.T) {
	g := newGuest(t)
	g.create("tmp/f", "start")
	fd := g.openAt(preopenedFd, "tmp/f", 0, all, 0, Append)
	at := g.alloc(8)
	g.write(fd, "+1")
	g.ok("fd_tell", fd, at)
	if g.u64(at) != 7 {
		t.Errorf("after appending the file stands at %d, want 7", g.u64(at))
	}
	g.ok("fd_seek", fd, 0, whenceSet, at)
	g.write(fd, "+2")
	// At an offset means there, whatever the flags.
	list, count, buffers := g.iovecs(1)
	copy(g.mem[buffers[0]:], "S")
	g.ok("fd_pwrite", fd, list, count, 0, g.alloc(4))
	g.ok("fd_tell", fd, at)
	if g.u64(at) != 9 {
		t.Errorf("fd_pwrite moved the file to %d, want 9", g.u64(at))
	}
	g.ok("fd_fdstat_set_flags", fd, 0)
	g.ok("fd_seek", fd, 1, whenceSet, at)
	g.write(fd, "T")
	g.ok("fd_seek", fd, 0, whenceSet, at)
	if got := g.read(fd, 100); got != "STart+1+2" {
		t.Errorf("the file holds %q", got)
	}
}

func TestFdPwrite(t *testing.T) {
	g := newGuest(t)
	g.create("tmp/f", "0123456789")
	fd := g.open("tmp/f", 0, readWrite|uint64(RightFdSeek))
	list, count, buffers := g.iovecs(1, 2)
	copy(g.mem[buffers[0]:], "a")
	copy(g.mem[buffers[1]:], "bc")
	n := g.alloc(4)
	g.ok("fd_pwrite", fd, list, count, 4, n)
	if g.u32(n) != 3 {
		t.Errorf("wrote %d bytes, want 3", g.u32(n))
	}
	g.ok("fd_pwrite", fd, list, count, 11, n)
	if got := g.read(fd, 100); got != "0123abc789\x00abc" {
		t.Errorf("the file holds %q", got)
	}
	if got := g.call("fd_pwrite", fd, list, count, all, n); got != memfs.EFBIG {
		t.Errorf("writing at 2⁶⁴−1 = %v, want EFBIG", got)
	}
	g.want(EISDIR, "fd_pwrite", preopenedFd, list, count, 0, n)
	g.want(EBADF, "fd_pwrite", 99, list, count, 0, n)
	g.want(ENOTCAPABLE, "fd_pwrite", g.open("tmp/f", 0, uint64(RightFdWrite)), list, count, 0, n)
	g.want(ENOTCAPABLE, "fd_pwrite", g.open("tmp/f", 0, uint64(RightFdRead|RightFdSeek)), list, count, 0, n)
}

// What fits is written and counted; the next call says why no more was.
func TestFdWriteBeyondTheQuota(t *testing.T) {
	g := newGuest(t)
	g.mem = make(engine.Memory, 4<<20)
	fd := g.open("tmp/f", memfs.Create, readWrite)
	g.mem.PutUint32(0, 1<<20)
	g.mem.PutUint32(4, 3<<20)
	g.ok("fd_write", fd, 0, 1, 16)
	if n := g.u32(16); n == 0 || n > 1<<20 {
		t.Errorf("wrote %d bytes under a quota of 1 MiB", n)
	}
	if got := g.call("fd_write", fd, 0, 1, 16); got != memfs.ENOSPC && got != memfs.EFBIG {
		t.Errorf("writing to a full file system = %v, want ENOSPC or EFBIG", got)
	}
}

// A sink gets pieces that it can deal with, and none after the context's end.
func TestFdWriteInPieces(t *testing.T) {
	var pieces []int
	g := newGuest(t, func(c *Config) {
		c.Stdout = func(p []byte) Errno { pieces = append(pieces, len(p)); return ESUCCESS }
	})
	g.mem = make(engine.Memory, 4<<20)
	g.mem.PutUint32(0, 1<<20)
	g.mem.PutUint32(4, 2<<20+1)
	g.ok("fd_write", 1, 0, 1, 16)
	if len(pieces) != 3 || pieces[0] != maxChunk || pieces[1] != maxChunk || pieces[2] != 1 || g.u32(16) != 2<<20+1 {
		t.Errorf("the sink took pieces of %v bytes, the guest was told %d", pieces, g.u32(16))
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(engine.ErrTimeout)
	g.ctx, pieces = ctx, nil
	err := stopped(func() { g.call("fd_write", 1, 0, 1, 16) })
	if !errors.Is(err, engine.ErrTimeout) || len(pieces) > 1 {
		t.Errorf("stopped by %v after %d pieces, want the timeout after at most one", err, len(pieces))
	}
}

func TestDevNull(t *testing.T) {
	g := newGuest(t)
	fd := g.open("dev/null", 0, readWrite)
	g.write(fd, "gone")
	if got := g.read(fd, 4); got != "" {
		t.Errorf("read %q", got)
	}
}
