package sandbox_test

import (
	"github.com/lambent-dev/lambent/engine"
	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/sandbox"
)

// Phases in which a guest runs, by the export that begins them; start is the
// start function.
const (
	start      = ""
	initialize = "_initialize"
	lambent    = "lambent_init"
	program    = "_start"
)

// inPhase makes a module with code in one phase.
func inPhase(phase string, build func(b *wb.Builder) []byte) []byte {
	var b wb.Builder
	code := build(&b)
	b.Memory(1, wb.NoMax)
	b.ExportMemory()
	i32 := b.Type(nil, wb.Types{wb.I32})
	locals := wb.Types{wb.I32, wb.I32, wb.I64, wb.F64}
	if phase == lambent {
		b.ExportFunc(phase, b.Func(i32, locals, code, wb.I32Const(0)))
	} else {
		f := b.Func(b.Type(nil, nil), locals, code)
		if phase == start {
			b.Start(f)
		} else {
			b.ExportFunc(phase, f)
		}
	}
	if phase != program {
		b.ExportFunc("lambent_handle", b.Func(i32, nil, wb.I32Const(0)))
	}
	return b.Bytes()
}

// phasedModules are hostile before they are asked anything, or as programs.
func phasedModules() []badGuest {
	exit := func(code int32) func(b *wb.Builder) []byte {
		return func(b *wb.Builder) []byte {
			f := b.ImportFunc(preview1, "proc_exit", b.Type(wb.Types{wb.I32}, nil))
			return wb.Cat(wb.I32Const(code), wb.Call(f))
		}
	}
	floods := func(b *wb.Builder) []byte {
		return forever(args(4, 0, 1000), wb.Call(imported(b, ours, "log", "iii")), wb.Drop)
	}
	registers := func(b *wb.Builder) []byte {
		f := imported(b, ours, "register", "ii")
		b.Data(text, []byte("tmp/xxxx"))
		return forever(nextName, args(text, 8), wb.Call(f), wb.Drop)
	}
	waits := func(b *wb.Builder) []byte {
		b.Data(text, clocks(100))
		return forever(args(text, 32768, 100, 16), wb.Call(imported(b, preview1, "poll_oneoff", "iiii")), wb.Drop)
	}
	recursion := func(b *wb.Builder) []byte { return wb.Call(b.Func(b.Type(nil, nil), nil, wb.Call(0))) }
	var rows []badGuest
	for _, p := range []struct{ export, name string }{{start, "start"}, {initialize, "_initialize"}, {lambent, "lambent_init"}} {
		fails := func(name string, want wants, build func(b *wb.Builder) []byte) {
			rows = append(rows, badGuest{name: p.name + " " + name, wasm: inPhase(p.export, build), refused: initFails(want)})
		}
		endless := func(name string, build func(b *wb.Builder) []byte) {
			rows = append(rows, badGuest{name: p.name + " " + name, wasm: inPhase(p.export, build),
				config: sandbox.Config{Limits: sandbox.Limits{Init: shortly}}, refused: initFails(reports(sandbox.TypeTimeout)), message: stopped})
		}
		fails("traps", traps(engine.TrapUnreachable), plain(wb.Unreachable))
		fails("reads outside", traps(engine.TrapMemoryBounds), plain(args(-1), wb.I32Load(1<<32-1), wb.Drop))
		fails("recurses", traps(engine.TrapStackOverflow), recursion)
		fails("exits with 0", reports(sandbox.TypeExit), exit(0))
		fails("exits with 1", reports(sandbox.TypeExit), exit(1))
		endless("spins", looping())
		endless("grows", looping(args(1), wb.MemoryGrow, wb.Drop))
		endless("fills", looping(args(0, 0, 1<<16), wb.MemoryFill))
		endless("logs", floods)
		endless("waits", waits)
		endless("registers handlers", registers)
	}
	ends := func(name string, want wants, build func(b *wb.Builder) []byte) {
		rows = append(rows, badGuest{name: "a program " + name, wasm: inPhase(program, build), fails: want})
	}
	ends("traps", traps(engine.TrapUnreachable), plain(wb.Unreachable))
	ends("exits with 2^32-1", reports(sandbox.TypeExit), exit(-1))
	ends("recurses", traps(engine.TrapStackOverflow), recursion)
	ends("calls itself", traps(engine.TrapStackOverflow), plain(wb.Call(0)))
	// What a program writes to standard output is its response.
	ends("answers without end", reports(sandbox.TypeResponseTooLarge), func(b *wb.Builder) []byte {
		f := imported(b, preview1, "fd_write", "iiii")
		return wb.Cat(args(0, 0), wb.I32Store(0), args(4, 1<<16), wb.I32Store(0),
			wb.Loop(wb.Empty), args(1, 0, 1, 8), wb.Call(f), wb.I32Eqz, wb.BrIf(0), wb.End)
	})
	outside := func(change func(b *wb.Builder)) func(b *wb.Builder) []byte {
		return func(b *wb.Builder) []byte { change(b); return nil }
	}
	for name, offset := range map[string]int32{"at the end": 65533, "far outside": -1} {
		rows = append(rows, badGuest{name: "data " + name, refused: initFails(traps(engine.TrapMemoryBounds)),
			wasm: reactor(1, outside(func(b *wb.Builder) { b.Data(offset, []byte("data")) }))})
	}
	return append(rows,
		stops("a program spins", inPhase(program, looping())),
		stops("a program waits", inPhase(program, waits)),
		// The start function runs when the memory has its data, and before the
		// handler: what it leaves is there.
		stops("a handler that start prepared", reactor(1, func(b *wb.Builder) []byte {
			g := b.Global(wb.I32, true, args(0))
			b.Start(b.Func(b.Type(nil, nil), nil, args(1), wb.GlobalSet(g)))
			return wb.Cat(wb.Loop(wb.Empty), wb.GlobalGet(g), wb.BrIf(0), wb.End)
		})),
	)
}
