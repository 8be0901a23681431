package compute

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lambent-dev/lambent/benchmarks/internal/server"
	"github.com/lambent-dev/lambent/benchmarks/meter/guests/go/work"
	"github.com/lambent-dev/lambent/engine"
)

// Program is work in a module that imports nothing or WASI. Its function takes
// how much to do and returns a checksum of all it computed.
type Program struct {
	Name   string // as reports show it
	Binary *engine.Binary
	Source string // of the C that it was compiled from, or empty
	Amount uint32 // of work: some 20 ms, plain

	function string
	reactor  bool                // it has to be initialised
	small    uint32              // of work, to check it and to touch its memory
	native   func(uint32) uint64 // the checksum, computed without WebAssembly
}

const guests = "meter/guests/"

// C reads the programs that are committed, compiled from C, of those names. It is
// called in the folder of the benchmarks.
func C(names ...string) ([]Program, error) {
	all := []Program{
		{Name: "sha256", Amount: 600, small: 3, native: nativeSHA256},
		{Name: "nbody", Amount: 130_000, small: 50, native: nativeNBody},
		{Name: "matmul", Amount: 6, small: 2, native: nativeMatmul},
		{Name: "json", Amount: 200, small: 2, native: nativeJSON},
		{Name: "sieve", Amount: 17, small: 2, native: nativeSieve},
		{Name: "fib", Amount: 32, small: 12, native: nativeFib},
		{Name: "qsort", Amount: 7, small: 2, native: nativeQsort},
	}
	some, err := Choose(all, names)
	if err != nil {
		return nil, err
	}
	for i := range some {
		p := &some[i]
		p.Source = guests + "c/" + p.Name + ".c"
		if err := p.read("c/" + p.Name + ".wasm"); err != nil {
			return nil, err
		}
	}
	return some, nil
}

// AssemblyScript reads the program that is committed, compiled from AssemblyScript.
// It is called in the folder of the benchmarks.
func AssemblyScript() (Program, error) {
	p := Program{Name: "assemblyscript-sort", Amount: 13, small: 2, native: nativeSort}
	return p, p.read("assemblyscript/sort.wasm")
}

// Go builds the programs in Go into dir. It is called in the folder of the
// benchmarks.
func Go(ctx context.Context, dir string) ([]Program, error) {
	path := filepath.Join(dir, "go.wasm")
	err := server.Run(ctx, []string{"GOOS=wasip1", "GOARCH=wasm"},
		"go", "build", "-buildmode=c-shared", "-ldflags=-s -w", "-o", path, "./"+guests+"go")
	if err != nil {
		return nil, err
	}
	module, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	programs := []Program{
		{Name: "go-json", function: "json", Amount: 50, native: work.JSON},
		{Name: "go-map", function: "maps", Amount: 8, native: work.Maps},
	}
	for i := range programs {
		programs[i].reactor, programs[i].small = true, 2
		if err := programs[i].check(module); err != nil {
			return nil, err
		}
	}
	return programs, nil
}

func (p *Program) read(path string) error {
	p.function = "run"
	module, err := os.ReadFile(guests + path)
	if err != nil {
		return fmt.Errorf("a committed program is missing, is this run in the folder of the benchmarks? %w", err)
	}
	return p.check(module)
}

func (p *Program) check(module []byte) (err error) {
	if p.Binary, err = engine.Check(module, engine.ModuleLimits{}); err != nil {
		return fmt.Errorf("%s: %w", p.Name, err)
	}
	return nil
}

// Shorten makes it little work. What it takes is then of no interest.
func (p *Program) Shorten() { p.Amount = p.small }

// Choose returns the programs with those names, in their order.
func Choose(all []Program, names []string) ([]Program, error) {
	var some []Program
	for _, name := range names {
		i := slices.IndexFunc(all, func(p Program) bool { return p.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no program %q, there are %s", name, namesOf(all))
		}
		some = append(some, all[i])
	}
	return some, nil
}

func namesOf(programs []Program) string {
	var all []string
	for _, p := range programs {
		all = append(all, p.Name)
	}
	return strings.Join(all, ", ")
}
