package wazero

import "context"

// Config configures an engine. The zero value works: it compiles, and keeps
// nothing on disk.
type Config struct {
	// CacheDir is a folder that keeps compiled code over restarts, so that a
	// module compiles once and loads in milliseconds afterwards. Only the folder
	// "wazero" below it is used. Processes may share it; machines must not. It
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

	// Interpreter makes the engine interpret instead of compile: 10 to 100
	// times slower, for comparison and for debugging the compiler. CacheDir has
	// no effect then.
	Interpreter bool

	// Unguarded leaves out what keeps wazero from its known mistakes, so that what
	// finds mistakes can be tested on a real one: guests may compute wrongly. CacheDir
	// and Fill have no effect then.
	Unguarded bool
}

// defaultCacheSize is Config.CacheSize if that is 0.
const defaultCacheSize = 1 << 30
