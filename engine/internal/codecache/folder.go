package codecache

import (
	"fmt"
	"io"
	"os"
)

// CheckFolder refuses what is there and is not a folder.
func CheckFolder(path string) error {
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		return fmt.Errorf("CacheDir %s is not a folder", path)
	}
	return nil
}

// MakeFolder makes a folder that nobody else can look into, and what is missing
// above it.
func MakeFolder(path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return err
	}
	return os.Chmod(path, 0o700) // it may have been there before
}

// Replace moves a file to where another is, which may be damaged, or where nothing
// is. An empty folder is taken away. What is damaged is never removed otherwise: by
// the time that somebody has found it to be, another process may have replaced it.
func Replace(from, to string) error {
	err := os.Rename(from, to)
	if err == nil {
		return nil
	}
	if info, there := os.Lstat(to); there == nil && info.IsDir() && os.Remove(to) == nil {
		return os.Rename(from, to)
	}
	return err
}

// ReadFile reads a file of at most limit bytes.
func ReadFile(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > limit {
		return nil, fmt.Errorf("%s is a %v of %d bytes, want a file of at most %d", path, info.Mode(), info.Size(), limit)
	}
	b := make([]byte, info.Size())
	_, err = io.ReadFull(f, b)
	return b, err
}
