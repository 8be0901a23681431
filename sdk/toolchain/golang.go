package toolchain

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

const (
	// sdk is the package whose importers are reactors.
	sdk = "github.com/lambent-dev/lambent/sdk/go"

	// awsLibrary waits for the AWS Lambda Runtime API, which functions do not
	// have yet.
	awsLibrary = "github.com/aws/aws-lambda-go/lambda"

	// minGo is the first minor version of Go 1 that builds reactors. What a
	// program itself needs its go.mod says.
	minGo = 24
)

// goTool is a go command that can build for WebAssembly.
type goTool struct {
	runner
	version string
}

// findGo finds the go command and asks for its version in dir, where go.mod may
// select another one.
func findGo(ctx context.Context, dir string, o Options) (*goTool, error) {
	name := o.Go
	if name == "" {
		name = "go"
	}
	command, err := exec.LookPath(name)
	if err != nil {
		return nil, fmt.Errorf("%w: building a Go function takes the go command, version 1.%d or newer (%w): get it from https://go.dev/dl/", ErrTool, minGo, err)
	}
	g := &goTool{runner: runner{command: command, dir: dir, env: goEnvironment(os.Environ()), log: o.Log}}
	out, err := g.run(ctx, "env", "GOVERSION")
	if err != nil {
		return nil, err
	}
	g.version = strings.TrimSpace(out)
	minor, ok := goMinor(g.version)
	if !ok || minor < minGo {
		return nil, fmt.Errorf("%w: %s has version %q; building a Go function takes go1.%d or newer: get it from https://go.dev/dl/", ErrTool, command, g.version, minGo)
	}
	return g, nil
}

var goVersion = regexp.MustCompile(`\bgo1\.(\d+)`)

// goMinor returns the 26 of "go1.26.1", "go1.26rc1" and "devel go1.26-0a1b2c".
func goMinor(version string) (int, bool) {
	m := goVersion.FindStringSubmatch(version)
	if m == nil {
		return 0, false
	}
	minor, err := strconv.Atoi(m[1])
	return minor, err == nil
}

// goEnvironment is environ for building wasm. The go command's own settings
// stay, the ones that select another target go.
func goEnvironment(environ []string) []string {
	env := make([]string, 0, len(environ)+3)
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		switch strings.ToUpper(name) {
		case "GOOS", "GOARCH", "GOWASM", "GOEXPERIMENT", "CGO_ENABLED":
		default:
			env = append(env, entry)
		}
	}
	return append(env, "GOOS=wasip1", "GOARCH=wasm", "CGO_ENABLED=0")
}

// build builds the main package in the tool's folder.
func (g *goTool) build(ctx context.Context) (Result, error) {
	model, err := g.model(ctx)
	if err != nil {
		return Result{}, err
	}
	tmp, err := os.MkdirTemp("", "lambent-build-")
	if err != nil {
		return Result{}, err
	}
	defer os.RemoveAll(tmp)
	out := filepath.Join(tmp, "function.wasm")
	// Neither the folder's path nor the state of its repository belongs into the
	// module: the same source gives the same bytes.
	args := []string{"build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", out}
	if model == Reactor {
		args = append(args, "-buildmode=c-shared")
	}
	if _, err := g.run(ctx, append(args, ".")...); err != nil {
		return Result{}, err
	}
	wasm, err := os.ReadFile(out)
	if err != nil {
		return Result{}, err
	}
	return Result{Wasm: wasm, Model: model, Compiler: g.version}, nil
}

// model finds out what kind of program it is from what it imports.
func (g *goTool) model(ctx context.Context) (Model, error) {
	out, err := g.run(ctx, "list", "-deps", "-f", "{{.ImportPath}} {{.Name}} {{.DepOnly}}", ".")
	if err != nil {
		return "", err
	}
	model := Stdio
	for line := range strings.Lines(out) {
		fields := strings.Fields(line)
		if len(fields) != 3 {
			return "", &ToolError{Command: "go list", Output: out, Err: errors.New("the output has an unknown form")}
		}
		path, name, dependency := fields[0], fields[1], fields[2] == "true"
		switch {
		case !dependency && name != "main":
			return "", fmt.Errorf("%w in %s: package %s is a library; a function is a package main", ErrSource, g.dir, name)
		case path == awsLibrary:
			return "", fmt.Errorf("%w in %s: the program imports %s, which cannot be run yet; import %s instead, which takes the same handlers", ErrSource, g.dir, awsLibrary, sdk)
		case path == sdk:
			model = Reactor
		}
	}
	return model, nil
}
