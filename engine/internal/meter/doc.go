// Package meter rewrites a module so that it pays for what it executes, and
// asks its host for more when it has nothing left. The bill, the timeout and
// cancellation hang on that one question.
//
// The rewritten module imports [ImportName] of [ImportModule], a function
// (i64) -> (i64): it gets what is left, below 0 if too much was spent, and
// returns what the module goes on with, at least 0; or it stops the module by
// trapping. It is also asked between the pieces of a long memory.fill,
// memory.copy or memory.init, then mostly with more than 0 left. What is left
// is the global exported as [Global], 0 at first, so that a start function asks
// before it runs. granted − left = used.
//
// It also imports [OverflowName] of that module, a function () -> () that it
// calls when its frames would exceed [StackLimit], and that does not return.
// What is left of the stack, in bytes, is the global exported as [StackGlobal].
// It is as it was at first whenever the outermost call has returned; nothing is
// said of it after a trap, which is the end of an instance.
//
// Operations are charged in segments, pieces of code that are executed together
// if nothing traps: see segments.go for the rules, cost.go for the prices. What
// a module is charged depends on the module, its arguments, the answers of its
// host and [Version], never on how much the host grants at a time, nor on the
// engine. A module that traps, or catches an exception that a called function
// threw, may have been charged for the rest of the segment where that happened:
// for more than it executed, never for less.
//
// Every loop iteration, and every function that has a loop or a call, asks
// whether anything is left. A function that has neither, and costs 64 or less,
// only pays; so does a memory.fill or memory.copy of 4,096 bytes or less. Asking
// is put out of the way of the code, and in loops that call nothing a local holds
// what is left beside the global: see loops.go.
//
// Calls are counted in frames, of functions that call: see stack.go. A guest
// reaches the same depth on every engine whose own stack is larger. wazero's is
// for StackLimit; its interpreter's, of 2,000 frames, is not.
//
// It never checks a module (see package wasm), and never decides how much a
// module may use.
package meter
