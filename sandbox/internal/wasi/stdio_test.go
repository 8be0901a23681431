package wasi

import (
	"testing"
)

func TestStdin(t *testing.T) {
	g := newGuest(t, func(c *Config) { c.Stdin = []byte("hello, guest") })
	list, count, buffers := g.iovecs(3, 0, 4)
	n := g.alloc(4)
	g.ok("fd_read", 0, list, count, n)
	if g.u32(n) != 7 || string(g.mem[buffers[0]:][:3]) != "hel" || string(g.mem[buffers[2]:][:4]) != "lo, " {
		t.Errorf("read %d bytes: %q %q", g.u32(n), g.mem[buffers[0]:][:3], g.mem[buffers[2]:][:4])
	}
	for _, want := range []string{"guest", "", ""} {
		if got := g.read(0, 10); got != want {
			t.Errorf("read %q, want %q", got, want)
		}
	}
	if len(g.world.waits) != 0 {
		t.Error("standard input was waited for")
	}
}

func TestStdoutAndStderr(t *testing.T) {
	var out, errs []string
	g := newGuest(t, func(c *Config) {
		c.Stdout = func(p []byte) Errno { out = append(out, string(p)); return ESUCCESS }
		c.Stderr = func(p []byte) Errno { errs = append(errs, string(p)); return ESUCCESS }
	})
	g.write(1, "to out")
	g.write(2, "to err")
	list, count, buffers := g.iovecs(2, 1)
	copy(g.mem[buffers[0]:], "ab")
	copy(g.mem[buffers[1]:], "c")
	n := g.alloc(4)
	g.ok("fd_write", 1, list, count, n)
	if g.u32(n) != 3 {
		t.Errorf("wrote %d bytes, want 3", g.u32(n))
	}
	if len(out) != 3 || out[0] != "to out" || out[1]+out[2] != "abc" || len(errs) != 1 || errs[0] != "to err" {
		t.Errorf("stdout took %q and stderr %q", out, errs)
	}
}

// What the sink refuses, the guest learns, unless it took something before.
func TestSinkThatIsFull(t *testing.T) {
	room := 1
	g := newGuest(t, func(c *Config) {
		c.Stdout = func(p []byte) Errno {
			if room == 0 {
				return EFBIG
			}
			room--
			return ESUCCESS
		}
	})
	list, count, _ := g.iovecs(2, 2)
	n := g.alloc(4)
	g.ok("fd_write", 1, list, count, n)
	if g.u32(n) != 2 {
		t.Errorf("wrote %d bytes, want 2", g.u32(n))
	}
	g.want(EFBIG, "fd_write", 1, list, count, n)
}

func TestOutputWithoutSink(t *testing.T) {
	g := newGuest(t)
	g.write(1, "nobody listens")
	g.write(2, "nobody listens")
}

// Standard streams are pipes: no terminal, no position.
func TestStandardStreamsArePipes(t *testing.T) {
	g := newGuest(t)
	for fd := range uint64(3) {
		stat := g.alloc(fdstatSize)
		g.ok("fd_fdstat_get", fd, stat)
		if got := Filetype(g.mem[stat]); got != Unknown {
			t.Errorf("descriptor %d has type %d, want %d", fd, got, Unknown)
		}
		g.want(ESPIPE, "fd_seek", fd, 0, whenceSet, g.alloc(8))
		g.want(ESPIPE, "fd_seek", fd, 0, whenceCur, g.alloc(8))
		g.want(ESPIPE, "fd_tell", fd, g.alloc(8))
		g.want(ESPIPE, "fd_pread", fd, 0, 0, 0, g.alloc(4))
		g.want(ESPIPE, "fd_pwrite", fd, 0, 0, 0, g.alloc(4))
		g.want(ESPIPE, "fd_allocate", fd, 0, 1)
		g.want(ESPIPE, "fd_advise", fd, 0, 1, 0)
		g.want(ESPIPE, "fd_filestat_set_size", fd, 1)
		g.want(EINVAL, "fd_filestat_set_times", fd, 1, 1, 1)
		g.want(EINVAL, "fd_sync", fd)
		g.want(EINVAL, "fd_datasync", fd)
		g.want(ENOTDIR, "fd_readdir", fd, 0, 0, 0, g.alloc(4))
		buf := g.alloc(filestatSize)
		g.ok("fd_filestat_get", fd, buf)
		if g.u64(buf) != 0 || g.u64(buf+8) != 0 || g.u64(buf+16) != uint64(Unknown) || g.u64(buf+32) != 0 {
			t.Errorf("descriptor %d is on device %d, number %d, type %d, %d bytes", fd, g.u64(buf), g.u64(buf+8), g.u64(buf+16), g.u64(buf+32))
		}
	}
	if got := g.readErr(1); got != ENOTCAPABLE {
		t.Errorf("reading standard output = %v, want ENOTCAPABLE", got)
	}
	if got := g.writeErr(0); got != ENOTCAPABLE {
		t.Errorf("writing standard input = %v, want ENOTCAPABLE", got)
	}
}

func TestClosedStandardStream(t *testing.T) {
	g := newGuest(t)
	for fd := range uint64(3) {
		g.ok("fd_close", fd)
		g.want(EBADF, "fd_close", fd)
		g.want(EBADF, "fd_fdstat_get", fd, g.alloc(fdstatSize))
	}
	if got := g.writeErr(1); got != EBADF {
		t.Errorf("writing closed output = %v, want EBADF", got)
	}
}
