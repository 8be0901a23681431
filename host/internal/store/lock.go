package store

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// errHeld is what lockFile returns if another open file holds the lock.
var errHeld = errors.New("held by another")

// lockDir keeps every other store, of this process or another, from dir until the
// file is closed. The system lets go of it when the process ends, however it ends.
func lockDir(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lambent.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, unavailable("open the lock", err)
	}
	switch err := lockFile(f); {
	case errors.Is(err, errHeld):
		holder := make([]byte, 20)
		n, _ := f.ReadAt(holder, 0) // only for the message
		f.Close()
		if pid, err := strconv.Atoi(strings.TrimSpace(string(holder[:n]))); err == nil {
			return nil, fmt.Errorf("%w: %s is held by process %d", ErrLocked, dir, pid)
		}
		return nil, fmt.Errorf("%w: %s is held by another process", ErrLocked, dir)
	case err != nil:
		f.Close()
		return nil, unavailable("lock "+dir, err)
	}
	err = f.Truncate(0)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err == nil {
		_, err = fmt.Fprintln(f, os.Getpid())
	}
	if err != nil {
		f.Close()
		return nil, unavailable("write the lock", err)
	}
	return f, nil
}
