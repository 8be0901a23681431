// Package toolchain builds functions from source on the machine of whoever
// develops them: [Build] makes a WebAssembly module of a folder, [Zip] packs it
// for deployment.
//
// It runs the compilers that are installed and never brings its own; when one is
// missing or too old, the error says which, what was found, and where to get it.
// What can be built today: Go programs, with the standard Go command.
//
// It runs nothing that it built, and imports nothing but the standard library.
package toolchain
