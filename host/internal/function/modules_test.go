package function_test

import wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"

// startTraps is a reactor whose start function traps.
func startTraps() []byte {
	var b wb.Builder
	b.Memory(1, 1)
	b.ExportMemory()
	b.Start(b.Func(b.Type(nil, nil), nil, wb.Unreachable))
	b.ExportFunc("lambent_handle", b.Func(b.Type(nil, wb.Types{wb.I32}), nil, wb.I32Const(0)))
	return b.Bytes()
}

// importing is a reactor that imports a function which nobody offers.
func importing(name string) []byte {
	var b wb.Builder
	b.ImportFunc("env", name, b.Type(nil, nil))
	b.Memory(1, 1)
	b.ExportMemory()
	b.ExportFunc("lambent_handle", b.Func(b.Type(nil, wb.Types{wb.I32}), nil, wb.I32Const(0)))
	return b.Bytes()
}

// constant is a reactor that answers text, whatever the event.
func constant(text string) []byte {
	var b wb.Builder
	i32 := wb.Types{wb.I32}
	respond := b.ImportFunc("lambent_v1", "response_write", b.Type(wb.Types{wb.I32, wb.I32}, i32))
	b.Memory(1, 1)
	b.ExportMemory()
	b.Data(0, []byte(text))
	b.ExportFunc("lambent_handle", b.Func(b.Type(nil, i32), nil,
		wb.I32Const(0), wb.I32Const(int32(len(text))), wb.Call(respond), wb.Drop, wb.I32Const(0)))
	return b.Bytes()
}
