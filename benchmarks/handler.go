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
	extism  []byte // module with the imports of Extism's kernel; nil: none
	native  string // path of an executable; empty: none
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
	js, err := readJavaScript()
	if err != nil {
		return nil, err
	}
	return []handler{c, golang, js}, nil
}

// sharedGuests is where the C handler is that all forms share.
const sharedGuests = "../sandbox/testdata/guests/c"

func buildC(ctx context.Context, dir string) (handler, error) {
	h := handler{name: "C", share: 1, native: filepath.Join(dir, "c-native")}
	err := readGuests(map[string]*[]byte{
		sharedGuests + "/json.wasm": &h.lambent,
		"guests/c/bare.wasm":        &h.bare,
		"guests/c/extism.wasm":      &h.extism,
	})
	if err != nil {
		return h, err
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

// readJavaScript reads the handler that QuickJS runs. It has no form for Extism,
// and none that is a program.
func readJavaScript() (handler, error) {
	h := handler{name: "JavaScript", share: 2}
	err := readGuests(map[string]*[]byte{
		"guests/js/lambent.wasm": &h.lambent,
		"guests/js/bare.wasm":    &h.bare,
	})
	return h, err
}

// readGuests reads committed modules.
func readGuests(modules map[string]*[]byte) (err error) {
	for path, module := range modules {
		if *module, err = os.ReadFile(path); err != nil {
			return fmt.Errorf("a committed guest is missing, is this run in its own folder? %w", err)
		}
	}
	return nil
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
