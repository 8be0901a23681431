package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/lambent-dev/lambent/benchmarks/internal/server"
)

// workerdFolder has the worker, and in package-lock.json which workerd runs it.
const workerdFolder = "gateway/workerd"

// errUnavailable says that a server cannot be had on this machine.
var errUnavailable = errors.New("it is not available")

// workerdPackages are the packages that hold the program, by GOARCH.
var workerdPackages = map[string]string{
	"amd64": "@cloudflare/workerd-linux-64",
	"arm64": "@cloudflare/workerd-linux-arm64",
}

// fetchWorkerd returns the path and the version of workerd's program. npm fetches
// it the first time, 155 MB, into a folder of the user's cache, and checks it
// against the digest in package-lock.json; nothing that it brings is run then.
// Errors wrap errUnavailable if it cannot be had.
func fetchWorkerd(ctx context.Context) (program, version string, err error) {
	holds, ok := workerdPackages[runtime.GOARCH]
	if !ok {
		return "", "", fmt.Errorf("%w: there is no workerd for %s", errUnavailable, runtime.GOARCH)
	}
	if version, err = pinned(holds); err != nil {
		return "", "", err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", "", fmt.Errorf("%w: workerd has no place: %w", errUnavailable, err)
	}
	cache = filepath.Join(cache, "lambent-benchmarks")
	folder := filepath.Join(cache, "workerd-"+version)
	program = filepath.Join(folder, "node_modules", holds, "bin", "workerd")
	if _, err := os.Stat(program); err == nil {
		return program, version, nil
	}
	if _, err := exec.LookPath("npm"); err != nil {
		return "", "", fmt.Errorf("%w: npm fetches workerd %s, and is not installed: %w", errUnavailable, version, err)
	}
	fmt.Fprintln(os.Stderr, "fetching workerd", version)
	err = os.MkdirAll(cache, 0o700)
	if err == nil {
		err = npm(ctx, cache, folder)
	}
	if err == nil {
		_, err = os.Stat(program)
	}
	if err != nil {
		return "", "", fmt.Errorf("%w: npm does not fetch workerd %s: %w", errUnavailable, version, err)
	}
	return program, version, nil
}

// npm makes a folder in the cache that has all that package-lock.json names, or
// no folder.
func npm(ctx context.Context, cache, folder string) error {
	fresh, err := os.MkdirTemp(cache, "fetching-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(fresh)
	for _, name := range []string{"package.json", "package-lock.json"} {
		b, err := os.ReadFile(filepath.Join(workerdFolder, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(fresh, name), b, 0o600)
		}
		if err != nil {
			return err
		}
	}
	if err := server.Run(ctx, nil, "npm", "ci", "--prefix", fresh, "--ignore-scripts", "--no-audit", "--no-fund"); err != nil {
		return err
	}
	err = os.Rename(fresh, folder)
	if errors.Is(err, os.ErrExist) { // another run was faster
		return nil
	}
	return err
}

// pinned is the version of a package that package.json asks for.
func pinned(name string) (string, error) {
	b, err := os.ReadFile(filepath.Join(workerdFolder, "package.json"))
	if err != nil {
		return "", err
	}
	var p struct {
		OptionalDependencies map[string]string // the one for this machine is installed
	}
	if err := json.Unmarshal(b, &p); err != nil {
		return "", fmt.Errorf("%s/package.json: %w", workerdFolder, err)
	}
	version, ok := p.OptionalDependencies[name]
	if !ok {
		return "", fmt.Errorf("%s/package.json names no version of %s", workerdFolder, name)
	}
	return version, nil
}
