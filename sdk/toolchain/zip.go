package toolchain

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"time"
)

const (
	manifestName = "lambent.json"

	// moduleName is what the module is called unless the manifest says
	// otherwise: the name that AWS's provided runtimes know, so that tools made
	// for them can deploy it.
	moduleName = "bootstrap"

	// maxPackage is the most bytes a package may hold, unpacked, as on AWS
	// Lambda.
	maxPackage = 262_144_000
)

// Package is what Zip packs.
type Package struct {
	// Module is the compiled function.
	Module []byte

	// Manifest is a lambent.json; nil for none, which most functions need. Its
	// entry, if it has one, names the module; default "bootstrap".
	Manifest []byte

	// Files are more files that the function reads at run time, under
	// /var/task; nil for none. Symbolic links are refused.
	Files fs.FS
}

// Zip writes a deployment package to w. The same Package gives the same bytes
// (with the same version of Go): names are sorted, times are fixed.
func Zip(w io.Writer, p Package) error {
	files, err := p.contents()
	if err != nil {
		return err
	}
	z := zip.NewWriter(w)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := files[name].pack(z, name); err != nil {
			return fmt.Errorf("pack %s: %w", name, err)
		}
	}
	return z.Close()
}

// packed is one file of a package.
type packed struct {
	bytes []byte
	mode  fs.FileMode
}

func (f packed) pack(z *zip.Writer, name string) error {
	// The earliest time a zip file can hold.
	header := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)}
	header.SetMode(f.mode)
	w, err := z.CreateHeader(header)
	if err != nil {
		return err
	}
	_, err = w.Write(f.bytes)
	return err
}

// contents returns the files by name.
func (p Package) contents() (map[string]packed, error) {
	if !bytes.HasPrefix(p.Module, []byte("\x00asm")) {
		return nil, errors.New("the module does not begin as a WebAssembly binary does")
	}
	entry, err := entryOf(p.Manifest)
	if err != nil {
		return nil, err
	}
	files := map[string]packed{entry: {p.Module, 0o755}}
	if p.Manifest != nil {
		files[manifestName] = packed{p.Manifest, 0o644}
	}
	left := int64(maxPackage - len(p.Module) - len(p.Manifest))
	if p.Files != nil {
		err = fs.WalkDir(p.Files, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			if _, taken := files[name]; taken || name == manifestName {
				return fmt.Errorf("%s: the package has a file of that name already, or makes one", name)
			}
			if !d.Type().IsRegular() {
				return fmt.Errorf("%s is a %s; a package holds files only", name, kind(d.Type()))
			}
			b, err := readFile(p.Files, name, left)
			left -= int64(len(b))
			files[name] = packed{b, 0o644}
			return err
		})
	}
	if err == nil && left < 0 {
		err = errTooLarge
	}
	return files, err
}

var errTooLarge = fmt.Errorf("the package holds more than the %d bytes that are allowed", maxPackage)

// readFile reads a file of at most limit bytes.
func readFile(files fs.FS, name string, limit int64) ([]byte, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, max(limit, 0)+1))
	if err == nil && int64(len(b)) > limit {
		err = errTooLarge
	}
	return b, err
}

// entryOf returns the module's name according to the manifest. The rest of a
// manifest is for the host to check.
func entryOf(manifest []byte) (string, error) {
	if manifest == nil {
		return moduleName, nil
	}
	var m struct {
		Entry string `json:"entry"`
	}
	if err := json.Unmarshal(manifest, &m); err != nil {
		return "", fmt.Errorf("%s: %w", manifestName, err)
	}
	switch {
	case m.Entry == "":
		return moduleName, nil
	case !fs.ValidPath(m.Entry) || m.Entry == "." || m.Entry == manifestName:
		return "", fmt.Errorf("%s: entry %q is not the path of a file in the package", manifestName, m.Entry)
	}
	return m.Entry, nil
}

func kind(t fs.FileMode) string {
	if t&fs.ModeSymlink != 0 {
		return "symbolic link"
	}
	return "special file (" + t.String() + ")"
}
