// Command engines compares the engines that Lambent runs guests on, wasmtime and
// wazero, with each other and with native code: programs that compute, handlers in
// a sandbox, calls into and out of a guest, and the first call of a server that
// has just started. The README in the folder above says what the figures mean.
//
//	go run -tags wasmtime ./engines [-rounds n] [-only part,part] [-seed n] [-o results/NAME.json]
//
// It is run in that folder, needs linux/amd64, the Go tool, cgo and clang-14,
// listens on loopback only and ends by itself.
package main
