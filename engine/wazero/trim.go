package wazero

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// compilePrefix begins the names of folders of compilations under way.
const compilePrefix = "compile-"

// abandoned is how old a compilation or a temporary file is when whoever made
// it must have died.
const abandoned = 24 * time.Hour

// trim removes what was not used for longest until the cache is within its
// size, whichever version of wazero wrote it. It does what it can: a file that
// cannot be removed is left.
func (c *cache) trim() {
	c.trimming.Lock()
	defer c.trimming.Unlock()
	type entry struct {
		path string
		size int64
		used time.Time
	}
	var files []entry
	var total int64
	filepath.WalkDir(c.root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // gone, or unreadable: nothing to be done
		}
		info, err := d.Info()
		if err != nil {
			return nil
		}
		old := time.Since(info.ModTime()) > abandoned
		switch {
		case d.IsDir() && strings.HasPrefix(d.Name(), compilePrefix):
			if old {
				os.RemoveAll(path)
			}
			return filepath.SkipDir
		case d.IsDir():
		case old && strings.HasSuffix(d.Name(), ".tmp"): // wazero's, half-written
			os.Remove(path)
		default:
			files = append(files, entry{path, info.Size(), info.ModTime()})
			total += info.Size()
		}
		return nil
	})
	slices.SortFunc(files, func(a, b entry) int { return a.used.Compare(b.used) })
	for _, f := range files {
		if total <= c.size {
			return
		}
		if os.Remove(f.path) == nil {
			total -= f.size
		}
	}
}
