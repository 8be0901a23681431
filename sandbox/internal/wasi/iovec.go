package wasi

import (
	"context"
	"encoding/binary"
	"math"

	"github.com/lambent-dev/lambent/engine"
)

const (
	iovecSize = 8
	maxIovecs = 1024 // as IOV_MAX on Linux
)

// iovecs returns the guest's buffers as views, without the empty ones. The
// list at ptr is count times
//
//	0      4      8
//	┌──────┬──────┐
//	│ buf  │ len  │
//	└──────┴──────┘
//
// All is checked and copied from the list before a byte moves, so buffers that
// overlap the list or each other harm only the guest. release gives the views
// back. EINVAL: more than 1,024 buffers, or 2 GiB of bytes, which a guest's
// ssize_t could not count. EFAULT.
func (s *State) iovecs(m engine.Memory, ptr, count uint32) ([][]byte, Errno) {
	if count > maxIovecs {
		return nil, EINVAL
	}
	list, ok := m.Slice(ptr, count*iovecSize)
	if !ok {
		return nil, EFAULT
	}
	s.Pay(len(list))
	var total uint64
	for ; len(list) > 0; list = list[iovecSize:] {
		n := binary.LittleEndian.Uint32(list[4:])
		if n == 0 {
			continue
		}
		view, ok := m.Slice(binary.LittleEndian.Uint32(list), n)
		if !ok {
			s.release()
			return nil, EFAULT
		}
		s.views = append(s.views, view)
		total += uint64(n)
	}
	if total > math.MaxInt32 {
		s.release()
		return nil, EINVAL
	}
	return s.views, ESUCCESS
}

// release lets go of the views: none may outlive the call.
func (s *State) release() {
	clear(s.views)
	s.views = s.views[:0]
}

// transfer calls move, which pays, with the guest's buffers, piece by piece, until
// a piece is not moved whole, and writes to result how many bytes were. An error after
// the first byte is not reported: it comes again with the guest's next call.
func (s *State) transfer(ctx context.Context, m engine.Memory, list, count, result uint32, move func(p []byte) (int, Errno)) Errno {
	if _, ok := m.Slice(result, 4); !ok {
		return EFAULT
	}
	buffers, errno := s.iovecs(m, list, count)
	if errno != ESUCCESS {
		return errno
	}
	defer s.release()
	var total uint32
	for _, p := range buffers {
		for len(p) > 0 {
			piece := p[:min(len(p), maxChunk)]
			n, errno := move(piece)
			total += uint32(n)
			if errno != ESUCCESS && total == 0 {
				return errno
			}
			if errno != ESUCCESS || n < len(piece) {
				m.PutUint32(result, total)
				return ESUCCESS
			}
			p = p[n:]
			interrupted(ctx)
		}
	}
	m.PutUint32(result, total)
	return ESUCCESS
}
