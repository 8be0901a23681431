package memfs

import "io/fs"

// Base is the read-only part of the tree. It is immutable and safe for
// concurrent use.
type Base struct{}

// NewBase indexes task as /var/task and opt as /opt; either may be nil, for an
// empty folder. etc holds the files of /etc, by path below it; a path that ends
// in a slash is a folder. A nil etc means a small default.
//
// The trees must hold only folders and regular files, and must not change
// while the Base is in use: a file is read when a guest first reads it, and
// kept. Their FS must be safe for concurrent use. NewBase fails for a name no
// guest could pass, and beyond 65,536 entries, a depth of 64 folders or 1 GiB
// of files in all.
func NewBase(task, opt fs.FS, etc map[string]string) (*Base, error) { return &Base{}, nil }
