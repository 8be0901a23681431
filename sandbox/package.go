package sandbox

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/lambent-dev/lambent/sandbox/internal/abi"
)

// PackageLimits bounds what ReadPackage accepts. The zero value of a field
// means its default.
type PackageLimits struct {
	Zipped   int64 // bytes of the zip file; default 52,428,800, as on AWS Lambda
	Unzipped int64 // bytes of all files together; default 262,144,000, as on AWS Lambda
	Entries  int   // files and folders; default 65,535
}

// Defaults of PackageLimits.
const (
	DefaultZipped   = 52_428_800
	DefaultUnzipped = 262_144_000
	DefaultEntries  = 65_535
)

// What a path in a package may have at most: bytes, and folders, as many as
// guests see below /var/task.
const (
	maxPath    = 1024
	maxFolders = 64
)

// Package is an unpacked deployment package.
type Package struct {
	Module   []byte   // the module that the manifest names, or the only one
	Entry    string   // its path in the package
	Manifest Manifest // lambent.json, or the zero value
	Files    fs.FS    // every file, for Config.Files; reads from the zip file given
	Unzipped int64    // bytes of all files together
}

// ReadPackage reads a zip file: the module is the manifest's entry, else
// "bootstrap" if that is a module, else the only *.wasm. Every file is
// decompressed, so that what it returns holds no surprise. Errors wrap ErrPackage.
func ReadPackage(b []byte, limits PackageLimits) (*Package, error) {
	archive, found, err := unzip(b, limits)
	if err != nil {
		return nil, err
	}
	p := &Package{Files: archive, Unzipped: found.unzipped}
	if err := p.readManifest(); err != nil {
		return nil, err
	}
	if p.Entry, err = p.findModule(archive); err != nil {
		return nil, err
	}
	if p.Entry == found.name {
		p.Module = found.content
		return p, nil
	}
	p.Module, err = fs.ReadFile(archive, p.Entry)
	if err != nil {
		return nil, packageError("entry %q: %w", p.Entry, err)
	}
	return p, nil
}

// unzip opens a zip file and checks all that is in it.
func unzip(b []byte, limits PackageLimits) (*zip.Reader, module, error) {
	limits.complete()
	if int64(len(b)) > limits.Zipped {
		return nil, module{}, packageError("zipped size is %d bytes; it must be at most %d", len(b), limits.Zipped)
	}
	// Each entry has a header that begins like this. NewReader makes an object
	// of several hundred bytes for each, however many there are.
	if n := bytes.Count(b, []byte("PK\x01\x02")); n > max(limits.Entries, DefaultEntries) {
		return nil, module{}, packageError("%d headers of entries; at most %d entries are allowed", n, limits.Entries)
	}
	archive, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // checkEntries names the path
		return nil, module{}, packageError("%w: %w", ErrUnzip, err)
	}
	found, err := checkEntries(archive, int64(len(b)), limits)
	return archive, found, err
}

func (l *PackageLimits) complete() {
	if l.Zipped == 0 {
		l.Zipped = DefaultZipped
	}
	if l.Unzipped == 0 {
		l.Unzipped = DefaultUnzipped
	}
	if l.Entries == 0 {
		l.Entries = DefaultEntries
	}
}

func packageError(format string, args ...any) error {
	return fmt.Errorf("%w: %w", ErrPackage, fmt.Errorf(format, args...))
}

// checkEntries refuses paths that would lead out of the package or mean two
// things, and files that are larger than they may be. The sizes that a zip file
// declares prove nothing: what counts is what comes out. Entries that share
// their bytes, or claim more than the zipped bytes there are, would have the same
// bytes decompressed any number of times, to nothing if the sender likes. It
// returns the first file that is a module, if there is one, and how much came out.
func checkEntries(archive *zip.Reader, zipped int64, limits PackageLimits) (found module, err error) {
	if n := len(archive.File); n > limits.Entries {
		return found, packageError("%d entries; at most %d are allowed", n, limits.Entries)
	}
	seen := make(paths)
	left := limits.Unzipped
	for _, f := range archive.File {
		name, err := cleanPath(f.Name)
		if err != nil {
			return found, err
		}
		folder := strings.HasSuffix(f.Name, "/")
		if err := seen.add(name, folder); err != nil {
			return found, err
		}
		if n := len(seen); n > limits.Entries {
			return found, packageError("%d files and folders, at %q; at most %d are allowed", n, name, limits.Entries)
		}
		if mode := f.Mode(); !folder && !mode.IsRegular() {
			return found, packageError("%q is a %v; only files and folders are allowed", f.Name, mode.Type())
		}
		if folder {
			continue
		}
		if f.CompressedSize64 > uint64(zipped) {
			return found, packageError("%q: the entries up to here take more bytes than the zip file has", f.Name)
		}
		zipped -= int64(f.CompressedSize64)
		out := unzipped{}
		if found.content == nil {
			out.most = min(f.UncompressedSize64, maxDeflated*f.CompressedSize64, uint64(left))
		}
		if err := out.read(f, left); err != nil {
			return found, packageError("%w: %q: %w", ErrUnzip, f.Name, err)
		}
		if out.content != nil {
			found.name, found.content = name, out.content
		}
		if left -= out.size; left < 0 {
			return found, packageError("%w is more than %d bytes, at %q", ErrTooLarge, limits.Unzipped, f.Name)
		}
	}
	found.unzipped = limits.Unzipped - left
	return found, nil
}

