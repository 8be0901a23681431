package codecache

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// CompilePrefix begins the names of folders of compilations under way.
const CompilePrefix = "compile-"

// abandoned is how old a compilation or a temporary file is when whoever made
// it must have died.
const abandoned = 24 * time.Hour

// Trim removes what was not used for longest until the files below root are within
// size bytes together. It does what it can: a file that cannot be removed is left.
func Trim(root string, size int64) {
	type entry struct {
		path string
		size int64
		used time.Time
	}
	var files []entry
	var total int64
	filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // gone, or unreadable: nothing to be done
		}
		info, err := d.Info()
		if err != nil {
			return nil
		}
		old := time.Since(info.ModTime()) > abandoned
		switch {
		case d.IsDir() && strings.HasPrefix(d.Name(), CompilePrefix):
			if old {
				os.RemoveAll(path)
			}
			return filepath.SkipDir
		case d.IsDir():
		case old && strings.HasSuffix(d.Name(), ".tmp"): // half-written
			os.Remove(path)
		default:
			files = append(files, entry{path, info.Size(), info.ModTime()})
			total += info.Size()
		}
		return nil
	})
	slices.SortFunc(files, func(a, b entry) int { return a.used.Compare(b.used) })
	for _, f := range files {
		if total <= size {
			return
		}
		if os.Remove(f.path) == nil {
			total -= f.size
		}
	}
}
