package memfs

import (
	"strings"
	"unicode/utf8"
)

// PathMax is the longest path in bytes, and NameMax the longest of its
// components; beyond, ENAMETOOLONG.
const (
	PathMax = 4096
	NameMax = 255
)

// target is where a path leads.
type target struct {
	dir   *node  // the folder of the last component; nil if that is "." or ".."
	name  string // the last component, part of the path
	node  *node  // what is there; nil if nothing is
	slash bool   // the path ends in a slash
}

// resolve follows path from h. It fails if a component before the last is
// missing or no folder, and if the last is no folder but followed by a slash.
//
// Climbing above h is EPERM and not ENOTCAPABLE: both say the same, but only
// EPERM is a permission error to the libraries of guests, such as Go's.
func (h *Handle) resolve(path string) (target, Errno) {
	if errno := checkPath(path); errno != Success {
		return target{}, errno
	}
	if h.node.kind != Directory {
		return target{}, ENOTDIR
	}
	var (
		t     = target{name: ".", node: h.node}
		depth = 0 // below h
	)
	for rest := path; rest != ""; {
		if t.node == nil {
			return target{}, ENOENT
		}
		if t.node.kind != Directory {
			return target{}, ENOTDIR
		}
		dir := t.node
		t.name, rest, t.slash = cutName(rest)
		switch t.name {
		case ".":
			t.dir = nil
		case "..":
			if depth == 0 {
				return target{}, EPERM
			}
			depth--
			t.dir, t.node = nil, dir.parent
		default:
			if len(t.name) > NameMax {
				return target{}, ENAMETOOLONG
			}
			depth++
			h.fs.account.work(lookupWork)
			t.dir, t.node = dir, h.fs.child(dir, t.name)
		}
	}
	if t.slash && t.node != nil && t.node.kind != Directory {
		return target{}, ENOTDIR
	}
	return t, Success
}

// find resolves a path that must lead to something.
func (h *Handle) find(path string) (*node, Errno) {
	t, errno := h.resolve(path)
	if errno == Success && t.node == nil {
		errno = ENOENT
	}
	return t.node, errno
}

// checkPath refuses what no path may be.
func checkPath(path string) Errno {
	switch {
	case path == "":
		return ENOENT
	case len(path) > PathMax:
		return ENAMETOOLONG
	case !utf8.ValidString(path):
		return EILSEQ
	case strings.IndexByte(path, 0) >= 0:
		return EINVAL
	case path[0] == '/':
		return EPERM
	}
	return Success
}

// cutName cuts the first component off path, and the slashes behind it.
func cutName(path string) (name, rest string, slash bool) {
	name, rest, slash = strings.Cut(path, "/")
	return name, strings.TrimLeft(rest, "/"), slash
}
