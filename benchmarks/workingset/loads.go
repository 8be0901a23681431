package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// loads says when the server loaded a function. It looks from outside: the server
// keeps the image of each function in a file of its own, whose time it sets when it
// loads the function, so as to know which file to do without first.
type loads struct {
	dir   string
	files []string        // by function
	known map[string]bool // those files
}

func newLoads(data string, functions int) *loads {
	return &loads{dir: filepath.Join(data, "images"), files: make([]string, functions), known: make(map[string]bool)}
}

// deployed learns which file is that of the function that was deployed just now:
// the one that was not there before.
func (l *loads) deployed(function int) error {
	names, err := l.names()
	if err != nil {
		return err
	}
	var fresh []string
	for _, name := range names {
		if !l.known[name] {
			fresh = append(fresh, name)
			l.known[name] = true
		}
	}
	if len(fresh) != 1 {
		return fmt.Errorf("the server wrote %d images for one function", len(fresh))
	}
	l.files[function] = filepath.Join(l.dir, fresh[0])
	return nil
}

func (l *loads) names() ([]string, error) {
	d, err := os.Open(l.dir)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return d.Readdirnames(-1)
}

// last returns when a function was loaded last. Where its image is gone, the
// server makes a new one as it loads it.
func (l *loads) last(function int) time.Time {
	info, err := os.Stat(l.files[function])
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}
