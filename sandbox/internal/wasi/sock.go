package wasi

import (
	"context"

	"github.com/lambent-dev/lambent/engine"
)

// socketDatagram is sock_open's type of a datagram socket, as WasmEdge numbers
// them: 0 any, 1 datagram, 2 stream.
const socketDatagram = 1

// sockOpen refuses to make a socket: guests have no network yet.
//
//	address_family, type, fd → u32
//
// ENOTSUP: a datagram socket, which there will never be. EACCES: any other.
// EFAULT.
func (s *State) sockOpen(_ context.Context, m engine.Memory, p []uint64) Errno {
	if _, ok := m.Slice(uint32(p[2]), 4); !ok {
		return EFAULT
	}
	if uint32(p[1]) == socketDatagram {
		return ENOTSUP
	}
	return EACCES
}

// sockRefuse is EACCES: accept, bind and listen, because no one reaches a
// guest from outside; everything that needs a socket of sock_open, because it
// makes none. It reads and writes no memory.
func (s *State) sockRefuse(context.Context, engine.Memory, []uint64) Errno { return EACCES }

// sockTransfer refuses recv, send and shutdown on a descriptor that is no
// socket of sock_open. What State.Insert put into the table is read with
// fd_read and cancelled with fd_close.
//
//	fd, and what is transferred, which is not looked at
//
// EBADF: fd is not open. ENOTSOCK: it is no socket. EACCES: it is one.
func (s *State) sockTransfer(_ context.Context, _ engine.Memory, p []uint64) Errno {
	e, errno := s.table.get(uint32(p[0]))
	if errno != ESUCCESS {
		return errno
	}
	if t := e.d.Filetype(); t != SocketStream && t != SocketDatagram {
		return ENOTSOCK
	}
	return EACCES
}
