// Package wazero runs WebAssembly on wazero, in pure Go: the default engine.
// Guests are compiled to machine code on amd64 and arm64 and interpreted
// elsewhere.
//
// It owns everything that is peculiar to wazero and is the only package that
// imports it: binding host functions (backend.go, host.go), freezing and
// restoring instances (image.go, restore.go), the names of traps (failure.go),
// and code kept on disk (cache.go, entry.go, code_file.go). It never offers WASI or
// anything else to a guest: what a guest may call is in the engine.Host that
// Compile or Load is given.
//
// # What guests may use
//
// WebAssembly 2.0 with fixed-width SIMD, and the proposals tail calls and
// extended constant expressions. Not threads, not typed function references,
// and not exception handling: wazero v1.12.0 hands exceptions to guests as
// addresses that its garbage collector does not see, so a guest that keeps one
// can make the host read memory that is freed (wazero issue 2522). Modules that
// use any of these fail to compile with engine.ErrInvalid.
//
// # Interruption
//
// wazero has no fuel, and its own way of looking at the context on every turn
// of a loop slows guests several times. What compiles here is the module with
// the meter built in, see [engine.Meter]: a guest whose context is done stops
// at the end of its slice, and until then lets the garbage collector wait for
// as long as a slice takes.
//
// # Where wazero differs from the specification
//
//   - An active element segment that lies outside its table is skipped, where
//     it should trap.
//   - One module cannot import one name with two signatures: a LinkError.
//   - Its compiler takes 0 < a&b for a&b < 0, and so with every comparison that
//     orders, when the zero comes first. Guests do not meet that: what is compiled
//     here has something in between (compare_zero_test.go).
//   - A table grows to 1,000,000 entries at most, whatever the module declares.
package wazero
