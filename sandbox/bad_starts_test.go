package sandbox_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lambent-dev/lambent/engine"
	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/sandbox"
)

// badStarts fail while their first instance is made ready.
func badStarts() []badGuest {
	i32 := wb.Types{wb.I32}
	// initial has code in one of the functions of the init phase.
	initial := func(export string, results wb.Types, code func(f imports) [][]byte) []byte {
		b, f := handlerParts(`{"errorType":"Guest.Init","errorMessage":"no"}`)
		b.Memory(1, 4)
		b.ExportFunc("lambent_handle", b.Func(b.Type(nil, i32), nil, wb.I32Const(0)))
		start := b.Func(b.Type(nil, results), nil, code(f)...)
		if export == "" {
			b.Start(start)
		} else {
			b.ExportFunc(export, start)
		}
		return b.Bytes()
	}
	soon := sandbox.Config{Limits: sandbox.Limits{Init: briefly}}
	const late = "Error: Task timed out after 0.05 seconds in its init phase; init_timeout in lambent.json says how long that may take"
	memory := func(pages int64) []byte {
		var b wb.Builder
		b.Memory(pages, wb.NoMax)
		b.ExportMemory()
		b.ExportFunc("lambent_handle", b.Func(b.Type(nil, i32), nil, wb.I32Const(0)))
		return b.Bytes()
	}
	outside := func() []byte {
		b, _ := handlerParts("")
		b.Memory(1, 1)
		b.Data(65530, []byte("more than six"))
		b.ExportFunc("lambent_handle", b.Func(b.Type(nil, i32), nil, wb.I32Const(0)))
		return b.Bytes()
	}
	return []badGuest{
		{name: "initial memory over the limit", wasm: memory(17), config: sandbox.Config{Limits: sandbox.Limits{Memory: 1 << 20}},
			refused: is(engine.ErrMemoryLimit), message: "1114112 bytes, allowed are 1048576"},
		{name: "initial memory at the limit", wasm: memory(16), config: sandbox.Config{Limits: sandbox.Limits{Memory: 1 << 20}}},
		{name: "initial memory of 4 GiB", wasm: memory(65536), refused: is(engine.ErrMemoryLimit)},
		{name: "data outside of memory", wasm: outside(), refused: initFails(traps(engine.TrapMemoryBounds))},
		{name: "start function traps", wasm: initial("", nil, code(wb.Unreachable)), refused: initFails(traps(engine.TrapUnreachable)), message: "init: Runtime.Trap"},
		{name: "start function never ends", wasm: initial("", nil, code(forever())), config: soon, refused: initFails(reports(sandbox.TypeTimeout)), message: late},
		{name: "start function exits", wasm: initial("", nil, func(f imports) [][]byte { return [][]byte{wb.I32Const(3), wb.Call(f["proc_exit"])} }),
			refused: initFails(reports(sandbox.TypeExit)), message: "exit status 3"},
		{name: "_initialize never ends", wasm: initial("_initialize", nil, code(forever())), config: soon, refused: initFails(reports(sandbox.TypeTimeout)), message: late},
		{name: "lambent_init never ends", wasm: initial("lambent_init", i32, code(forever(), wb.I32Const(0))), config: soon, refused: initFails(reports(sandbox.TypeTimeout)), message: late},
		{name: "lambent_init in the manifest's time", wasm: initial("lambent_init", i32, code(forever(), wb.I32Const(0))),
			config: sandbox.Config{Manifest: sandbox.Manifest{InitTimeout: 0.05}}, refused: initFails(reports(sandbox.TypeTimeout)), message: late},
		{name: "lambent_init returns 1", wasm: initial("lambent_init", i32, code(wb.I32Const(1))),
			refused: initFails(reports(sandbox.TypeBadExit)), message: "lambent_init returned 1"},
		{name: "lambent_init returns -1", wasm: initial("lambent_init", i32, code(wb.I32Const(-1))), refused: initFails(reports(sandbox.TypeBadExit)), message: "lambent_init returned -1"},
		{name: "lambent_init reports", wasm: initial("lambent_init", i32, func(f imports) [][]byte {
			return [][]byte{say(f["response_error"], 46), wb.I32Const(1)}
		}), refused: initFails(reports("Guest.Init")), message: "init: Guest.Init: no"},
	}
}

// badConfigs cannot be met, whatever the guest.
func badConfigs(t *testing.T) []badGuest {
	tiny := guest(t, "c/tiny")
	refuse := func(name, message string, config sandbox.Config) badGuest {
		return badGuest{name: "config: " + name, wasm: tiny, config: config, refused: is(sandbox.ErrConfig), message: message}
	}
	nothing := func(context.Context, []byte) ([]byte, error) { return nil, nil }
	return []badGuest{
		refuse("reserved variable", "Env: AWS_REGION is reserved", sandbox.Config{Env: map[string]string{"AWS_REGION": "here"}}),
		refuse("our variable", "Env: LAMBENT_X is reserved", sandbox.Config{Env: map[string]string{"LAMBENT_X": "1"}}),
		refuse("network", "Policy.Dial", sandbox.Config{Policy: sandbox.Policy{Dial: []string{"0.0.0.0/0:443"}}}),
		refuse("negative time", "Limits.Time is -1ns", sandbox.Config{Limits: sandbox.Limits{Time: -1}}),
		refuse("negative response", "Limits.Response is -1", sandbox.Config{Limits: sandbox.Limits{Response: -1}}),
		refuse("negative tmp", "Limits.Tmp is -1", sandbox.Config{Limits: sandbox.Limits{Tmp: -1}}),
		refuse("nameless call", "Calls", sandbox.Config{Calls: sandbox.Calls{"": nothing}}),
		refuse("call of nothing", `Calls: "price"`, sandbox.Config{Calls: sandbox.Calls{"price": nil}}),
		refuse("model of the future", `model "interpreter" is not supported yet`, sandbox.Config{Manifest: sandbox.Manifest{Model: "interpreter"}}),
		refuse("warmup that is not there", `warmup "event.json"`, sandbox.Config{Manifest: sandbox.Manifest{Warmup: "event.json"}, Files: fstest.MapFS{}}),
		refuse("warmup that is not JSON", `warmup "event.json"`, sandbox.Config{Manifest: sandbox.Manifest{Warmup: "event.json"}, Files: fstest.MapFS{"event.json": {Data: []byte("{")}}}),
		refuse("files that no guest could name", "Files", sandbox.Config{Files: fstest.MapFS{strings.Repeat("n", 300): {}}}),
	}
}
