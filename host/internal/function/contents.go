package function

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sync"
	"time"

	"github.com/lambent-dev/lambent/host/internal/store"
	"github.com/lambent-dev/lambent/sandbox"
)

// contents is what a record says of its package, so that the function can start
// without reading it: it takes longer to unzip a module than to load its code.
type contents struct {
	Module   []byte // its SHA-256
	Manifest sandbox.Manifest
	Files    []listed
	Layers   [][]listed `json:",omitempty"` // what is in each; none if that is too much
}

// listed is a file or folder of a package.
type listed struct {
	Path     string
	Size     int64
	Modified time.Time
	Folder   bool
}

// What is in a record of a package: of files and folders so many, with so many bytes
// of paths. A package with more is read when its function starts. The same goes for
// the layers of a function.
const (
	maxListed      = 64
	maxListedPaths = 16 << 10
)

// contentsOf describes a package; nil if too much is in it.
func contentsOf(pkg *sandbox.Package) (*contents, error) {
	digest := sha256.Sum256(pkg.Module)
	c := &contents{Module: digest[:], Manifest: pkg.Manifest}
	var err error
	c.Files, err = listFiles(pkg.Files, maxListed)
	if err == errMany || err == nil && pathBytes(c.Files) > maxListedPaths {
		return nil, nil
	}
	return c, err
}

// pathBytes is how long the paths of files are together.
func pathBytes(all []listed) (n int) {
	for _, f := range all {
		n += len(f.Path)
	}
	return n
}

// listFiles lists files and folders. Errors: errMany.
func listFiles(files fs.FS, most int) (all []listed, err error) {
	err = fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		if len(all) == most {
			return errMany
		}
		info, err := d.Info()
		if err == nil {
			all = append(all, listed{name, info.Size(), info.ModTime(), d.IsDir()})
		}
		return err
	})
	return all, err
}

var errMany = errors.New("more than is listed")

// digest returns that of the module; ok is false if a record has another.
func (c *contents) digest() (digest [sha256.Size]byte, ok bool) {
	return digest, copy(digest[:], c.Module) == len(digest) && len(c.Module) == len(digest)
}

// listing is a package's files as its record lists them. What is in them is read
// when somebody wants it, and then kept.
type listing struct {
	folders
	read func() (*sandbox.Package, error)

	mu    sync.Mutex
	files fs.FS // nil before
}

func newListing(all []listed, read func() (*sandbox.Package, error)) *listing {
	return &listing{folders: newFolders(all), read: read}
}

// folders are what is in each.
type folders map[string][]fs.DirEntry

func newFolders(all []listed) folders {
	in := folders{".": nil}
	for _, f := range all {
		in[path.Dir(f.Path)] = append(in[path.Dir(f.Path)], f)
		if f.Folder {
			in[f.Path] = append(in[f.Path], nil...)
		}
	}
	return in
}

// ReadDir implements fs.ReadDirFS.
func (in folders) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, ok := in[name]
	if !ok {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrNotExist}
	}
	return entries, nil
}

// Open implements fs.FS.
func (l *listing) Open(name string) (fs.File, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.files == nil {
		pkg, err := l.read()
		if err != nil {
			return nil, &fs.PathError{Op: "open", Path: name, Err: err}
		}
		l.files = pkg.Files
	}
	return l.files.Open(name)
}

// forget lets go of what is in the files.
func (l *listing) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.files = nil
}

// A listed file is its own entry and information.

func (f listed) Name() string               { return path.Base(f.Path) }
func (f listed) IsDir() bool                { return f.Folder }
func (f listed) Type() fs.FileMode          { return f.Mode().Type() }
func (f listed) Info() (fs.FileInfo, error) { return fileInfo{f}, nil }

func (f listed) Mode() fs.FileMode {
	if f.Folder {
		return fs.ModeDir | 0o555
	}
	return 0o444
}

// fileInfo makes a listed file an fs.FileInfo, whose Size is a method.
type fileInfo struct{ listed }

func (f fileInfo) Size() int64        { return f.listed.Size }
func (f fileInfo) ModTime() time.Time { return f.Modified }
func (f fileInfo) Sys() any           { return nil }

// unpack reads the package of that digest.
func (s *Service) unpack(ctx context.Context, digest store.Digest) (*sandbox.Package, error) {
	code, err := s.config.Store.Code(ctx, digest)
	if err != nil {
		return nil, err
	}
	pkg, err := sandbox.ReadPackage(code, sandbox.PackageLimits{Zipped: sandbox.DefaultUnzipped})
	if err != nil {
		return nil, fmt.Errorf("the stored package: %w", err)
	}
	return pkg, nil
}
