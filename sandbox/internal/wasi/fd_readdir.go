package wasi

import (
	"context"
	"encoding/binary"

	"github.com/lambent-dev/lambent/engine"
)

const direntSize = 24

// fdReaddir lists a folder, "." and ".." first.
//
//	fd
//	buf, buf_len where to
//	cookie       0 for the start, else the next of the entry before
//	bufused      → u32, the bytes written
//
// Entries follow each other without padding:
//
//	0        8        16       20     21    24
//	┌────────┬────────┬────────┬──────┬─────┬───────────────────┐
//	│  next  │  ino   │ namlen │ type │  0  │ name (namlen)     │ …
//	└────────┴────────┴────────┴──────┴─────┴───────────────────┘
//
// The buffer is filled to its end, the last entry cut wherever that is, as long
// as there is more: bufused < buf_len says that the folder ends here. A guest
// reads a cut entry again by the cookie of the one before it, with a larger
// buffer if it was the only one.
//
// EBADF. ENOTDIR: not a folder. ENOENT: a removed one. ENOTCAPABLE. EFAULT.
func (s *State) fdReaddir(_ context.Context, m engine.Memory, p []uint64) Errno {
	cookie, result := p[3], uint32(p[4])
	h, errno := s.folder(uint32(p[0]), RightFdReaddir)
	if errno != ESUCCESS {
		return errno
	}
	buf, ok := m.Slice(uint32(p[1]), uint32(p[2]))
	if !ok {
		return EFAULT
	}
	if _, ok := m.Slice(result, 4); !ok {
		return EFAULT
	}
	rest := buf
	for len(rest) > 0 {
		e, more, errno := h.NextEntry(cookie)
		if errno != ESUCCESS {
			return errno
		}
		if !more {
			break
		}
		s.Work(entryWork)
		s.Pay(min(direntSize+len(e.Name), len(rest)))
		var head [direntSize]byte
		binary.LittleEndian.PutUint64(head[:], e.Next)
		binary.LittleEndian.PutUint64(head[8:], e.Ino)
		binary.LittleEndian.PutUint32(head[16:], uint32(len(e.Name)))
		head[20] = byte(e.Type)
		rest = rest[copy(rest, head[:]):]
		rest = rest[copy(rest, e.Name):]
		cookie = e.Next
	}
	m.PutUint32(result, uint32(len(buf)-len(rest)))
	return ESUCCESS
}
