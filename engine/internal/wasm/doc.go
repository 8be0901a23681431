// Package wasm reads, checks and rewrites a WebAssembly binary, in one pass
// each, before any compiler sees it.
//
// It owns the structure of a module: sections, their order and sizes, LEB128,
// names, constant expressions, the nesting of control, and every index (type,
// function, table, memory, tag, global, local, label, element, data), each
// checked against what the module itself declares. It decodes every operation
// of WebAssembly 2.0 with tail calls, exception handling (both forms), threads
// and extended constant expressions, and refuses what [Limits] calls absurd.
//
// [Module.Rewrite] reads it once more and copies what it reads, with additions
// and omissions: that every index was checked before holds for the copy too.
//
// It never builds a tree, never checks the types of operands (the engine's
// compiler does), and never allocates by a count that the module merely
// declares: memory is proportional to the bytes that are there.
package wasm
