package sandbox_test

import (
	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// A guest of scripts. Its event is a JSON string of deeds, each a letter and four
// characters that choose where and what; see scriptDeeds. The deed "?" answers
// everything that a guest can find out about what was left for it.
const (
	scriptPages  = 16
	scriptCanary = 0x2159_5241_4e41_43 // "CANARY!"

	// What lies in the first page, where scripts come to and canaries do not.
	scriptText   = 0x100 // "CANARY!"
	scriptObject = 0x120 // {"errorType":"CANARY!"}
	scriptVector = 0x140 // iovec of scriptText
	scriptTmp    = 0x150 // "tmp"
	scriptFile   = 0x158 // "tmp/CANARY!"
	scriptName   = 0x168 // "slow"
	scriptSleep  = 0x180 // a subscription to the monotonic clock: 1 ns
	scriptRoom   = 0x200 // results
	scriptEvent  = 0x1000
	scriptEnd    = 0x10000
)

// scriptGuest makes the module.
func scriptGuest() []byte {
	g := &scripts{calls: make(map[string]uint32)}
	b := &g.b
	i32 := wb.Types{wb.I32}
	imports := func(module string, list map[string]wb.Types) {
		for name, params := range list {
			g.calls[name] = b.ImportFunc(module, name, b.Type(params, i32))
		}
	}
	const w, l = wb.I32, wb.I64
	imports("lambent_v1", map[string]wb.Types{
		"event_read": {w, w, w}, "response_write": {w, w}, "response_meta": {w, w}, "response_error": {w, w},
		"log": {w, w, w}, "register": {w, w}, "call": {w, w, w, w}, "ctx_get": {w, w, w, w},
	})
	imports("wasi_snapshot_preview1", map[string]wb.Types{
		"fd_write": {w, w, w, w}, "fd_close": {w}, "fd_renumber": {w, w}, "fd_fdstat_get": {w, w}, "fd_fdstat_set_flags": {w, w},
		"fd_fdstat_set_rights": {w, l, l}, "fd_filestat_get": {w, w}, "fd_prestat_get": {w, w}, "fd_readdir": {w, w, w, l, w},
		"fd_read": {w, w, w, w}, "path_open": {w, w, w, w, w, l, l, w, w}, "path_filestat_get": {w, w, w, w, w},
		"path_filestat_set_times": {w, w, w, w, l, l, w}, "poll_oneoff": {w, w, w, w}, "random_get": {w, w},
		"environ_get": {w, w}, "environ_sizes_get": {w, w}, "clock_time_get": {w, l, w},
	})
	g.exit = b.ImportFunc("wasi_snapshot_preview1", "proc_exit", b.Type(wb.Types{wb.I32}, nil))
	b.Memory(scriptPages, scriptPages+8)
	b.ExportMemory()
	b.Data(scriptText, []byte("CANARY!"))
	b.Data(scriptObject, []byte(`{"errorType":"CANARY!"}`))
	b.Data(scriptVector, []byte{0, 1, 0, 0, 7, 0, 0, 0}) // scriptText
	b.Data(scriptTmp, []byte("tmp"))
	b.Data(scriptFile, []byte("tmp/CANARY!"))
	b.Data(scriptName, []byte("slow"))
	b.Data(scriptSleep+16, []byte{1, 0, 0, 0, 0, 0, 0, 0, 1})
	b.Data(scriptEnd+5000, []byte("what the module has in memory"))
	g.global = b.Global(wb.I64, true, wb.I64Const(0))
	g.recurse = uint32(len(g.calls) + 1)
	b.Func(b.Type(i32, nil), nil, wb.LocalGet(0), wb.If(wb.Empty), wb.LocalGet(0), wb.I32Const(1), wb.I32Sub, wb.Call(g.recurse), wb.End)

	var deeds []byte
	for letter, code := range g.deeds() {
		deeds = append(deeds, wb.Cat(wb.LocalGet(1), wb.I32Const(letter), wb.I32Eq, wb.If(wb.Empty), code, wb.End)...)
	}
	b.ExportFunc("lambent_handle", b.Func(b.Type(nil, i32), wb.Types{wb.I32, wb.I32, wb.I32, wb.I32},
		wb.I32Const(scriptEvent), wb.I32Const(0x8000), wb.I32Const(0), g.call("event_read"), wb.Drop,
		wb.I32Const(scriptEvent+1), wb.LocalSet(0),
		wb.Loop(wb.Empty),
		wb.LocalGet(0), wb.I32Load8U(0), wb.LocalSet(1),
		wb.LocalGet(0), wb.I32Load(1), wb.LocalSet(2),
		deeds,
		wb.LocalGet(0), wb.I32Const(5), wb.I32Add, wb.LocalSet(0),
		wb.LocalGet(1), wb.I32Const('"'), wb.I32Ne, wb.BrIf(0),
		wb.End, wb.I32Const(0)))
	return b.Bytes()
}

// scripts makes the code of deeds. Local 2 holds their four characters.
type scripts struct {
	b                     wb.Builder
	calls                 map[string]uint32
	exit, global, recurse uint32
}

func (g *scripts) call(name string) []byte { return wb.Call(g.calls[name]) }

// numbers are constants.
func numbers(list ...int32) (code []byte) {
	for _, n := range list {
		code = append(code, wb.I32Const(n)...)
	}
	return code
}

// scriptLetters are the deeds that only leave something, scriptEnds those that
// also end the event before its time.
const (
	scriptLetters = "sfgGweocrRFmpCSnulkE"
	scriptEnds    = "xTXQL"
)

func (g *scripts) deeds() map[int32][]byte {
	// A place beyond the first page, and the descriptor 0 to 7 that is chosen.
	hash := wb.Cat(wb.LocalGet(2), wb.I32Const(-1640531535), wb.I32Mul, wb.I32Const(8), wb.I32ShrU)
	at := wb.Cat(hash, wb.I32Const((scriptPages-1)*scriptEnd-60_000), wb.Raw(0x70), wb.I32Const(scriptEnd), wb.I32Add, wb.I32Const(-8), wb.I32And) // i32.rem_u
	fd := wb.Cat(hash, wb.I32Const(7), wb.I32And)
	text := numbers(scriptText, 7)
	return map[int32][]byte{
		's': wb.Cat(at, wb.I64Const(scriptCanary), wb.I64Store(0)),
		'f': wb.Cat(at, hash, wb.I32Const(30_000), wb.MemoryFill, at, wb.I64Const(scriptCanary), wb.I64Store(29_000)),
		'g': wb.Cat(wb.I32Const(1), wb.MemoryGrow, wb.Drop, wb.MemorySize, wb.I32Const(16), wb.I32Shl, wb.I32Const(8), wb.I32Sub, wb.I64Const(scriptCanary), wb.I64Store(0)),
		'G': wb.Cat(wb.I64Const(scriptCanary), wb.GlobalSet(g.global)),
		'w': wb.Cat(numbers(1, scriptVector, 1, scriptRoom), g.call("fd_write"), wb.Drop),
		'e': wb.Cat(numbers(2, scriptVector, 1, scriptRoom), g.call("fd_write"), wb.Drop),
		'o': wb.Cat(numbers(3, 0, scriptFile, 11, 1), wb.I64Const(-1), wb.I64Const(-1), numbers(0, scriptRoom), g.call("path_open"), wb.Drop,
			wb.I32Const(scriptRoom), wb.I32Load(0), numbers(scriptVector, 1, scriptRoom), g.call("fd_write"), wb.Drop),
		'c': wb.Cat(fd, g.call("fd_close"), wb.Drop),
		'r': wb.Cat(fd, wb.LocalGet(2), wb.I32Const(3), wb.I32And, g.call("fd_renumber"), wb.Drop),
		'R': wb.Cat(fd, wb.I64Const(0), wb.I64Const(0), g.call("fd_fdstat_set_rights"), wb.Drop),
		'F': wb.Cat(fd, wb.I32Const(5), g.call("fd_fdstat_set_flags"), wb.Drop),
		'm': wb.Cat(numbers(scriptObject, 23), g.call("response_meta"), wb.Drop),
		'p': wb.Cat(text, g.call("response_write"), wb.Drop),
		'C': wb.Cat(numbers(scriptName, 4), text, g.call("call"), wb.Drop),
		'S': wb.Cat(numbers(scriptSleep, scriptRoom, 1, scriptRoom+64), g.call("poll_oneoff"), wb.Drop),
		'n': wb.Cat(at, wb.I32Const(5000), g.call("random_get"), wb.Drop),
		'u': wb.Cat(numbers(3, 0, scriptTmp, 3), wb.I64Const(scriptCanary), wb.I64Const(scriptCanary), wb.I32Const(5), g.call("path_filestat_set_times"), wb.Drop),
		'l': wb.Cat(wb.I32Const(2), text, g.call("log"), wb.Drop),
		'E': wb.Cat(numbers(scriptRoom, scriptRoom+4), g.call("environ_sizes_get"), wb.Drop),
		'k': wb.Cat(text, g.call("register"), wb.Drop),

		'x': wb.Cat(numbers(scriptObject, 23), g.call("response_error"), wb.Drop, wb.I32Const(1), wb.Return),
		'T': wb.Unreachable,
		'X': wb.Cat(wb.I32Const(7), wb.Call(g.exit)),
		'Q': wb.Cat(wb.I32Const(1<<30), wb.Call(g.recurse)),
		'L': wb.Cat(wb.Loop(wb.Empty), wb.Br(0), wb.End),

		'?': g.look(),
	}
}

// look answers what a guest can find out, piece by piece.
func (g *scripts) look() (code []byte) {
	// report answers what a call returned and the n bytes that it wrote.
	report := func(n int32, call ...[]byte) {
		code = append(code, wb.Cat(wb.I32Const(scriptRoom), wb.I32Const(0), wb.I32Const(n+4), wb.MemoryFill,
			wb.I32Const(scriptRoom), wb.Cat(call...), wb.I32Store(0),
			numbers(scriptRoom, n+4), g.call("response_write"), wb.Drop)...)
	}
	const result = scriptRoom + 4
	// All of memory: how many words are the canary, and a sum.
	report(0, numbers(0, 0, 0), wb.LocalSet(1), wb.LocalSet(2), wb.LocalSet(3), wb.Loop(wb.Empty),
		wb.LocalGet(1), wb.LocalGet(2), wb.I64Load(0), wb.I64Const(scriptCanary), wb.Raw(0x51), wb.I32Add, wb.LocalSet(1), // i64.eq
		wb.LocalGet(3), wb.I32Const(31), wb.I32Mul, wb.LocalGet(2), wb.I32Load(0), wb.I32Add, wb.LocalGet(2), wb.I32Load(4), wb.I32Add, wb.LocalSet(3),
		wb.LocalGet(2), wb.I32Const(8), wb.I32Add, wb.LocalTee(2), wb.MemorySize, wb.I32Const(16), wb.I32Shl, wb.I32LtU, wb.BrIf(0),
		wb.End, wb.LocalGet(1))
	report(0, wb.LocalGet(3))
	report(0, wb.MemorySize)
	report(0, wb.GlobalGet(g.global), wb.I32WrapI64)
	for fd := range int32(9) {
		report(24, numbers(fd, result), g.call("fd_fdstat_get"))
		report(64, numbers(fd, result), g.call("fd_filestat_get"))
		report(8, numbers(fd, result), g.call("fd_prestat_get"))
	}
	report(0, numbers(0, scriptVector+8, 1, scriptRoom), g.call("fd_read"))
	report(64, numbers(3, 0, scriptTmp, 3, result), g.call("path_filestat_get"))
	report(4, numbers(3, 0, scriptTmp, 3, 2), wb.I64Const(-1), wb.I64Const(-1), numbers(0, result), g.call("path_open"))
	report(256, numbers(4, result, 250), wb.I64Const(0), wb.I32Const(result+252), g.call("fd_readdir"))
	report(8, numbers(result, result+4), g.call("environ_sizes_get"))
	report(2048, numbers(result, result+256), g.call("environ_get"))
	report(8, wb.I32Const(1), wb.I64Const(0), wb.I32Const(result), g.call("clock_time_get"))
	report(0, numbers(scriptText, 7), g.call("register"))
	report(0, numbers(scriptName, 4, scriptText, 7), g.call("call"))
	return code
}
