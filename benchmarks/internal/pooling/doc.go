// Package pooling gives wasmtime's Go package what its C interface has and it
// lacks: the pooling allocator, and instances whose imports were resolved before.
// It reaches into the structs of wasmtime-go v39, whose layout its tests rely on.
package pooling
