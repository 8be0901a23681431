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
// Memories are copy-on-write, and [Memory.Restore] brings one back in about a
// microsecond, by the best method that the system has (see [Supported]):
//
//   - The fault gate. A page becomes a memory's own by a page fault of the thread
//     that writes it. If the thread that alone wrote, from Watch to Settle, saw no
//     fault, only pages that were its own before can have changed: they are
//     copied. It reads one counter twice, 0.3 µs each; a scan takes 1 µs at least.
//   - A scan of the page table for pages of its own, which are copied or, beyond
//     a number, given back (PAGEMAP_SCAN, Linux 6.7).
//   - Giving back all pages (MADV_DONTNEED), and where nothing is mapped
//     copying all of them.
//
// The gate relies on nobody else making pages of a memory private: not another
// thread by writing, not huge pages, which are switched off for every memory, and
// not mlockall or MADV_POPULATE_WRITE after the memory was made, which no part
// of a process that uses this package may call. Memory that was locked before is
// noticed. Whatever a self-test at the first use does not find working is off.
//
// It never checks a module (see package wasm), and compiles and calls nothing.
package image
