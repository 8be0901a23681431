package memfs

// FileType is what a path leads to, with the numbers of WASI preview 1.
type FileType uint8

// The types that exist here.
const (
	CharDevice FileType = 2 // /dev/null
	Directory  FileType = 3
	Regular    FileType = 4
)

// Stat describes a file or folder.
type Stat struct {
	Ino   uint64 // unique within an FS, never used twice
	Type  FileType
	Links uint64 // 1, or 0 once removed
	Size  uint64 // in bytes; 0 for folders

	// Times in nanoseconds since the Unix epoch. Reading does not change Atim.
	Atim, Mtim, Ctim uint64
}

// TimeFlags says which times to set, with the numbers of WASI preview 1.
type TimeFlags uint16

// The flags. SetAtim excludes SetAtimNow, and SetMtim excludes SetMtimNow.
const (
	SetAtim    TimeFlags = 1 << iota // to the time given
	SetAtimNow                       // to the current time
	SetMtim
	SetMtimNow
)

// Stat describes what h opened.
func (h *Handle) Stat() Stat { return h.node.stat() }

// StatAt describes what is at path.
func (h *Handle) StatAt(path string) (Stat, Errno) {
	n, errno := h.find(path)
	if errno != Success {
		return Stat{}, errno
	}
	return n.stat(), Success
}

// SetTimes sets the times of what h opened, in nanoseconds since the Unix
// epoch. EINVAL if flags exclude each other or mean nothing, EROFS outside
// /tmp.
func (h *Handle) SetTimes(flags TimeFlags, atim, mtim uint64) Errno {
	return h.fs.setTimes(h.node, flags, atim, mtim)
}

// SetTimesAt is SetTimes for what is at path.
func (h *Handle) SetTimesAt(path string, flags TimeFlags, atim, mtim uint64) Errno {
	n, errno := h.find(path)
	if errno != Success {
		return errno
	}
	return h.fs.setTimes(n, flags, atim, mtim)
}

func (f *FS) setTimes(n *node, flags TimeFlags, atim, mtim uint64) Errno {
	const atims, mtims = SetAtim | SetAtimNow, SetMtim | SetMtimNow
	if flags&atims == atims || flags&mtims == mtims || flags&^(atims|mtims) != 0 {
		return EINVAL
	}
	if flags == 0 {
		return Success
	}
	if !n.writable {
		return EROFS
	}
	now := f.time()
	switch flags & atims {
	case SetAtim:
		n.atim = atim
	case SetAtimNow:
		n.atim = now
	}
	switch flags & mtims {
	case SetMtim:
		n.mtim = mtim
	case SetMtimNow:
		n.mtim = now
	}
	n.ctim = now
	return Success
}
