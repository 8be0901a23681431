// Library is a reactor in plain Go, without an SDK, that ends badly.
package main

import (
	"os"
	"unsafe"
)

//go:wasmimport lambent_v1 event_read
//go:noescape
func eventRead(to unsafe.Pointer, n, off uint32) int32

//go:wasmexport lambent_handle
func handle() int32 {
	var event [16]byte
	n := eventRead(unsafe.Pointer(&event), uint32(len(event)), 0)
	var none *int32
	switch string(event[:n]) {
	case `"panic"`:
		panic("as the event asked")
	case `"nil"`:
		return *none
	case `"index"`:
		return int32(event[n+100])
	case `"exit"`:
		os.Exit(9)
	case `"deadlock"`:
		select {}
	}
	return 0
}

func main() {}
