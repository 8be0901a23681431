package sandbox

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"

	"github.com/lambent-dev/lambent/sandbox/internal/memfs"
)

// Layer is an unpacked layer: files that functions have in common.
type Layer struct {
	Files    fs.FS // every file, for Config.Layers; reads from the zip file given
	Unzipped int64 // bytes of all files together
}

// ReadLayer reads a zip file that holds a layer, with the checks of ReadPackage but
// for those of a module and a manifest, which are files as any. Errors wrap
// ErrPackage.
func ReadLayer(b []byte, limits PackageLimits) (*Layer, error) {
	archive, found, err := unzip(b, limits)
	if err != nil {
		return nil, err
	}
	return &Layer{Files: archive, Unzipped: found.unzipped}, nil
}

// OpenLayer opens a zip file that ReadLayer accepted before: it decompresses nothing.
// How large its files are is not known then.
func OpenLayer(b []byte) (*Layer, error) {
	archive, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, packageError("%w: %w", ErrUnzip, err)
	}
	return &Layer{Files: archive}, nil
}

// CheckFiles refuses files that no guest could be shown as Config's Files and Layers,
// as New does. Errors wrap ErrConfig.
func CheckFiles(files fs.FS, layers ...fs.FS) error {
	_, err := newBase(files, layers)
	return err
}

func newBase(files fs.FS, layers []fs.FS) (*memfs.Base, error) {
	base, err := memfs.NewBase(files, layers, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: Files or Layers: %w", ErrConfig, err)
	}
	return base, nil
}

// SharedFiles is a file system that holds its files in memory for all Sandboxes that
// have it, as a Config's Files or one of its Layers: what it returns of a file is
// used without a copy.
type SharedFiles = memfs.Shared
