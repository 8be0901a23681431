package memfs

// PathMax is the longest path in bytes, and NameMax the longest of its
// components; beyond, ENAMETOOLONG.
const (
	PathMax = 4096
	NameMax = 255
)

// Handle is an open file or folder. It stays valid when what it opened is
// renamed or removed.
//
// The methods that take a path resolve it relative to the handle, which must
// be a folder (else ENOTDIR), and fail alike: EPERM for an absolute path or one
// that climbs above the handle, ENOENT for an empty one, ENAMETOOLONG beyond
// PathMax or NameMax, EILSEQ if it is not UTF-8, EINVAL if it holds a NUL,
// ENOTDIR if a file is used as a folder, also by a trailing slash, EROFS for a
// change outside /tmp, EBUSY for removing or renaming /tmp itself. A path is
// not kept: it may be a view of guest memory.
type Handle struct {
	fs     *FS
	node   *node
	access Access
}

// OpenFlags says how to open, with the numbers of WASI preview 1.
type OpenFlags uint16

// The flags.
const (
	Create    OpenFlags = 1 << iota // create the file if there is none
	MustBeDir                       // fail if it is not a folder
	Exclusive                       // with Create: fail if there is one
	Truncate                        // empty the file
)

// Access is what an open file may be used for. A handle may have none.
type Access uint8

// The kinds of access.
const (
	Read Access = 1 << iota
	Write
)

// Open opens the file or folder at path. Folders are opened with MustBeDir or
// without, but neither for writing nor with Create or Truncate (EISDIR).
// Create with MustBeDir is EINVAL. Close the handle.
func (h *Handle) Open(path string, flags OpenFlags, access Access) (*Handle, Errno) {
	return nil, ENOSYS
}

// Close lets go of what h opened; a removed file's room is given back when its
// last handle is closed. h must not be used afterwards.
func (h *Handle) Close() {}

// Type returns the type of what h opened.
func (h *Handle) Type() FileType { return 0 }

// Access returns what the handle was opened for.
func (h *Handle) Access() Access { return h.access }

// Stat describes what h opened.
func (h *Handle) Stat() Stat { return Stat{} }

// StatAt describes what is at path.
func (h *Handle) StatAt(path string) (Stat, Errno) { return Stat{}, ENOSYS }

// SetTimes sets the times of what h opened, in nanoseconds since the Unix epoch.
func (h *Handle) SetTimes(flags TimeFlags, atim, mtim uint64) Errno { return ENOSYS }

// SetTimesAt is SetTimes for what is at path.
func (h *Handle) SetTimesAt(path string, flags TimeFlags, atim, mtim uint64) Errno { return ENOSYS }
