package host_test

import wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"

// comparing is a program that answers 1 if 0 is less than the conjunction of the
// event's first byte with itself, as it is for every event, and else 0. For wazero's
// compiler, left to itself, it is for none.
func comparing() []byte {
	const event, size = 64, 32
	var b wb.Builder
	four := wb.Types{wb.I32, wb.I32, wb.I32, wb.I32}
	stream := b.Type(four, wb.Types{wb.I32})
	read := b.ImportFunc("wasi_snapshot_preview1", "fd_read", stream)
	write := b.ImportFunc("wasi_snapshot_preview1", "fd_write", stream)
	b.Memory(1, 1)
	b.ExportMemory()
	b.Data(0, []byte{event, 0, 0, 0, size, 0, 0, 0}) // where the event goes
	b.Data(8, []byte{16, 0, 0, 0, 1, 0, 0, 0})       // where the answer is
	b.ExportFunc("_start", b.Func(b.Type(nil, nil), wb.Types{wb.I32},
		wb.I32Const(0), wb.I32Const(0), wb.I32Const(1), wb.I32Const(24), wb.Call(read), wb.Drop,
		wb.I32Const(0), wb.I32Load8U(event), wb.LocalSet(0),
		wb.I32Const(16),
		wb.I32Const(0), wb.LocalGet(0), wb.LocalGet(0), wb.I32And, wb.I32LtS,
		wb.If(wb.I32), wb.I32Const('1'), wb.Else, wb.I32Const('0'), wb.End,
		wb.I32Store8(0),
		wb.I32Const(1), wb.I32Const(8), wb.I32Const(1), wb.I32Const(24), wb.Call(write), wb.Drop))
	return b.Bytes()
}

// asking is a program that answers with a digit that the clock and randomness decide.
func asking() []byte {
	var b wb.Builder
	i32 := wb.Types{wb.I32}
	random := b.ImportFunc("wasi_snapshot_preview1", "random_get", b.Type(wb.Types{wb.I32, wb.I32}, i32))
	clock := b.ImportFunc("wasi_snapshot_preview1", "clock_time_get", b.Type(wb.Types{wb.I32, wb.I64, wb.I32}, i32))
	write := b.ImportFunc("wasi_snapshot_preview1", "fd_write", b.Type(wb.Types{wb.I32, wb.I32, wb.I32, wb.I32}, i32))
	b.Memory(1, 1)
	b.ExportMemory()
	b.Data(8, []byte{16, 0, 0, 0, 1, 0, 0, 0})
	b.ExportFunc("_start", b.Func(b.Type(nil, nil), nil,
		wb.I32Const(64), wb.I32Const(4096), wb.Call(random), wb.Drop,
		wb.I32Const(0), wb.I64Const(0), wb.I32Const(40), wb.Call(clock), wb.Drop,
		wb.I32Const(16),
		wb.I32Const(0), wb.I32Load8U(64), wb.I32Const(0), wb.I32Load8U(41), wb.I32Add, wb.I32Const(7), wb.I32And, wb.I32Const('1'), wb.I32Add,
		wb.I32Store8(0),
		wb.I32Const(1), wb.I32Const(8), wb.I32Const(1), wb.I32Const(24), wb.Call(write), wb.Drop))
	return b.Bytes()
}
