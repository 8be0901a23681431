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
// Operations are charged in segments, pieces of code that are executed together
// if nothing traps: see segments.go for the rules, cost.go for the prices. What
// a module is charged depends on the module, its arguments, the answers of its
// host and [Version], never on how much the host grants at a time. A module
// that traps, or catches an exception that a called function threw, may have
// been charged for the rest of the segment where that happened.
//
// Every loop iteration, and every function that has a loop or a call, asks
// whether anything is left. A function that has neither, and costs 64 or less,
// only pays.
//
// It never checks a module (see package wasm), and never decides how much a
// module may use. It does not count the depth of calls.
package meter
