//go:build wasmtime && cgo && linux && amd64

package main

// #cgo LDFLAGS: -ldl
// #include <dlfcn.h>
// #include <stdint.h>
// #include <stdlib.h>
//
// static uint64_t call(void *run, uint32_t times) { return ((uint64_t (*)(uint32_t))run)(times); }
import "C"

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"unsafe"

	"github.com/lambent-dev/lambent/benchmarks/internal/compute"
	"github.com/lambent-dev/lambent/benchmarks/internal/server"
)

// native is the machine code that clang makes of a program's source, in this
// process, on the thread that is measured. level is that of -O.
func native(name string, level int, dir string) compute.Entrant {
	compile := func(ctx context.Context, p *compute.Program) (compute.Contender, error) {
		path := filepath.Join(dir, fmt.Sprintf("%s-O%d.so", p.Name, level))
		if err := server.Run(ctx, nil, "clang-14", "-std=c11", fmt.Sprintf("-O%d", level), "-shared", "-fPIC", p.Source, "-o", path); err != nil {
			return nil, err
		}
		return open(path)
	}
	return compute.Entrant{Name: name, Compile: compile, Close: func() error { return nil }}
}

// library implements compute.Contender and, as what it keeps is made anew by each
// call, compute.Instance.
type library struct{ handle, run unsafe.Pointer }

func open(path string) (library, error) {
	file, name := C.CString(path), C.CString("run")
	defer C.free(unsafe.Pointer(file))
	defer C.free(unsafe.Pointer(name))
	l := library{handle: C.dlopen(file, C.RTLD_NOW|C.RTLD_LOCAL)}
	if l.handle != nil {
		l.run = C.dlsym(l.handle, name)
	}
	if l.run == nil {
		return l, errors.New(C.GoString(C.dlerror()))
	}
	return l, nil
}

// Instantiate implements compute.Contender.
func (l library) Instantiate(context.Context) (compute.Instance, error) { return loaded{l}, nil }

// Close implements compute.Contender.
func (l library) Close() error {
	C.dlclose(l.handle)
	return nil
}

// loaded implements compute.Instance.
type loaded struct{ library }

func (l loaded) Call(_ context.Context, function string, stack []uint64) error {
	if function != "run" {
		return fmt.Errorf("%s is called; there is run", function)
	}
	stack[0] = uint64(C.call(l.run, C.uint32_t(stack[0])))
	return nil
}

func (l loaded) Used() int64 { return 0 }

// Close implements compute.Instance.
func (l loaded) Close() error { return nil }