// paths are the files and folders of a package.
type paths map[string]*entry

// entry is a file or folder. A folder need not be listed to be there.
type entry struct {
	file, listed bool
	below        string // a path in the folder
}

// add takes a path that is listed, and the folders that it leads through. They
// count, too: a few megabytes of paths can name millions.
func (p paths) add(name string, folder bool) error {
	old := p[name]
	switch {
	case old == nil:
		p[name] = &entry{file: !folder, listed: true}
	case old.listed:
		return packageError("%q is there twice", name)
	case !folder:
		return folderError(name, old.below)
	default:
		old.listed = true
	}
	for i := strings.LastIndexByte(name, '/'); i > 0; i = strings.LastIndexByte(name[:i], '/') {
		dir := name[:i]
		if old := p[dir]; old == nil {
			p[dir] = &entry{below: name}
		} else if old.file {
			return folderError(dir, name)
		} else {
			old.below = name
			return nil // what is above was added with it
		}
	}
	return nil
}

func folderError(file, below string) error {
	return packageError("%q is a file and the folder of %q", file, below)
}

// module is a file that begins as a WebAssembly module does, and the size of all.
type module struct {
	name     string
	content  []byte // nil: there is none
	unzipped int64  // bytes of all files
}

// unzipped is what comes out of a file: of a module all of it, which saves to
// decompress it again, of others only how much it is.
type unzipped struct {
	size    int64
	most    uint64 // bytes of content; what has more is not kept, and mostly not what it says it is
	content []byte
}

// maxDeflated is more than the bytes that a deflated byte can become.
const maxDeflated = 1100

// read decompresses f, or as much as shows that it is larger than limit.
func (u *unzipped) read(f *zip.File, limit int64) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	_, err = io.Copy(u, io.LimitReader(r, limit+1))
	return err
}

// Write implements io.Writer.
func (u *unzipped) Write(b []byte) (int, error) {
	if u.size == 0 && strings.HasPrefix(string(b[:min(len(b), len(moduleMagic))]), moduleMagic) {
		u.content = make([]byte, 0, u.most)
	}
	u.size += int64(len(b))
	if uint64(u.size) > u.most {
		u.content = nil
	}
	if u.content != nil {
		u.content = append(u.content, b...)
	}
	return len(b), nil
}

// moduleMagic is how a WebAssembly module begins.
const moduleMagic = "\x00asm"

// cleanPath returns the path of an entry without a folder's last slash.
func cleanPath(name string) (string, error) {
	clean := strings.TrimSuffix(name, "/")
	switch {
	case !utf8.ValidString(name) || strings.ContainsAny(name, "\\\x00"):
		return "", packageError("%q is not a path: backslash, NUL or invalid UTF-8", name)
	case len(name) > maxPath:
		return "", packageError("a path has %d bytes; at most %d are allowed", len(name), maxPath)
	case !fs.ValidPath(clean) || clean == ".":
		return "", packageError("%q leads out of the package; paths are relative, without . and ..", name)
	case strings.Count(name, "/") > maxFolders:
		return "", packageError("%.100q… leads through %d folders; at most %d are allowed", name, strings.Count(name, "/"), maxFolders)
	}
	return clean, nil
}

func (p *Package) readManifest() error {
	b, err := fs.ReadFile(p.Files, "lambent.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return packageError("lambent.json: %w", err)
	}
	if p.Manifest, err = abi.ParseManifest(b); err != nil {
		return packageError("%w", err)
	}
	return nil
}

// findModule returns the path of the module.
func (p *Package) findModule(archive *zip.Reader) (string, error) {
	if entry := p.Manifest.Entry; entry != "" {
		if info, err := fs.Stat(archive, path.Clean(entry)); err != nil || info.IsDir() {
			return "", packageError("lambent.json names the entry %q, which is no file of the package", entry)
		}
		return path.Clean(entry), nil
	}
	if isModule(archive, "bootstrap") {
		return "bootstrap", nil
	}
	var candidates []string
	for _, f := range archive.File {
		if strings.HasSuffix(f.Name, ".wasm") {
			candidates = append(candidates, f.Name)
		}
	}
	switch len(candidates) {
	case 0:
		return "", packageError("%w: neither a bootstrap that is one, nor a *.wasm", ErrNoModule)
	case 1:
		return candidates[0], nil
	}
	return "", packageError("which module? Name one as entry in lambent.json: %s", enumerate(candidates))
}

// isModule reports whether the file begins as a WebAssembly module does.
func isModule(files fs.FS, name string) bool {
	f, err := files.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	var magic [len(moduleMagic)]byte
	_, err = io.ReadFull(f, magic[:])
	return err == nil && string(magic[:]) == moduleMagic
}
