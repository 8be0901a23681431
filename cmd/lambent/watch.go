package main

import (
	"context"
	"io/fs"
	"maps"
	"path/filepath"
	"strings"
	"time"
)

// file is what tells one state of a file from another.
type file struct {
	size     int64
	modified time.Time
}

// snapshot describes the files below dir, but for hidden folders and those that
// package managers fill.
func snapshot(dir string) (map[string]file, error) {
	files := make(map[string]file)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			if path == dir {
				return err
			}
			return nil // gone meanwhile
		}
		if name := d.Name(); path != dir && (strings.HasPrefix(name, ".") || name == "node_modules") {
			if d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		if info, err := d.Info(); err == nil && d.Type().IsRegular() {
			files[path] = file{info.Size(), info.ModTime()}
		}
		return nil
	})
	return files, err
}

// watchEvery is how often a folder is looked at. Looking works on every file
// system, and a folder of sources is small.
const watchEvery = 250 * time.Millisecond

// changed waits until the files below dir differ from before and have settled,
// and returns what they are then.
func changed(ctx context.Context, dir string, before map[string]file) (map[string]file, error) {
	last := before
	for {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(watchEvery):
		}
		now, err := snapshot(dir)
		if err != nil {
			return nil, err
		}
		if !maps.Equal(now, before) && maps.Equal(now, last) {
			return now, nil
		}
		last = now
	}
}
