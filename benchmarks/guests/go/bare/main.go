//go:build wasip1

// Command bare is the handler of package greet behind the border of bare.h.
package main

import (
	"unsafe"

	"github.com/lambent-dev/lambent/benchmarks/guests/go/greet"
)

//go:wasmimport bench event_read
//go:noescape
func eventRead(to unsafe.Pointer, room uint32) uint32

//go:wasmimport bench response_write
//go:noescape
func responseWrite(from unsafe.Pointer, length uint32)

//go:wasmexport handle
func handle() int32 {
	event := make([]byte, 16384)
	length := eventRead(unsafe.Pointer(unsafe.SliceData(event)), uint32(len(event)))
	if int(length) > len(event) {
		return 1
	}
	response, err := greet.JSON(event[:length])
	if err != nil {
		return 1
	}
	responseWrite(unsafe.Pointer(unsafe.SliceData(response)), uint32(len(response)))
	return 0
}

// main is never called: the module is a reactor.
func main() {}
