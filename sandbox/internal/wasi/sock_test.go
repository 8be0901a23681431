package wasi

import "testing"

func TestNoSockets(t *testing.T) {
	g := newGuest(t)
	fd := g.alloc(4)
	for family := range uint64(4) {
		g.want(EACCES, "sock_open", family, 0, fd)
		g.want(ENOTSUP, "sock_open", family, socketDatagram, fd)
		g.want(EACCES, "sock_open", family, 2, fd)
	}
	g.want(EFAULT, "sock_open", 1, 2, memorySize-3)
	if g.u32(fd) != 0xa5a5a5a5 {
		t.Error("sock_open wrote a descriptor")
	}
	for _, c := range []struct {
		name   string
		params int
	}{
		{"sock_accept", 2}, {"sock_accept", 3}, {"sock_bind", 3}, {"sock_listen", 2},
		{"sock_connect", 3}, {"sock_getaddrinfo", 8},
		{"sock_getpeeraddr", 3}, {"sock_getpeeraddr", 4},
		{"sock_getlocaladdr", 3}, {"sock_getlocaladdr", 4},
		{"sock_getsockopt", 5}, {"sock_setsockopt", 5},
	} {
		g.want(EACCES, c.name, make([]uint64, c.params)...)
	}
}

func TestSocketFunctionsOnOtherDescriptors(t *testing.T) {
	g := newGuest(t)
	st := newStream("")
	in, errno := g.s.Insert(st)
	if errno != ESUCCESS {
		t.Fatal(errno)
	}
	for fd, want := range map[uint64]Errno{0: ENOTSOCK, 1: ENOTSOCK, 3: ENOTSOCK, 9: EBADF, 0xffffffff: EBADF, uint64(in): EACCES} {
		g.want(want, "sock_shutdown", fd, 1)
		g.want(want, "sock_recv", fd, 0, 0, 0, 0, 0)
		g.want(want, "sock_send", fd, 0, 0, 0, 0)
	}
}
