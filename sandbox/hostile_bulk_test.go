package sandbox_test

import (
	"bytes"

	"github.com/lambent-dev/lambent/engine"
	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// Of the modules that move much memory.
const (
	mib       = 1 << 20
	gib       = 1 << 30
	gibPages  = gib >> 16
	tableSize = 900_000
)

// bulkModules grow, fill and copy memories and tables.
func bulkModules() []badGuest {
	// large has a memory of 1 GiB and a page; what it does takes long, but ends.
	large := func(name string, parts ...[]byte) badGuest {
		row := stops(name, reactor(gibPages+1, plain(wb.Cat(parts...), forever())))
		row.config.Limits.Memory = 2 * gib
		row.heavy = true
		return row
	}
	// small has 16 MiB.
	small := func(build func(b *wb.Builder) []byte) []byte { return reactor(256, build) }
	passive := func(size int, code ...[]byte) func(b *wb.Builder) []byte {
		return func(b *wb.Builder) []byte {
			b.PassiveData(bytes.Repeat([]byte{7}, size))
			return wb.Cat(code...)
		}
	}
	tabled := func(code ...[]byte) []byte {
		return small(func(b *wb.Builder) []byte {
			b.Table(wb.FuncRef, tableSize, tableSize+1000)
			b.PassiveElem(make([]uint32, 1000)...) // the handler itself
			return wb.Cat(code...)
		})
	}
	null := wb.RefNull(wb.FuncRef)
	return []badGuest{
		stops("grow by 0", small(looping(args(0), wb.MemoryGrow, wb.Drop))),
		stops("grow by 1", small(looping(args(1), wb.MemoryGrow, wb.Drop))),
		stops("grow by 65,536", small(looping(args(65536), wb.MemoryGrow, wb.Drop))),
		stops("grow by 2^32-1", small(looping(args(-1), wb.MemoryGrow, wb.Drop))),
		stops("grow and fill what came", reactor(1, looping(args(1), wb.MemoryGrow, wb.LocalTee(0), wb.I32Const(0), wb.I32GtS, wb.If(wb.Empty),
			wb.LocalGet(0), wb.I32Const(16), wb.I32Shl, args(1, 1<<16), wb.MemoryFill, wb.End))),

		stops("fill of 0", small(looping(args(0, 0, 0), wb.MemoryFill))),
		stops("fill of 64 KiB", small(looping(args(0, 1, 1<<16), wb.MemoryFill))),
		stops("fill of all", small(looping(args(0, 1, 16*mib), wb.MemoryFill))),
		large("fill of 1 GiB", args(0, 1, gib), wb.MemoryFill),
		trapped("fill of 2^32-1", engine.TrapMemoryBounds, small(plain(args(1, 1, -1), wb.MemoryFill))),
		stops("copy of all", small(looping(args(0, 8*mib, 8*mib), wb.MemoryCopy))),
		stops("copy onto itself", small(looping(args(1, 0, 15*mib), wb.MemoryCopy, args(0, 1, 15*mib), wb.MemoryCopy))),
		large("copy of 1 GiB upwards", args(1, 0, gib), wb.MemoryCopy),
		large("copy of 1 GiB downwards", args(0, 1, gib), wb.MemoryCopy),
		trapped("copy from outside", engine.TrapMemoryBounds, small(plain(args(0, 16*mib-1, 2), wb.MemoryCopy))),
		stops("init of 64 KiB", small(passive(1<<16, forever(args(0, 0, 1<<16), wb.MemoryInit(0))))),
		stops("init of 2 MiB", small(passive(2*mib, forever(args(0, 0, 2*mib), wb.MemoryInit(0))))),
		stops("drop without end", small(passive(1<<16, forever(dataDrop(0))))),
		trapped("init after drop", engine.TrapMemoryBounds, small(passive(1<<16, dataDrop(0), args(0, 0, 1), wb.MemoryInit(0)))),
		trapped("long init after drop", engine.TrapMemoryBounds, small(passive(2*mib, dataDrop(0), args(0, 0, 2*mib), wb.MemoryInit(0)))),
		trapped("init of 2^32-1", engine.TrapMemoryBounds, small(passive(2*mib, args(0, 0, -1), wb.MemoryInit(0)))),

		stops("table.grow by 0", tabled(forever(null, args(0), tableGrow(0), wb.Drop))),
		stops("table.grow by 1", tabled(forever(null, args(1), tableGrow(0), wb.Drop))),
		stops("table.grow by 2^32-1", tabled(forever(null, args(-1), tableGrow(0), wb.Drop))),
		stops("table.fill", tabled(forever(args(0), null, args(tableSize), tableFill(0)))),
		stops("table.copy onto itself", tabled(forever(args(1, 0, tableSize-1), tableCopy(0, 0), args(0, 1, tableSize-1), tableCopy(0, 0)))),
		stops("table.init", tabled(forever(args(0, 0, 1000), tableInit(0, 0)))),
		stops("table.get and table.set", tabled(forever(args(0, tableSize-1), tableGet(0), tableSet(0)))),
		trapped("table.get outside", engine.TrapTableBounds, tabled(args(tableSize), tableGet(0), wb.Drop)),
		trapped("table.fill of 2^32-1", engine.TrapTableBounds, tabled(args(1), null, args(-1), tableFill(0))),
		trapped("table.copy from outside", engine.TrapTableBounds, tabled(args(0, tableSize, 1), tableCopy(0, 0))),
		trapped("table.init after elem.drop", engine.TrapTableBounds, tabled(elemDrop(0), args(0, 0, 1), tableInit(0, 0))),
	}
}
