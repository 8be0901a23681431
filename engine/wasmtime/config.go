package wasmtime

import "context"

// Config configures an engine. The zero value works: it keeps nothing on disk.
type Config struct {
	// CacheDir is a folder that keeps compiled code over restarts, so that a
	// module compiles once and loads in milliseconds afterwards. Only the folder
	// "wasmtime" below it is used. Processes may share it; machines must not. It
	// is created with mode 0700, its files with 0600.
	//
	// Whoever can write there can run code in this process. The checksums kept
	// beside the code find damage, not malice.
	//
	// A folder that cannot be read or written costs time, never a failure:
	// modules are then compiled without it. Default: no cache.
	CacheDir string

	// CacheSize is the most bytes that code in CacheDir may take. When adding
	// to it exceeds that, what was not used for longest is removed. Default
	// 1 GiB.
	CacheSize int64

	// Fill, if not nil, compiles a module that CacheDir lacks into it, in another
	// process: that of an engine with the same CacheDir and without Fill. This
	// engine then compiles nothing itself: what Fill fails at, or what is not in
	// CacheDir afterwards, cannot be compiled.
	Fill func(ctx context.Context, module []byte) error

	// MustCache is for a process that compiles for others, see Fill: what cannot be
	// written to CacheDir cannot be compiled, and the error says why. By default
	// it is compiled without.
	MustCache bool

	// AnyNaN lets operations make whichever NaN the processor makes, as wazero's
	// do. By default it is the same always, for which each addition, product and
	// so on is looked at: code that is full of them takes 2 to 3.5 times as long.
	AnyNaN bool

	// NoClock compiles guests that do not look at the clock, which is there for the
	// case that the meter misses a loop. What it takes is looking in every loop
	// and function: a tenth to two thirds of the time of tight loops. Without it,
	// only the meter stops a guest, as on wazero.
	NoClock bool
}
