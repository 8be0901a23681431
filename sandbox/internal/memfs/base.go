package memfs

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync/atomic"
	"unicode/utf8"
)

// What NewBase accepts.
const (
	maxEntries = 65_536
	maxDepth   = 64
	maxBytes   = 1 << 30
)

// Base is the read-only part of the tree. It is immutable and safe for
// concurrent use.
type Base struct {
	root, tmp *node // tmp stands in for the /tmp of each FS
	entries   map[entryKey]*node
	lastIno   uint64
	bytes     int64 // of all files
	kept      atomic.Int64
}

// entrySize is about how many bytes an entry takes: its node, its name, its place in
// entries and what reads it.
const entrySize = 512

// Size returns about how many bytes of memory the Base keeps: for the entries of its
// trees, and for the files that were read, but for those that are Shared.
func (b *Base) Size() int64 { return b.kept.Load() }

// NewBase indexes task as /var/task, which may be nil, for an empty folder, and
// opt as /opt: a file of a later one hides what has its path in those before, and
// folders are joined. etc holds the files of /etc, by path below it; a path that ends
// in a slash is a folder. A nil etc means a small default.
//
// The trees must hold only folders and regular files, and must not change
// while the Base is in use: a file is read when a guest first reads it, and
// kept; see Shared. They must be safe for concurrent use. NewBase fails for a name no guest
// could pass, and beyond 65,536 entries, a depth of 64 folders or 1 GiB of
// files in all.
func NewBase(task fs.FS, opt []fs.FS, etc map[string]string) (*Base, error) {
	b := &Base{root: &node{ino: 1, kind: Directory, lastCookie: cookieDotDot}, entries: make(map[entryKey]*node), lastIno: 1}
	b.root.parent = b.root

	b.add(&node{kind: CharDevice}, b.addFolder(b.root, "dev", 0), "null")
	if err := b.addEtc(etc, b.addFolder(b.root, "etc", 0)); err != nil {
		return nil, fmt.Errorf("files of /etc: %w", err)
	}
	optNode := b.addFolder(b.root, "opt", 0)
	for _, layer := range slices.Backward(opt) {
		if err := b.addTree(layer, optNode); err != nil {
			return nil, fmt.Errorf("files of /opt: %w", err)
		}
	}
	b.tmp = b.addFolder(b.root, "tmp", 0)
	if err := b.addTree(task, b.addFolder(b.addFolder(b.root, "var", 0), "task", 0)); err != nil {
		return nil, fmt.Errorf("files of /var/task: %w", err)
	}
	return b, nil
}

// add puts n into dir.
func (b *Base) add(n, dir *node, name string) {
	b.lastIno++
	n.ino = b.lastIno
	b.entries[entryKey{dir, name}] = n
	dir.append(n, name)
}

func (b *Base) addFolder(dir *node, name string, mtim uint64) *node {
	n := &node{kind: Directory, lastCookie: cookieDotDot, atim: mtim, mtim: mtim, ctim: mtim}
	b.add(n, dir, name)
	return n
}

// addFile adds a file of size bytes, which read returns.
func (b *Base) addFile(dir *node, name string, size int64, mtim uint64, read func(context.Context) ([]byte, error)) error {
	if size < 0 || size > maxBytes-b.bytes {
		return fmt.Errorf("%q has %d bytes after %d of others, at most %d are allowed in all", name, size, b.bytes, maxBytes)
	}
	b.bytes += size
	b.add(&node{kind: Regular, size: uint64(size), read: read, atim: mtim, mtim: mtim, ctim: mtim}, dir, name)
	return nil
}

// checkEntry says whether an entry called name may be added to dir. path is
// where it comes from.
func (b *Base) checkEntry(dir *node, path, name string) error {
	// The longest path to an entry is the absolute one.
	const pathMax = PathMax - len("/var/task/")
	switch {
	case name == "" || name == "." || name == ".." || strings.ContainsAny(name, "/\x00") || !utf8.ValidString(name):
		return fmt.Errorf("%q: the name %q is not allowed", path, name)
	case len(name) > NameMax:
		return fmt.Errorf("%q: a name has %d bytes, at most %d are allowed", path, len(name), NameMax)
	case len(path) > pathMax:
		return fmt.Errorf("%q: a path has %d bytes, at most %d are allowed", path, len(path), pathMax)
	case b.entries[entryKey{dir, name}] != nil:
		return fmt.Errorf("%q is there twice", path)
	case len(b.entries) >= maxEntries:
		return fmt.Errorf("%q is one too many, at most %d files and folders are allowed", path, maxEntries)
	}
	return nil
}
