//go:build wasip1

// Command go exports what package work does.
package main

import "github.com/lambent-dev/lambent/benchmarks/meter/guests/go/work"

//go:wasmexport json
func runJSON(times uint32) uint64 { return work.JSON(times) }

//go:wasmexport maps
func runMaps(times uint32) uint64 { return work.Maps(times) }

func main() {} // a reactor
