package wasi

import "testing"

func TestNoLinks(t *testing.T) {
	g := newGuest(t)
	g.create("tmp/f", "")
	p, n := g.str("tmp/f")
	q, k := g.str("tmp/new")
	none, m := g.str("tmp/none")
	buf, used := g.alloc(8), g.alloc(4)

	g.want(ENOTSUP, "path_link", preopenedFd, 0, p, n, preopenedFd, q, k)
	g.want(EINVAL, "path_link", preopenedFd, 2, p, n, preopenedFd, q, k)
	g.want(ENOENT, "path_link", preopenedFd, 0, none, m, preopenedFd, q, k)
	g.want(EEXIST, "path_link", preopenedFd, 0, p, n, preopenedFd, p, n)
	g.want(EBADF, "path_link", 99, 0, p, n, preopenedFd, q, k)
	g.want(EBADF, "path_link", preopenedFd, 0, p, n, 99, q, k)

	g.want(ENOTSUP, "path_symlink", p, n, preopenedFd, q, k)
	g.want(EEXIST, "path_symlink", p, n, preopenedFd, p, n)
	g.want(EBADF, "path_symlink", p, n, 99, q, k)
	g.want(ENOTDIR, "path_symlink", p, n, 1, q, k)
	g.want(EFAULT, "path_symlink", memorySize, 1, preopenedFd, q, k)

	g.want(EINVAL, "path_readlink", preopenedFd, p, n, buf, 8, used)
	g.want(ENOENT, "path_readlink", preopenedFd, none, m, buf, 8, used)
	g.want(EBADF, "path_readlink", 99, p, n, buf, 8, used)
	g.want(EFAULT, "path_readlink", preopenedFd, p, n, memorySize-7, 8, used)
	g.want(EFAULT, "path_readlink", preopenedFd, p, n, buf, 8, memorySize-3)
	if g.u64(buf) != 0xa5a5a5a5a5a5a5a5 || g.u32(used) != 0xa5a5a5a5 {
		t.Error("path_readlink wrote to memory")
	}

	if _, errno := g.filetype("tmp/new"); errno != ENOENT {
		t.Errorf("something was made: %v", errno)
	}
}
