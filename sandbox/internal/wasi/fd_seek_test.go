package wasi

import (
	"math"
	"testing"
)

func TestFdSeek(t *testing.T) {
	g := newGuest(t)
	g.create("tmp/f", "0123456789")
	fd := g.open("tmp/f", 0, uint64(RightFdRead|RightFdSeek))
	at := g.alloc(8)
	minus := func(n int64) uint64 { return uint64(-n) }
	for _, c := range []struct {
		offset, whence uint64
		want           Errno
		stands         uint64
	}{
		{0, whenceCur, ESUCCESS, 0},
		{4, whenceSet, ESUCCESS, 4},
		{minus(1), whenceCur, ESUCCESS, 3},
		{minus(10), whenceEnd, ESUCCESS, 0},
		{minus(1), whenceCur, EINVAL, 0},
		{minus(1), whenceSet, EINVAL, 0},
		{minus(11), whenceEnd, EINVAL, 0},
		{minus(math.MinInt64), whenceEnd, EINVAL, 0},
		{1000, whenceEnd, ESUCCESS, 1010},
		{0, 3, EINVAL, 1010},
		{0, 0xffffffff, EINVAL, 1010},
		{math.MaxInt64, whenceSet, ESUCCESS, math.MaxInt64},
		{1, whenceCur, EOVERFLOW, math.MaxInt64},
		{math.MaxInt64, whenceCur, EOVERFLOW, math.MaxInt64},
		{math.MaxInt64, whenceEnd, EOVERFLOW, math.MaxInt64},
		{5, whenceSet, ESUCCESS, 5},
	} {
		g.want(c.want, "fd_seek", fd, c.offset, c.whence, at)
		if c.want == ESUCCESS && g.u64(at) != c.stands {
			t.Errorf("fd_seek(%d, %d) says %d, want %d", int64(c.offset), c.whence, g.u64(at), c.stands)
		}
		g.ok("fd_tell", fd, at)
		if g.u64(at) != c.stands {
			t.Errorf("after fd_seek(%d, %d) the file stands at %d, want %d", int64(c.offset), c.whence, g.u64(at), c.stands)
		}
	}
	if got := g.read(fd, 2); got != "56" {
		t.Errorf("read %q, want the bytes at 5", got)
	}
}

func TestFdSeekRefused(t *testing.T) {
	g := newGuest(t)
	g.create("tmp/f", "0123456789")
	at := g.alloc(8)
	for whence := range uint64(3) {
		g.want(EISDIR, "fd_seek", preopenedFd, 0, whence, at)
		g.want(EBADF, "fd_seek", 99, 0, whence, at)
	}
	g.want(EISDIR, "fd_tell", preopenedFd, at)
	g.want(EBADF, "fd_tell", 99, at)

	// Who may tell may also stay in place; who may seek may also tell.
	tell := g.open("tmp/f", 0, uint64(RightFdTell))
	g.ok("fd_tell", tell, at)
	g.ok("fd_seek", tell, 0, whenceCur, at)
	g.want(ENOTCAPABLE, "fd_seek", tell, 1, whenceCur, at)
	g.want(ENOTCAPABLE, "fd_seek", tell, 0, whenceSet, at)
	g.ok("fd_tell", g.open("tmp/f", 0, uint64(RightFdSeek)), at)
	neither := g.open("tmp/f", 0, readWrite)
	g.want(ENOTCAPABLE, "fd_tell", neither, at)
	g.want(ENOTCAPABLE, "fd_seek", neither, 0, whenceCur, at)

	// A result that cannot be written does not move the file.
	fd := g.open("tmp/f", 0, uint64(RightFdRead|RightFdSeek))
	g.want(EFAULT, "fd_seek", fd, 5, whenceSet, memorySize-7)
	g.want(EFAULT, "fd_tell", fd, memorySize-7)
	if got := g.read(fd, 1); got != "0" {
		t.Errorf("read %q, want the first byte", got)
	}
}
