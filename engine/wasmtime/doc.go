// Package wasmtime runs WebAssembly on wasmtime, by cgo: the second engine. CPU-bound
// guests run faster on it than on package engine/wazero, and two engines that agree
// are worth more than one.
//
// A program has it if it was built with -tags wasmtime, with cgo, for linux/amd64:
//
//	CGO_ENABLED=1 go build -tags wasmtime ./cmd/lambent
//
// which takes a C compiler, and makes the program 20 MB larger. In every other
// program [New] returns an error that says so.
//
// # Whom it is for
//
// wasmtime v39 is a line without support, for which there are advisories: see
// [Advisories]. So this engine is for code that is trusted, and for comparing.
// It is refused on arm64, where one of them lets a guest out.
//
// # What it owns
//
// Everything that is peculiar to wasmtime: its C library (library.h), of which
// wasmtime-go, which ships it, offers too little; stacks for guests, and how they and
// Go take turns on a thread (guest.h); memories in room that wasmtime's code relies
// on (module.go); code kept on disk (cache.go). It never offers WASI or anything
// else to a guest: what a guest may call is in the engine.Host that Compile or Load
// is given.
//
// # What guests may use
//
// WebAssembly 2.0 with fixed-width SIMD, and the proposals tail calls and
// extended constant expressions, as on wazero. Modules that use anything else fail
// to compile with engine.ErrInvalid. Functions may make references to functions,
// which wazero refuses; tables of external references are refused here. NaNs are
// canonical, unless Config.AnyNaN.
//
// # Interruption
//
// What compiles here is the module with the meter built in, see [engine.Meter], as on
// every engine, and it uses the same fuel. Besides, every guest looks at its context
// once a second, whether the meter asks or not, unless Config.NoClock.
//
// A host function has the thread of its caller for as long as it runs: one that
// waits keeps a thread of the system.
//
// # Memory
//
// Linear memories are those of package engine/internal/image, copy-on-write and
// restored in place. Each takes 4 GiB of addresses, whatever its limit, so that a
// process has room for some ten thousand; a process whose addresses are limited
// (ulimit -v) has room for fewer, or none. wasmtime's own pool of memories is not
// used: it cannot be given an image.
package wasmtime
