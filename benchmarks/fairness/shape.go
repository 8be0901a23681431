package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"github.com/lambent-dev/lambent/engine"
	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/sandbox"
)

// shape is a guest that never ends.
type shape struct {
	name string
	wasm []byte
	// fills: it is busy with memory rather than computing, and is compared with
	// native code that is, too.
	fills bool
	// waits: it is idle, so that nobody else has to wait for it.
	waits bool
}

// pages is the memory of each shape: 64 MiB, half of the default limit.
const pages = 1024

const (
	memory = pages << 16
	text   = 1024 // where data lies
)

// module makes a module of one handler, with two i32 as locals. build returns
// its code, after which it does not return.
func module(build func(b *wb.Builder) []byte) []byte {
	var b wb.Builder
	code := build(&b)
	b.Memory(pages, wb.NoMax)
	b.ExportMemory()
	i32 := b.Type(nil, wb.Types{wb.I32})
	b.ExportFunc("lambent_handle", b.Func(i32, wb.Types{wb.I32, wb.I32}, code, wb.Unreachable))
	return b.Bytes()
}

func forever(parts ...[]byte) []byte {
	return wb.Cat(wb.Loop(wb.Empty), wb.Cat(parts...), wb.Br(0), wb.End)
}

// plain is for modules that are nothing but their code.
func plain(parts ...[]byte) func(*wb.Builder) []byte {
	return func(*wb.Builder) []byte { return wb.Cat(parts...) }
}

func constants(values ...int32) []byte {
	var code []byte
	for _, v := range values {
		code = append(code, wb.I32Const(v)...)
	}
	return code
}

// shapes are the guests that are measured.
func shapes() []shape {
	none, i32 := wb.Types(nil), wb.Types{wb.I32}
	return []shape{
		{name: "loop", wasm: module(plain(forever()))},
		{name: "br_table", wasm: module(plain(
			wb.Loop(wb.Empty), wb.Loop(wb.Empty), wb.Loop(wb.Empty),
			wb.LocalGet(0), constants(1), wb.I32Add, wb.LocalTee(0), constants(3), wb.I32And, wb.BrTable(2, 0, 1, 2),
			wb.End, wb.End, wb.End))},
		{name: "tree of calls", wasm: module(func(b *wb.Builder) []byte {
			down := wb.Cat(wb.LocalGet(0), constants(1), wb.I32Sub, wb.Call(0))
			return wb.Cat(constants(60), wb.Call(b.Func(b.Type(i32, none), nil, wb.LocalGet(0), wb.If(wb.Empty), down, down, wb.End)))
		})},
		{name: "tail calls", wasm: module(func(b *wb.Builder) []byte {
			b.Func(b.Type(none, none), nil, wb.ReturnCall(1))
			return wb.Call(b.Func(b.Type(none, none), nil, wb.ReturnCall(0)))
		})},
		{name: "indirect tail calls", wasm: module(func(b *wb.Builder) []byte {
			typ := b.Type(none, none)
			b.Table(wb.FuncRef, 3, 3)
			for i := range int32(3) {
				b.Func(typ, nil, constants((i+1)%3), wb.Raw(0x13), wb.Uint(uint64(typ)), wb.Uint(0)) // return_call_indirect
			}
			b.Elem(0, 0, 1, 2)
			return wb.Call(0)
		})},
		{name: "a loop that hands on 900 values", wasm: module(func(b *wb.Builder) []byte {
			many := b.Type(slices.Repeat(wb.Types{wb.I64}, 900), none)
			return wb.Cat(slices.Repeat(wb.I64Const(1), 900), wb.Raw(0x03), wb.Int(int64(many)), wb.I64Const(2), wb.Br(0), wb.End)
		})},
		{name: "memory.grow by 0", wasm: module(plain(forever(constants(0), wb.MemoryGrow, wb.Drop)))},
		{name: "memory.fill of 64 KiB", fills: true, wasm: module(plain(forever(constants(0, 1, 1<<16), wb.MemoryFill)))},
		{name: "memory.fill of all", fills: true, wasm: module(plain(forever(constants(0, 1, memory), wb.MemoryFill)))},
		{name: "memory.copy of all", fills: true, wasm: module(plain(forever(constants(1, 0, memory-1), wb.MemoryCopy)))},
		{name: "a store to each page", fills: true, wasm: module(plain(forever(wb.LocalGet(0), constants(1), wb.I32Store8(0),
			wb.LocalGet(0), constants(4096), wb.I32Add, constants(memory-1), wb.I32And, wb.LocalSet(0))))},
		{name: "random_get of all", fills: true, wasm: module(calling("wasi_snapshot_preview1", "random_get", nil, 0, memory))},
		{name: "log of an empty line", wasm: module(calling("lambent_v1", "log", nil, 4, 0, 0))},
		{name: "response_error of 200 KiB", wasm: module(calling("lambent_v1", "response_error", object(200<<10), text, 200<<10))},
		{name: "poll_oneoff of 1,000 clocks", waits: true, wasm: module(calling("wasi_snapshot_preview1", "poll_oneoff", clocks(1000), text, memory/2, 1000, 16))},
	}
}

// calling calls a host function of i32 forever.
func calling(from, name string, data []byte, args ...int32) func(b *wb.Builder) []byte {
	return func(b *wb.Builder) []byte {
		f := b.ImportFunc(from, name, b.Type(slices.Repeat(wb.Types{wb.I32}, len(args)), wb.Types{wb.I32}))
		if data != nil {
			b.Data(text, data)
		}
		return forever(constants(args...), wb.Call(f), wb.Drop)
	}
}

// object is a JSON object of so many bytes.
func object(size int) []byte {
	return fmt.Appendf(nil, `{"a":"%s"}`, bytes.Repeat([]byte("x"), size-len(`{"a":""}`)))
}

// clocks are subscriptions to the monotonic clock, due in 292 years.
func clocks(n int) []byte {
	one := make([]byte, 48)
	one[16] = 1
	binary.LittleEndian.PutUint64(one[24:], 1<<63-1)
	return bytes.Repeat(one, n)
}

// box makes a Sandbox of the shape.
func (s *shape) box(ctx context.Context, eng engine.Engine, limit time.Duration) (*sandbox.Sandbox, error) {
	// The limits of both phases: none is to begin late because the machine is busy.
	b, err := sandbox.New(ctx, eng, s.wasm, sandbox.Config{Limits: sandbox.Limits{Time: limit, Init: time.Hour}})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.name, err)
	}
	return b, nil
}
