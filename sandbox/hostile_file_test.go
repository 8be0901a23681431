package sandbox_test

import (
	"strings"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// The flags of path_open, and where it puts the descriptor.
const (
	create = 1
	folder = 2
	opened = 16
)

// files are the host functions of fillingModules.
type files struct{ open, close, write, pwrite, size, allocate, readdir, mkdir, symlink, rename, unlink, stat uint32 }

func filesOf(b *wb.Builder) files {
	wasi := func(name, params string) uint32 { return imported(b, preview1, name, params) }
	return files{
		open: wasi("path_open", "iiiiillii"), close: wasi("fd_close", "i"), write: wasi("fd_write", "iiii"),
		pwrite: wasi("fd_pwrite", "iiili"), size: wasi("fd_filestat_set_size", "il"), allocate: wasi("fd_allocate", "ill"),
		readdir: wasi("fd_readdir", "iiili"), mkdir: wasi("path_create_directory", "iii"), symlink: wasi("path_symlink", "iiiii"),
		rename: wasi("path_rename", "iiiiii"), unlink: wasi("path_unlink_file", "iii"), stat: wasi("path_filestat_get", "iiiii"),
	}
}

// opens opens the first n bytes at text, with flags, and leaves an errno.
func (f files) opens(n, flags int32) []byte {
	rights := wb.I64Const(0x1fffffff) // all
	if flags&folder != 0 {
		rights = wb.I64Const(1 << 14) // fd_readdir: folders are not written
	}
	return wb.Cat(args(3, 1, text, n, flags), rights, wb.I64Const(0), args(0, opened), wb.Call(f.open))
}

// must traps if an errno is on the stack: then the module is not as hostile as
// it should be.
func must(errno ...[]byte) []byte {
	return wb.Cat(wb.Cat(errno...), wb.If(wb.Empty), wb.Unreachable, wb.End)
}

// fd is the descriptor that was opened last.
var fd = wb.Cat(args(opened), wb.I32Load(0))

// nextName writes another name of four letters to text+4: the lowest bits of
// every byte of local 0 count.
var nextName = wb.Cat(wb.LocalGet(0), args(-0x0f0f0f10), wb.I32Or, args(1), wb.I32Add, wb.LocalTee(0),
	args(0x0f0f0f0f), wb.I32And, args(0x61616161), wb.I32Add, wb.LocalSet(1), args(text+4), wb.LocalGet(1), wb.I32Store(0))

// fillingModules fill /tmp, with what costs the host most.
func fillingModules() []badGuest {
	row := func(name, data string, build func(f files) []byte) badGuest {
		return stops("tmp: "+name, reactor(wide, func(b *wb.Builder) []byte {
			b.Data(text, []byte(data))
			return build(filesOf(b))
		}))
	}
	// file has one, open.
	file := func(name string, build func(f files) []byte) badGuest {
		return row(name, "tmp/f", func(f files) []byte { return wb.Cat(must(f.opens(5, create)), build(f)) })
	}
	const most = 511 * mib // of the 512 MiB that there are
	return []badGuest{
		row("open without end", "tmp/f", func(f files) []byte { return forever(f.opens(5, create), wb.Drop) }),
		row("open and close", "tmp/f", func(f files) []byte { return forever(must(f.opens(5, create)), fd, wb.Call(f.close), wb.Drop) }),
		row("new files without end", "tmp/xxxx", func(f files) []byte {
			return forever(nextName, f.opens(8, create), wb.Drop, fd, wb.Call(f.close), wb.Drop)
		}),
		row("new folders without end", "tmp/xxxx", func(f files) []byte {
			return forever(nextName, args(3, text, 8), wb.Call(f.mkdir), wb.Drop)
		}),
		row("files that are listed, each time one more", "tmp/xxxx", func(f files) []byte {
			return wb.Cat(must(f.opens(3, folder)), args(8), fd, wb.I32Store(0),
				forever(nextName, f.opens(8, create), wb.Drop, fd, wb.Call(f.close), wb.Drop,
					must(args(8), wb.I32Load(0), args(mib, all-mib), wb.I64Const(0), args(12), wb.Call(f.readdir))))
		}),
		row("folders in each other", "tmp/"+strings.Repeat("a/", 2000), func(f files) []byte {
			return wb.Cat(args(5), wb.LocalSet(0), forever(args(3, text), wb.LocalGet(0), wb.Call(f.mkdir), wb.Drop,
				wb.LocalGet(0), args(2), wb.I32Add, wb.LocalTee(0), args(4000), wb.I32GtU, wb.If(wb.Empty), args(5), wb.LocalSet(0), wb.End))
		}),
		row("links to itself", "tmp/a", func(f files) []byte {
			return forever(args(text, 5, 3, text, 5), wb.Call(f.symlink), wb.Drop, f.opens(5, create), wb.Drop)
		}),
		row("names of 4 KiB and dots", "tmp"+strings.Repeat("/../tmp", 580), func(f files) []byte {
			return forever(args(3, 1, text, 3+7*580, mib), wb.Call(f.stat), wb.Drop)
		}),
		row("renamed without end", "tmp/atmp/b", func(f files) []byte {
			return wb.Cat(must(f.opens(5, create)), forever(
				must(args(3, text, 5, 3, text+5, 5), wb.Call(f.rename)), must(args(3, text+5, 5, 3, text, 5), wb.Call(f.rename))))
		}),
		row("removed while it is open", "tmp/f", func(f files) []byte {
			return forever(f.opens(5, create), wb.Drop, fd, wb.I64Const(mib), wb.Call(f.size), wb.Drop, args(3, text, 5), wb.Call(f.unlink), wb.Drop)
		}),
		file("as long as can be, and empty again", func(f files) []byte {
			return forever(must(fd, wb.I64Const(most), wb.Call(f.size)), must(fd, wb.I64Const(0), wb.Call(f.size)))
		}),
		file("2^62 bytes", func(f files) []byte {
			return forever(fd, wb.I64Const(1<<62), wb.Call(f.size), wb.Drop, fd, wb.I64Const(1<<62), wb.I64Const(1<<62), wb.Call(f.allocate), wb.Drop)
		}),
		file("allocated and cut", func(f files) []byte {
			return forever(fd, wb.I64Const(0), wb.I64Const(most), wb.Call(f.allocate), wb.Drop, fd, wb.I64Const(0), wb.Call(f.size), wb.Drop)
		}),
		file("a byte in each page", func(f files) []byte {
			return wb.Cat(args(24, 0), wb.I32Store(0), args(28, 1), wb.I32Store(0), forever(
				fd, args(24, 1), wb.LocalGet(2), args(20), wb.Call(f.pwrite), wb.Drop,
				wb.LocalGet(2), wb.I64Const(4096), wb.I64Add, wb.I64Const(most), wb.Raw(0x83), wb.LocalSet(2)))
		}),
		file("a byte at 2^63-1", func(f files) []byte {
			return wb.Cat(args(24, 0), wb.I32Store(0), args(28, 1), wb.I32Store(0), forever(
				fd, args(24, 1), wb.I64Const(1<<63-1), args(20), wb.Call(f.pwrite), wb.Drop))
		}),
		file("written with all memory", func(f files) []byte {
			return wb.Cat(args(24, 0), wb.I32Store(0), args(28, all), wb.I32Store(0), forever(
				fd, args(24, 1), wb.I64Const(0), args(20), wb.Call(f.pwrite), wb.Drop))
		}),
		file("appended until it is full", func(f files) []byte {
			return wb.Cat(args(24, 0), wb.I32Store(0), args(28, all), wb.I32Store(0), forever(fd, args(24, 1, 20), wb.Call(f.write), wb.Drop))
		}),
	}
}
