//go:build wasip1

// Command extism is the handler of package greet as an Extism plugin, on the
// imports of extism.h.
package main

import (
	"encoding/binary"

	"github.com/lambent-dev/lambent/benchmarks/guests/go/greet"
)

//go:wasmimport extism:host/env input_length
func inputLength() uint64

//go:wasmimport extism:host/env input_load_u8
func inputLoad8(offset uint64) uint32

//go:wasmimport extism:host/env input_load_u64
func inputLoad64(offset uint64) uint64

//go:wasmimport extism:host/env alloc
func alloc(length uint64) uint64

//go:wasmimport extism:host/env store_u8
func store8(at uint64, value uint32)

//go:wasmimport extism:host/env store_u64
func store64(at, value uint64)

//go:wasmimport extism:host/env output_set
func outputSet(at, length uint64)

//go:wasmexport handle
func handle() int32 {
	response, err := greet.JSON(readEvent())
	if err != nil {
		return 1
	}
	writeResponse(response)
	return 0
}

func readEvent() []byte {
	event := make([]byte, inputLength())
	i := 0
	for ; len(event)-i >= 8; i += 8 {
		binary.LittleEndian.PutUint64(event[i:], inputLoad64(uint64(i)))
	}
	for ; i < len(event); i++ {
		event[i] = byte(inputLoad8(uint64(i)))
	}
	return event
}

func writeResponse(response []byte) {
	at := alloc(uint64(len(response)))
	i := 0
	for ; len(response)-i >= 8; i += 8 {
		store64(at+uint64(i), binary.LittleEndian.Uint64(response[i:]))
	}
	for ; i < len(response); i++ {
		store8(at+uint64(i), uint32(response[i]))
	}
	outputSet(at, uint64(len(response)))
}

// main is never called: the module is a reactor.
func main() {}
