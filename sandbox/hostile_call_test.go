package sandbox_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"slices"
	"strings"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/sandbox"
)

// imported is a host function with parameters as letters, i for i32 and l for
// i64, and an i32 as result.
func imported(b *wb.Builder, module, name, params string) uint32 {
	var types wb.Types
	for _, p := range params {
		types = append(types, map[rune]byte{'i': wb.I32, 'l': wb.I64}[p])
	}
	return b.ImportFunc(module, name, b.Type(types, wb.Types{wb.I32}))
}

const (
	ours     = "lambent_v1"
	preview1 = "wasi_snapshot_preview1"
)

// wide is the memory of modules that call the host, in pages: 125 MiB.
const wide = 2000

const all = wide << 16 // in bytes

// callsOn calls one host function forever, with the same arguments. data lies at
// text.
func callsOn(name, module, function, params string, data []byte, args ...[]byte) badGuest {
	return stops(name, reactor(wide, func(b *wb.Builder) []byte {
		if len(data) > 0 {
			b.Data(text, data)
		}
		return forever(wb.Cat(args...), wb.Call(imported(b, module, function, params)), wb.Drop)
	}))
}

// buffers is a list of n buffers, each of size bytes at 1 MiB.
func buffers(n int, size uint32) []byte {
	one := binary.LittleEndian.AppendUint32(nil, mib)
	return bytes.Repeat(binary.LittleEndian.AppendUint32(one, size), n)
}

// clocks is n subscriptions to the monotonic clock, due in 292 years.
func clocks(n int) []byte {
	one := make([]byte, 48)
	one[16] = 1
	binary.LittleEndian.PutUint64(one[24:], 1<<63-1)
	return bytes.Repeat(one, n)
}

// streams is n subscriptions to write to standard output.
func streams(n int) []byte {
	one := make([]byte, 48)
	one[8], one[16] = 2, 1
	return bytes.Repeat(one, n)
}

