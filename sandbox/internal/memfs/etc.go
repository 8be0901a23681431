package memfs

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// defaultEtc is what programs look for when they want to know who and where
// they are.
func defaultEtc() map[string]string {
	return map[string]string{
		"hosts":  "127.0.0.1 localhost\n",
		"passwd": "guest:x:1000:1000::/tmp:/sbin/nologin\n",
		"ssl/":   "",
	}
}

// addEtc puts files, by path, into root.
func (b *Base) addEtc(files map[string]string, root *node) error {
	if files == nil {
		files = defaultEtc()
	}
	for _, path := range slices.Sorted(maps.Keys(files)) {
		names := strings.Split(path, "/")
		last := len(names) - 1
		dir, err := b.addFolders(root, path, names[:last])
		if err != nil {
			return err
		}
		if last > 0 && names[last] == "" {
			continue // a folder
		}
		if err := b.checkEntry(dir, path, names[last]); err != nil {
			return err
		}
		data := []byte(files[path])
		read := func(context.Context) ([]byte, error) { return data, nil }
		if err := b.addFile(dir, names[last], int64(len(data)), 0, read); err != nil {
			return err
		}
	}
	return nil
}

// addFolders returns the folder that names lead to from dir, making what is
// missing. path is where they come from.
func (b *Base) addFolders(dir *node, path string, names []string) (*node, error) {
	for _, name := range names {
		next := b.entries[entryKey{dir, name}]
		if next == nil || next.kind != Directory {
			if err := b.checkEntry(dir, path, name); err != nil {
				return nil, err
			}
			next = b.addFolder(dir, name, 0)
		}
		dir = next
	}
	return dir, nil
}
