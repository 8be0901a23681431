package memfs

import (
	"fmt"
	"io/fs"
	"path"
	"time"
)

// addTree puts everything that fsys holds, which may be nil, into root, but for
// what is hidden by what an earlier call put there.
func (b *Base) addTree(fsys fs.FS, root *node) error {
	if fsys == nil {
		return nil
	}
	before, entries := b.lastIno, len(b.entries)
	defer func() { b.kept.Add(int64(len(b.entries)-entries) * entrySize) }()
	type folder struct {
		node  *node
		path  string
		depth int
	}
	for todo := []folder{{root, ".", 0}}; len(todo) > 0; todo = todo[1:] {
		dir := todo[0]
		entries, err := fs.ReadDir(fsys, dir.path)
		if err != nil {
			return err
		}
		for _, e := range entries {
			where := path.Join(dir.path, e.Name())
			if there := b.entries[entryKey{dir.node, e.Name()}]; there != nil && there.ino <= before {
				if there.kind == Directory && e.IsDir() {
					todo = append(todo, folder{there, where, dir.depth + 1}) // not too deep: it was there
				}
				continue
			}
			if err := b.checkEntry(dir.node, where, e.Name()); err != nil {
				return err
			}
			info, err := e.Info()
			if err != nil {
				return err
			}
			mtim := unixNano(info.ModTime())
			switch kind := info.Mode().Type(); kind {
			case 0:
				if err := b.addFile(dir.node, e.Name(), info.Size(), mtim, readOnce(fsys, where, info.Size(), &b.kept)); err != nil {
					return err
				}
			case fs.ModeDir:
				if dir.depth == maxDepth {
					return fmt.Errorf("%q lies deeper than the %d folders that are allowed", where, maxDepth)
				}
				todo = append(todo, folder{b.addFolder(dir.node, e.Name(), mtim), where, dir.depth + 1})
			default:
				return fmt.Errorf("%q is of type %v, only folders and regular files are allowed", where, kind)
			}
		}
	}
	return nil
}

// unixNano returns t in nanoseconds since the Unix epoch, 0 if it does not fit.
func unixNano(t time.Time) uint64 {
	if t.Year() < 1970 || t.Year() > 2261 {
		return 0
	}
	return uint64(max(t.UnixNano(), 0))
}
