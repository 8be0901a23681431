package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/lambent-dev/lambent/sandbox"
	"github.com/lambent-dev/lambent/sdk/toolchain"
)

// load returns the function at path: a folder of sources, which is built, a
// WebAssembly module, or a zip file. It goes by content, not by name.
func load(ctx context.Context, path string, p *progress) (*sandbox.Package, error) {
	content, err := readSource(ctx, path, p)
	if err != nil {
		return nil, err
	}
	if isModule(content) {
		return &sandbox.Package{Module: content}, nil
	}
	pkg, err := sandbox.ReadPackage(content, sandbox.PackageLimits{})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return pkg, nil
}

// zipOf returns the function at path as a zip file.
func zipOf(ctx context.Context, path string, p *progress) ([]byte, error) {
	content, err := readSource(ctx, path, p)
	if err != nil || !isModule(content) {
		return content, err
	}
	return pack(toolchain.Package{Module: content})
}

// readSource returns a module or a zip file, building it if path is a folder.
func readSource(ctx context.Context, path string, p *progress) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		zipped, _, err := buildFolder(ctx, path, p)
		return zipped, err
	}
	content, err := readFile(path)
	if err != nil {
		return nil, err
	}
	if !isModule(content) && !bytes.HasPrefix(content, []byte("PK")) {
		return nil, fmt.Errorf("%s is neither a folder, nor a WebAssembly module, nor a zip file", path)
	}
	return content, nil
}

func isModule(content []byte) bool { return bytes.HasPrefix(content, []byte("\x00asm")) }

func pack(p toolchain.Package) ([]byte, error) {
	var zipped bytes.Buffer
	err := toolchain.Zip(&zipped, p)
	return zipped.Bytes(), err
}

// maxFile is the largest file that load reads: neither a module nor a zip file
// may be larger.
const maxFile = 64 << 20

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(content) > maxFile {
		err = fmt.Errorf("%s has more than %d bytes; neither a module nor a zip file may", path, maxFile)
	}
	return content, err
}

// buildFolder builds the function in dir and packs it, with the folder's
// lambent.json if there is one.
func buildFolder(ctx context.Context, dir string, p *progress) ([]byte, toolchain.Result, error) {
	p.step("Building " + dir)
	defer p.done()
	built, err := toolchain.Build(ctx, toolchain.Options{Dir: dir})
	if err != nil {
		return nil, toolchain.Result{}, err
	}
	manifest, err := os.ReadFile(filepath.Join(dir, "lambent.json"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, toolchain.Result{}, err
	}
	zipped, err := pack(toolchain.Package{Module: built.Wasm, Manifest: manifest})
	return zipped, built, err
}

// cacheDir returns where lambent keeps what it can make again: a folder in
// $LAMBENT_CACHE, else in the user's cache folder; "" if there is none.
func cacheDir(name string) string {
	dir := os.Getenv("LAMBENT_CACHE")
	if dir == "" {
		var err error
		if dir, err = os.UserCacheDir(); err != nil {
			return ""
		}
		dir = filepath.Join(dir, "lambent")
	}
	return filepath.Join(dir, name)
}

// functionName returns the name of the function at path, unless it is given
// another: that of the folder or file.
func functionName(path string) (string, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	name := filepath.Base(absolute)
	return strings.TrimSuffix(strings.TrimSuffix(name, ".zip"), ".wasm"), nil
}
