// Package memfs is the file system that a guest sees: a tree in memory, of
// which only /tmp can be written.
//
//	/            read-only
//	/var/task    read-only, the function's package
//	/opt         read-only, its layers; empty if there are none
//	/etc         read-only, synthetic
//	/dev/null    swallows what is written and is empty
//	/tmp         read-write, one per FS, under a Quota
//
// A [Base] is everything read-only: built once, shared by all instances of a
// function. An [FS] is what one instance sees: a Base and a /tmp that starts
// empty. Making one costs next to nothing and copies nothing.
//
// The operations are those WASI preview 1 needs, with its numbers for errors,
// file types and flags, and POSIX's semantics where preview 1 is silent. They
// trust nothing a guest passes: every path, offset, length and cookie is
// checked here.
//
// The package never touches a file, clock or user of the host, knows no
// links, owners or permissions, and holds no descriptor table: offsets, rights
// and append mode belong to the descriptors of package wasi.
package memfs
