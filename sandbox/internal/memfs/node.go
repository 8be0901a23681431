package memfs

import (
	"cmp"
	"context"
	"slices"
)

// node is a file, folder or device. Those of a Base are shared and never
// change; those of /tmp belong to one FS.
type node struct {
	ino      uint64
	kind     FileType
	writable bool   // lives in /tmp, or is it
	parent   *node  // of the root: itself; nil once removed
	name     string // in parent
	cookie   uint64 // where parent's order has it

	atim, mtim, ctim uint64

	// Of a folder: what it holds, by rising cookie, and the last cookie given
	// out. A cookie is never given twice, so that a reader finds its place
	// whatever came and went.
	order      []*node
	lastCookie uint64

	// Of a file in /tmp.
	data  *content
	opens int // handles; folders count theirs too

	// Of a file in a Base.
	size uint64
	read func(context.Context) ([]byte, error)
}

// entryKey is a name in a folder. One map for all folders, and not one in
// each, because a Go map never shrinks: a guest could fill and empty folder
// after folder and so hold memory that no quota sees.
type entryKey struct {
	dir  *node
	name string
}

// The cookies of what every folder starts with; entries follow.
const (
	cookieDot    = 1
	cookieDotDot = 2
)

func (n *node) removed() bool { return n.parent == nil }

// append makes n the last entry of dir.
func (dir *node) append(n *node, name string) {
	dir.lastCookie++
	n.parent, n.name, n.cookie = dir, name, dir.lastCookie
	dir.order = append(dir.order, n)
}

// remove takes n out of dir's order, and returns how many entries that moved.
func (dir *node) remove(n *node) (moved int) {
	i := dir.after(n.cookie) - 1
	dir.order = slices.Delete(dir.order, i, i+1)
	// Room that was once needed is let go of, for the reason that entryKey has.
	if c := cap(dir.order); c > 16 && len(dir.order) < c/4 {
		dir.order = append(make([]*node, 0, c/2), dir.order...)
	}
	return len(dir.order) - i
}

// after returns the index of the first entry beyond cookie.
func (dir *node) after(cookie uint64) int {
	i, found := slices.BinarySearchFunc(dir.order, cookie, func(n *node, c uint64) int {
		return cmp.Compare(n.cookie, c)
	})
	if found {
		i++
	}
	return i
}

// changed notes that what n holds was changed.
func (n *node) changed(now uint64) { n.mtim, n.ctim = now, now }

func (n *node) stat() Stat {
	s := Stat{Ino: n.ino, Type: n.kind, Links: 1, Size: n.size, Atim: n.atim, Mtim: n.mtim, Ctim: n.ctim}
	if n.data != nil {
		s.Size = n.data.size
	}
	if n.removed() {
		s.Links = 0
	}
	return s
}
