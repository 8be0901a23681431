package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// What every handler is asked, and what it must answer, byte for byte.
const (
	event  = `{"name":"Ada","n":41}`
	answer = `{"message":"Hello, Ada!","n":42}`
)

// handler is one piece of logic in the forms that contenders run.
type handler struct {
	name string // as reports show it
	// share is what part of -events a round has: one in share, so that a slow
	// handler does not take all the time.
	share   int
	lambent []byte // module with the imports of lambent_v1
	bare    []byte // module with the imports of guests/c/bare.h
	extism  []byte // module with the imports of Extism's kernel
	native  string // path of an executable
}

// buildHandlers reads the committed C guests and builds everything else into
// dir.
func buildHandlers(ctx context.Context, dir string) ([]handler, error) {
	c, err := buildC(ctx, dir)
	if err != nil {
		return nil, err
	}
	golang, err := buildGo(ctx, dir)
	if err != nil {
		return nil, err
	}
	return []handler{c, golang}, nil
}

// sharedGuests is where the C handler is that all forms share.
const sharedGuests = "../sandbox/testdata/guests/c"

func buildC(ctx context.Context, dir string) (handler, error) {
	h := handler{name: "C", share: 1, native: filepath.Join(dir, "c-native")}
	for path, module := range map[string]*[]byte{
		sharedGuests + "/json.wasm": &h.lambent,
		"guests/c/bare.wasm":        &h.bare,
		"guests/c/extism.wasm":      &h.extism,
	} {
		var err error
		if *module, err = os.ReadFile(path); err != nil {
			return h, fmt.Errorf("a committed guest is missing, is this run in its own folder? %w", err)
		}
	}
	return h, build(ctx, nil, "cc", "-std=c11", "-O2", "-I", sharedGuests, "guests/c/native.c", "-o", h.native)
}

func buildGo(ctx context.Context, dir string) (handler, error) {
	h := handler{name: "Go", share: 4, native: filepath.Join(dir, "go-native")}
	for name, module := range map[string]*[]byte{
		"lambent": &h.lambent,
		"bare":    &h.bare,
		"extism":  &h.extism,
	} {
		path := filepath.Join(dir, name+".wasm")
		err := build(ctx, []string{"GOOS=wasip1", "GOARCH=wasm"},
			"go", "build", "-buildmode=c-shared", "-ldflags=-s -w", "-o", path, "./guests/go/"+name)
		if err != nil {
			return h, err
		}
		if *module, err = os.ReadFile(path); err != nil {
			return h, err
		}
	}
	return h, build(ctx, nil, "go", "build", "-ldflags=-s -w", "-o", h.native, "./guests/go/native")
}

// build runs a compiler.
func build(ctx context.Context, env []string, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%v: %w\n%s", cmd, err, out)
	}
	return nil
}
