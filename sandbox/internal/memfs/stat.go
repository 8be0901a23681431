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
