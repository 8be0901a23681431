// Package image brings instances of a module into being without running what
// every instance would run alike, and back to how they began.
//
// [Rewrite] turns a checked module into the module that engines compile: it
// pays for what it executes (package meter), and leaves to the host what a
// module does by itself when it is instantiated, data segments and the start
// function. It also says whether memory and globals are all that an instance
// changes, so that it can be restored in place.
//
// An [Image] is the linear memory of an instance, frozen; a [Memory] is that of
// an instance that runs, and can be restored to the image that it was made of.
//
// It never checks a module (see package wasm), and compiles and calls nothing.
package image
