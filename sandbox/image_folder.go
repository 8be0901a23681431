package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// ImageFolder keeps Images as files, which its user alone can read: never put it
// on storage that is shared. When they take more bytes than they may, those that
// were not read for longest are removed.
type ImageFolder struct {
	dir  string
	most int64 // bytes

	mu    sync.Mutex // guards what follows
	bytes int64      // in dir, about
}

// DefaultImages is how many bytes the images of an ImageFolder take.
const DefaultImages = 1 << 30

// staleImage is how old a file is whose writer must have died.
const staleImage = time.Hour

// NewImageFolder opens a folder, which is made if it is not there. most is how
// many bytes its images may take, 0 means DefaultImages.
func NewImageFolder(dir string, most int64) (*ImageFolder, error) {
	if most < 0 {
		return nil, fmt.Errorf("sandbox: images of %d bytes; it must be positive, or 0 for the default of %d", most, DefaultImages)
	}
	if most == 0 {
		most = DefaultImages
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	// It may have been there before.
	if err := os.Chmod(dir, 0o700); err != nil {
		return nil, err
	}
	// A folder is looked through when it may be full: as far as this process
	// knows, it begins so.
	return &ImageFolder{dir: dir, most: most, bytes: most}, nil
}

func (f *ImageFolder) path(key [sha256.Size]byte) string {
	return filepath.Join(f.dir, hex.EncodeToString(key[:]))
}

// Read implements Images.
func (f *ImageFolder) Read(key [sha256.Size]byte) (io.ReadCloser, error) {
	file, err := os.Open(f.path(key))
	if err != nil {
		return nil, err
	}
	now := time.Now()
	_ = os.Chtimes(file.Name(), now, now) // else it is removed too early
	return file, nil
}

// Write implements Images. It does not wait for the disk: an image that did not
// reach it is seen to be damaged.
func (f *ImageFolder) Write(key [sha256.Size]byte, image io.WriterTo) error {
	file, err := os.CreateTemp(f.dir, "*"+unfinished) // mode 0600
	if err != nil {
		return err
	}
	n, err := image.WriteTo(&cappedWriter{file, f.most})
	err = errors.Join(err, file.Close())
	if err == nil {
		err = os.Rename(file.Name(), f.path(key))
	}
	if err != nil {
		os.Remove(file.Name())
		return err
	}
	f.grow(n)
	return nil
}

// unfinished ends the names of files that are being written.
const unfinished = ".tmp"

// cappedWriter refuses what is more than left bytes.
type cappedWriter struct {
	w    io.Writer
	left int64
}

func (c *cappedWriter) Write(p []byte) (int, error) {
	if int64(len(p)) > c.left {
		return 0, errors.New("the image takes more than all images may")
	}
	n, err := c.w.Write(p)
	c.left -= int64(n)
	return n, err
}

// grow notes that so many bytes were written, and makes room if they may be too
// many: for an eighth more than is needed, as looking through a folder takes long.
func (f *ImageFolder) grow(n int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.bytes += n; f.bytes <= f.most {
		return
	}
	var files []fs.FileInfo
	f.bytes = 0
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return // the next will try
	}
	for _, e := range entries {
		info, err := e.Info()
		switch {
		case err != nil || !info.Mode().IsRegular():
		case !strings.HasSuffix(e.Name(), unfinished):
			files = append(files, info)
			f.bytes += info.Size()
		case time.Since(info.ModTime()) > staleImage:
			os.Remove(filepath.Join(f.dir, e.Name()))
		}
	}
	if f.bytes <= f.most {
		return
	}
	slices.SortFunc(files, func(a, b fs.FileInfo) int { return a.ModTime().Compare(b.ModTime()) })
	for _, info := range files {
		if f.bytes <= f.most-f.most/8 {
			return
		}
		if os.Remove(filepath.Join(f.dir, info.Name())) == nil {
			f.bytes -= info.Size()
		}
	}
}
