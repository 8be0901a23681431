package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/lambent-dev/lambent/benchmarks/internal/server"
	"github.com/lambent-dev/lambent/benchmarks/meter/guests/go/work"
)

// program is work in a module that imports nothing or WASI. Its function takes
// how much to do and returns a checksum of all it computed.
type program struct {
	name     string // as reports show it
	module   []byte
	function string
	reactor  bool                // it has to be initialised
	amount   uint32              // of work: some 20 ms, plain
	small    uint32              // of work, to check it and to touch its memory
	native   func(uint32) uint64 // the checksum, computed without WebAssembly
}

// load reads the committed programs and builds the others into dir.
func load(ctx context.Context, dir string) ([]program, error) {
	programs := []program{
		{name: "sha256", amount: 600, small: 3, native: nativeSHA256},
		{name: "nbody", amount: 130_000, small: 50, native: nativeNBody},
		{name: "matmul", amount: 6, small: 2, native: nativeMatmul},
		{name: "sieve", amount: 17, small: 2, native: nativeSieve},
		{name: "fib", amount: 32, small: 12, native: nativeFib},
		{name: "qsort", amount: 7, small: 2, native: nativeQsort},
	}
	for i := range programs {
		if err := programs[i].read("c/" + programs[i].name + ".wasm"); err != nil {
			return nil, err
		}
	}
	sort := program{name: "assemblyscript-sort", amount: 13, small: 2, native: nativeSort}
	if err := sort.read("assemblyscript/sort.wasm"); err != nil {
		return nil, err
	}
	goPrograms, err := buildGo(ctx, dir)
	return append(append(programs, sort), goPrograms...), err
}

func (p *program) read(path string) (err error) {
	p.function = "run"
	if p.module, err = os.ReadFile("meter/guests/" + path); err != nil {
		return fmt.Errorf("a committed program is missing, is this run in the folder of the benchmarks? %w", err)
	}
	return nil
}

func buildGo(ctx context.Context, dir string) ([]program, error) {
	path := filepath.Join(dir, "go.wasm")
	err := server.Run(ctx, []string{"GOOS=wasip1", "GOARCH=wasm"},
		"go", "build", "-buildmode=c-shared", "-ldflags=-s -w", "-o", path, "./meter/guests/go")
	if err != nil {
		return nil, err
	}
	module, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return []program{
		{name: "go-json", module: module, reactor: true, function: "json", amount: 50, small: 2, native: work.JSON},
		{name: "go-map", module: module, reactor: true, function: "maps", amount: 8, small: 2, native: work.Maps},
	}, nil
}

func names(programs []program) string {
	var all []string
	for _, p := range programs {
		all = append(all, p.name)
	}
	return strings.Join(all, ", ")
}