// callingModules ask the host for more than it should do.
func callingModules() []badGuest {
	const outOfMemory = all + 1
	poll := func(name string, subscriptions []byte) badGuest {
		return callsOn(name, preview1, "poll_oneoff", "iiii", subscriptions, args(text, mib, int32(len(subscriptions)/48), 16))
	}
	deep := `{"a":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `}`
	object := func(name, function string, size int) badGuest {
		data := `{"a":"` + strings.Repeat("x", size-8) + `"}`
		return callsOn(name, ours, function, "ii", []byte(data), args(text, int32(len(data))))
	}
	// never is a function of the embedder that ends with its invocation.
	never := func(ctx context.Context, _ []byte) ([]byte, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	large := func(context.Context, []byte) ([]byte, error) { return make([]byte, sandbox.DefaultCallBytes), nil }
	calls := sandbox.Calls{"never": never, "large": large}
	embedder := func(row badGuest) badGuest {
		row.config.Calls = calls
		return row
	}
	rows := []badGuest{
		callsOn("host: random_get of all memory", preview1, "random_get", "ii", nil, args(0, all)),
		callsOn("host: random_get outside", preview1, "random_get", "ii", nil, args(1, all)),
		callsOn("host: fd_write of 1,024 MiB", preview1, "fd_write", "iiii", buffers(1024, mib), args(1, text, 1024, 16)),
		callsOn("host: fd_write of 1,024 nothings", preview1, "fd_write", "iiii", buffers(1024, 0), args(1, text, 1024, 16)),
		callsOn("host: fd_write of line ends", preview1, "fd_write", "iiii", slices.Concat(buffers(1, 4096), nil), args(2, text, 1, 16)),
		callsOn("host: fd_write of 2^29 buffers", preview1, "fd_write", "iiii", nil, args(1, 0, 1<<29, 16)),
		callsOn("host: fd_write of 128 GiB", preview1, "fd_write", "iiii", buffers(1024, 100*mib), args(1, text, 1024, 16)),
		callsOn("host: fd_read of standard input", preview1, "fd_read", "iiii", buffers(1024, mib), args(0, text, 1024, 16)),
		callsOn("host: fd_readdir of the root", preview1, "fd_readdir", "iiili", nil, args(3, mib, all-mib), wb.I64Const(0), args(16)),
		callsOn("host: fd_readdir from nowhere", preview1, "fd_readdir", "iiili", nil, args(3, mib, all-mib), wb.I64Const(-1), args(16)),
		poll("host: poll of 1,024 clocks", clocks(1024)),
		poll("host: poll of 1,024 streams", streams(1024)),
		callsOn("host: poll of 2^32-1", preview1, "poll_oneoff", "iiii", nil, args(0, 0, -1, 0)),
		callsOn("host: environ_get everywhere", preview1, "environ_get", "ii", nil, args(all-100, outOfMemory)),
		callsOn("host: clock_time_get", preview1, "clock_time_get", "ili", nil, args(1), wb.I64Const(0), args(16)),
		callsOn("host: sched_yield", preview1, "sched_yield", "", nil),
		callsOn("host: proc_raise", preview1, "proc_raise", "i", nil, args(9)),
		callsOn("host: sock_open", preview1, "sock_open", "iii", nil, args(1, 1, 16)),
		callsOn("host: sock_send", preview1, "sock_send", "iiiii", buffers(1024, mib), args(3, text, 1024, 0, 16)),
		callsOn("host: fd_renumber of all", preview1, "fd_renumber", "ii", nil, args(3, 1<<30)),

		callsOn("host: log of all memory", ours, "log", "iii", nil, args(4, 0, all)),
		callsOn("host: log of an empty line", ours, "log", "iii", nil, args(4, 0, 0)),
		callsOn("host: log from outside", ours, "log", "iii", nil, args(4, -1, -1)),
		callsOn("host: response_write of nothing", ours, "response_write", "ii", nil, args(0, 0)),
		callsOn("host: response_write of all memory", ours, "response_write", "ii", nil, args(0, all)),
		callsOn("host: response_write of 1 MiB", ours, "response_write", "ii", nil, args(0, mib)),
		object("host: response_meta of 64 KiB", "response_meta", 64<<10),
		object("host: response_error of 256 KiB", "response_error", 256<<10),
		callsOn("host: response_error nested deep", ours, "response_error", "ii", []byte(deep), args(text, int32(len(deep)))),
		callsOn("host: response_error of all memory", ours, "response_error", "ii", nil, args(0, all)),
		callsOn("host: ctx_get of all memory", ours, "ctx_get", "iiii", nil, args(0, all, 0, all)),
		callsOn("host: feature of all memory", ours, "feature", "ii", nil, args(0, all)),
		callsOn("host: register after the start", ours, "register", "ii", []byte("name"), args(text, 4)),
		callsOn("host: http_send of all memory", ours, "http_send", "iiii", nil, args(0, all, 0, all)),
		callsOn("host: http_head of standard output", ours, "http_head", "iii", nil, args(1, 0, all)),
		callsOn("host: remaining event of 2^32-1", ours, "event_read", "iii", nil, args(-1, -1, -1)),
		callsOn("host: call of nobody", ours, "call", "iiii", []byte("nobody"), args(text, 6, 0, sandbox.DefaultCallBytes)),
		callsOn("host: call of a name of all memory", ours, "call", "iiii", nil, args(0, all, 0, 0)),
		embedder(callsOn("host: calls that never end", ours, "call", "iiii", []byte("never"), args(text, 5, 0, mib))),
		embedder(callsOn("host: calls with large answers", ours, "call", "iiii", []byte("large"), args(text, 5, 0, 1))),
		embedder(stops("host: a wait for 64 calls that never end", reactor(1, func(b *wb.Builder) []byte {
			call := imported(b, ours, "call", "iiii")
			poll := imported(b, preview1, "poll_oneoff", "iiii")
			b.Data(text, []byte("never"))
			// A subscription to read what call returned, for each.
			one := wb.Cat(wb.LocalGet(1), args(1), wb.I32Store8(8), wb.LocalGet(1), args(text, 5, 0, 0), wb.Call(call), wb.I32Store(16),
				wb.LocalGet(1), args(48), wb.I32Add, wb.LocalSet(1))
			return wb.Cat(args(4096), wb.LocalSet(1), repeat(64, one), forever(args(4096, 16384, 64, 16), wb.Call(poll), wb.Drop))
		}))),
		embedder(stops("host: calls that are closed at once", reactor(1, func(b *wb.Builder) []byte {
			call, closes := imported(b, ours, "call", "iiii"), imported(b, preview1, "fd_close", "i")
			b.Data(text, []byte("never"))
			return forever(args(text, 5, 0, 0), wb.Call(call), wb.Call(closes), wb.Drop)
		}))),
	}
	large1 := callsOn("host: event_read of 6 MiB", ours, "event_read", "iii", nil, args(0, all, 0))
	large1.event = `"` + strings.Repeat("x", sandbox.DefaultEvent-2) + `"`
	return append(rows, large1)
}
