package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"

	"github.com/lambent-dev/lambent/benchmarks/internal/load"
	"github.com/lambent-dev/lambent/benchmarks/internal/server"
)

// peer is a server that Lambent is compared with: each request gets an instance,
// or a process, that is made for it.
type peer struct {
	name  string  // as reports show it
	share int     // of -requests: one in share, so that slow ones do not take all the time
	bar   float64 // how many times an invocation's processor time it takes at least
	on    string  // what package main of folder peer runs; empty: it is workerd
	file  string  // the handler, below the folder of the benchmarks; empty: the native one
}

var peers = [...]peer{
	{"wasmtime-go, new instance", 2, 2.5, "wasmtime", "guests/c/bare.wasm"},
	{"wasmtime-go, new instance, pooling", 2, 2.5, "pooling", "guests/c/bare.wasm"},
	{"Extism, new instance", 8, 10, "extism", "guests/c/extism.wasm"},
	{"workerd, new WebAssembly.Instance", 4, 6, "", ""},
	{"fork and exec", 20, 20, "process", ""},
}

// linked are the modules of Go whose versions are published.
var linked = []string{"github.com/bytecodealliance/wasmtime-go/v39", "github.com/extism/go-sdk"}

// peers builds what is compared with Lambent, starts it and has it answer.
func (f *field) peers(ctx context.Context, dir string) error {
	program, native := filepath.Join(dir, "peer"), filepath.Join(dir, "native")
	if err := server.Run(ctx, nil, "go", "build", "-o", program, "./peer"); err != nil {
		return err
	}
	if err := server.Run(ctx, nil, "cc", "-std=c11", "-O2", "-I", filepath.Dir(guest), "guests/c/native.c", "-o", native); err != nil {
		return err
	}
	versions, err := server.Versions(program, linked...)
	if err != nil {
		return err
	}
	maps.Copy(f.versions, versions)
	for _, p := range peers {
		file := p.file
		if file == "" {
			file = native
		}
		var s *server.Server
		if p.on == "" {
			s, err = f.workerd(ctx)
		} else {
			s, _, err = server.StartAt(ctx, &hello, program, func(address string) []string {
				return []string{"--listen", address, "--on", p.on, file}
			})
		}
		if errors.Is(err, errUnavailable) {
			fmt.Fprintf(os.Stderr, "%s is left out: %v\n", p.name, err)
			f.leftOut = append(f.leftOut, p.name)
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		f.servers = append(f.servers, s)
		f.add(s, p.name, "POST /", hello).share = p.share
	}
	return nil
}

// hello is what servers are asked that have one function and no other way to it.
var hello = load.NewExchange("POST", "/", event, answer)

// workerd starts it.
func (f *field) workerd(ctx context.Context) (*server.Server, error) {
	program, version, err := fetchWorkerd(ctx)
	if err != nil {
		return nil, err
	}
	f.versions["workerd"] = version
	s, _, err := server.StartAt(ctx, &hello, program, func(address string) []string {
		return []string{"serve", filepath.Join(workerdFolder, "config.capnp"), "--socket-addr", "http=" + address}
	})
	return s, err
}
