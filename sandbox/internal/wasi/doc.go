// Package wasi is WASI preview 1, written once over engine.Memory and so the
// same on every engine: the 46 functions of wasi_snapshot_preview1, and the
// socket functions that WasmEdge added to that module, which are refused.
//
// It denies by default. A guest sees its own arguments and environment, two
// clocks, chance, three standard streams, one folder "/" of a [memfs.FS], and
// the descriptors that the embedding package inserts with [State.Insert].
// There is no host file, no process, no signal and no network.
//
// Every pointer and length is the guest's and may be hostile. A range outside
// the guest's memory is EFAULT before anything else happens; nothing allocates
// by a length the guest gave; a loop over guest bytes stops when the context
// ends. What crosses the border, and work that grows with what a guest asks for,
// is paid for first: see [State.Begin].
//
// The package asks the outside only through [World]; everything else it
// answers is a function of the guest and of [Config]. It knows nothing of
// events, functions or limits on time: see packages abi and sandbox.
package wasi
