// Package engine is the contract between Lambent and a WebAssembly engine: a
// checked [Binary] is compiled by an [Engine] into a [Module], which makes
// [Instance]s, whose imports are answered by a [Host]'s functions.
//
// The contract is small on purpose. Everything a function may see of the
// world (WASI, events, limits, logs) is built above it, once, in package
// sandbox, and works the same on every engine. An engine never reads a file,
// a clock or the environment on behalf of a guest.
//
// No compiler ever sees bytes that [Check] has not accepted: [Engine.Compile]
// takes a *Binary, and Check is the only way to get one. [Engine.Load] takes code
// that was compiled before.
//
// What runs is the module rewritten: it pays for what it executes, and asks a
// [Meter] for more, which is how guests are stopped. An [Instance] can be frozen
// to an [Image], of which others are made that go on from there; their [Restorer]
// brings them back to it after each event. Engines that keep code on disk find it
// again by the digest of the module alone; [Shared] keeps what has the same digest
// in memory once.
//
// Package enginetest holds the suite that every engine passes.
package engine
