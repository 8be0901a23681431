package toolchain

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Errors of Build, matched with errors.Is; the messages that wrap them name
// what was found and what is supported. A compiler's own errors are a
// *ToolError.
var (
	// ErrSource: the folder holds nothing that can be built.
	ErrSource = errors.New("no function to build")
	// ErrTool: a tool is missing or too old.
	ErrTool = errors.New("a tool is missing")
)

// ToolError is the failure of a tool that was run.
type ToolError struct {
	Command string // as one would type it
	Output  string // what it printed, at most the first 64 KiB; compilers name file and line
	Err     error  // how it ended
}

func (e *ToolError) Error() string {
	if e.Output == "" {
		return fmt.Sprintf("%s: %v", e.Command, e.Err)
	}
	return fmt.Sprintf("%s: %v\n%s", e.Command, e.Err, strings.TrimRight(e.Output, "\n"))
}

func (e *ToolError) Unwrap() error { return e.Err }

// Options says what to build, and how.
type Options struct {
	// Dir is the folder of the function's source. Default: the current folder.
	Dir string

	// Go is the go command. Default: the one on PATH.
	Go string

	// Log takes what the tools print, as they do. Default: it is dropped;
	// errors hold it in any case.
	Log io.Writer
}

// Model is how the module is entered.
type Model string

// The models that Build makes.
const (
	// Reactor: the program imports sdk/go, and its main runs once, before the
	// first event.
	Reactor Model = "reactor"
	// Stdio: a program that reads the event from standard input and writes the
	// result to standard output.
	Stdio Model = "stdio"
)

// Result is a function that was built.
type Result struct {
	Wasm     []byte
	Model    Model
	Compiler string // with its version: "go1.26.0"
}

// Build makes a module of the source in o.Dir. The same source and compiler
// give the same bytes, wherever the folder lies. When ctx ends, the tools are
// stopped and the error wraps context.Cause(ctx).
func Build(ctx context.Context, o Options) (Result, error) {
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return Result{}, err
	}
	found, err := survey(dir)
	if err != nil {
		return Result{}, err
	}
	if len(found["Go"]) == 0 {
		return Result{}, fmt.Errorf("%w in %s: %s; Go programs can be built today, others are compiled to WASI preview 1 beforehand", ErrSource, dir, found)
	}
	if err := needModule(dir); err != nil {
		return Result{}, err
	}
	g, err := findGo(ctx, dir, o)
	if err != nil {
		return Result{}, err
	}
	return g.build(ctx)
}

// needModule says how to make a go.mod if there is none.
func needModule(dir string) error {
	for d := dir; ; d = filepath.Dir(d) {
		_, err := os.Stat(filepath.Join(d, "go.mod"))
		if err == nil {
			return nil
		}
		if !errors.Is(err, os.ErrNotExist) {
			return err
		}
		if d == filepath.Dir(d) {
			return fmt.Errorf("%w in %s: there are Go files, but no go.mod there or in a folder above; make one there with: go mod init example.com/function", ErrSource, dir)
		}
	}
}
