package sandbox_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strings"

	"github.com/lambent-dev/lambent/engine"
	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/sandbox"
)

// timedOut is the message of an invocation that had briefly.
const timedOut = "Sandbox.Timedout: RequestId: r-1 Error: Task timed out after 0.05 seconds"

// greedyGuests take more time, memory or room than they are given.
func greedyGuests() []badGuest {
	soon := sandbox.Config{Limits: sandbox.Limits{Time: briefly}}
	late := func(name string, wasm []byte, event string) badGuest {
		return badGuest{name: name, wasm: wasm, event: event, config: soon, fails: timesOut, message: timedOut, logs: isTimeoutLine(sandbox.System)}
	}
	calls := func(name string, args ...int32) []byte {
		return handler("", func(f imports) [][]byte {
			var parts [][]byte
			for _, a := range args {
				parts = append(parts, wb.I32Const(a))
			}
			return [][]byte{forever(append(parts, wb.Call(f[name]), wb.Drop)...), wb.I32Const(0)}
		})
	}
	grow := func(limit uint64, pages int) badGuest {
		return badGuest{
			name: fmt.Sprintf("memory up to %d bytes", limit), event: `"grow"`,
			config:  sandbox.Config{Limits: sandbox.Limits{Memory: limit}},
			answers: fmt.Sprintf(`{"grown":%d,"pages":%d}`, pages-6, pages),
			usage: func(u sandbox.Usage) error {
				if low := uint64(pages) << 16; u.MemoryPeak < low || u.MemoryPeak > low+1000 {
					return fmt.Errorf("the peak is %d bytes, want %d and a little", u.MemoryPeak, low)
				}
				return nil
			},
		}
	}
	response := func(name string, limit int, answers string, want wants, message string) badGuest {
		return badGuest{name: name, wasm: doubler(), event: `"123456"`, config: sandbox.Config{Limits: sandbox.Limits{Response: limit}}, answers: answers, fails: want, message: message}
	}
	const tooLarge = "Response payload size exceeded maximum allowed payload size (15 bytes)."
	return []badGuest{
		late("deed spin", nil, `"spin"`),
		late("deed sleep", nil, `"sleep"`),
		late("a loop of host calls", calls("log", 9, 0, 0), ""),
		late("a loop of refused calls", calls("call", 0, 1, 0, 0), ""),
		late("a program that never ends", func() []byte {
			var b wb.Builder
			b.Memory(1, 1)
			b.ExportMemory()
			b.ExportFunc("_start", b.Func(b.Type(nil, nil), nil, forever()))
			return b.Bytes()
		}(), ""),

		grow(8<<20, 128),
		grow(8<<20+65535, 128), // not a whole page more
		{name: "memory of 1 GiB in one step", wasm: handler("-", func(f imports) [][]byte {
			return [][]byte{
				wb.I32Const(1 << 14), wb.MemoryGrow, wb.I32Const(-1), wb.I32Eq,
				wb.If(wb.Empty), say(f["response_write"], 1), wb.End, wb.I32Const(0),
			}
		}), answers: "-"},

		response("response at the limit", 16, `"123456""123456"`, nil, ""),
		response("response one byte too large", 15, "", reports(sandbox.TypeResponseTooLarge), "Function.ResponseSizeTooLarge: "+tooLarge),
		{name: "response too large and ignored", event: `"hugeresponse-ignored"`, fails: reports(sandbox.TypeResponseTooLarge), message: "(6291556 bytes)"},
		{name: "response too large and reported", event: `"hugeresponse"`, fails: reports("Guest.Refused"), message: "after 6291456 bytes: -1"},
		{name: "response too large, then a trap", wasm: handler("", func(f imports) [][]byte {
			return [][]byte{say(f["response_write"], 16), wb.Unreachable}
		}), config: sandbox.Config{Limits: sandbox.Limits{Response: 15}}, fails: reports(sandbox.TypeResponseTooLarge), message: tooLarge},
		{name: "response too large, then an exit", wasm: handler("", func(f imports) [][]byte {
			return [][]byte{say(f["response_write"], 16), wb.I32Const(1), wb.Call(f["proc_exit"]), wb.I32Const(0)}
		}), config: sandbox.Config{Limits: sandbox.Limits{Response: 15}}, fails: reports(sandbox.TypeResponseTooLarge), message: tooLarge},
		{name: "a program's response too large", wasm: prints("0123456789abcdef"), config: sandbox.Config{Limits: sandbox.Limits{Response: 15}},
			fails: reports(sandbox.TypeResponseTooLarge), message: tooLarge},
		{name: "a program's response at the limit", wasm: prints("0123456789abcde"), config: sandbox.Config{Limits: sandbox.Limits{Response: 15}}, answers: "0123456789abcde"},

		{name: "tmp full", event: `"tmpfill"`, config: sandbox.Config{Limits: sandbox.Limits{Tmp: 1 << 20}}, accepts: func(response string) error {
			var got struct{ Written, Errno int }
			if err := json.Unmarshal([]byte(response), &got); err != nil {
				return err
			}
			// The quota covers a little more than the file's bytes.
			if got.Errno != 51 || got.Written > 1<<20 || got.Written < 7<<17 {
				return fmt.Errorf("answered %s, want ENOSPC after almost 1 MiB", response)
			}
			return nil
		}, usage: func(u sandbox.Usage) error {
			if u.TmpPeak > 1<<20 || u.TmpPeak < 7<<17 {
				return fmt.Errorf("the most in /tmp was %d bytes, want almost 1 MiB", u.TmpPeak)
			}
			return nil
		}},
		{name: "too many files in tmp", event: `"tmpfiles"`, config: sandbox.Config{Limits: sandbox.Limits{Files: 100}}, answers: `{"files":100,"errno":51}`},
		{name: "too many open files", event: `"openfiles"`, config: sandbox.Config{Limits: sandbox.Limits{OpenFiles: 20}}, answers: `{"open":16,"errno":33}`},
		{name: "meta too large", wasm: handler(`{"a":"`+strings.Repeat("x", 64<<10-8)+`"} `, func(f imports) [][]byte {
			return [][]byte{ // 64 KiB are fine, one more is −E2BIG
				say(f["response_meta"], 64<<10),
				wb.I32Const(text), wb.I32Const(64<<10 + 1), wb.Call(f["response_meta"]),
				wb.I32Const(-1), wb.I32Eq, wb.If(wb.Empty), say(f["response_write"], 1), wb.End, wb.I32Const(0),
			}
		}), answers: "{"},
	}
}

// timesOut wants the error of a guest whose time is over.
func timesOut(err error) bool {
	return errors.Is(err, engine.ErrTimeout) && errors.Is(err, engine.ErrInterrupted) && reports(sandbox.TypeTimeout)(err)
}

var timeoutLine = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z r-1 Task timed out after 0\.05 seconds$`)

// isTimeoutLine wants one line of the source that says what AWS Lambda says.
func isTimeoutLine(source sandbox.LogSource) func(logbook) error {
	return func(book logbook) error {
		lines := book.of(source)
		for i, l := range lines {
			if strings.HasPrefix(l, "Lambent dropped ") && i == len(lines)-1 {
				lines = lines[:i] // of a flood
			}
		}
		if len(lines) != 1 || !timeoutLine.MatchString(lines[0]) {
			return fmt.Errorf("the lines of %s are %q", source, lines)
		}
		return nil
	}
}

// doubler answers the event twice, and returns 1 if that is refused.
func doubler() []byte {
	b, f := new(wb.Builder), imports{}
	i32 := wb.Types{wb.I32}
	f["event_read"] = b.ImportFunc("lambent_v1", "event_read", b.Type(wb.Types{wb.I32, wb.I32, wb.I32}, i32))
	f["response_write"] = b.ImportFunc("lambent_v1", "response_write", b.Type(wb.Types{wb.I32, wb.I32}, i32))
	b.Memory(1, 1)
	b.ExportMemory()
	write := wb.Cat(wb.I32Const(text), wb.LocalGet(0), wb.Call(f["response_write"]))
	b.ExportFunc("lambent_handle", b.Func(b.Type(nil, i32), i32,
		wb.I32Const(text), wb.I32Const(100), wb.I32Const(0), wb.Call(f["event_read"]), wb.LocalSet(0),
		write, wb.Drop, write, wb.I32Const(0), wb.I32LtS))
	return b.Bytes()
}

// prints is a stdio program that writes data to stdout.
func prints(data string) []byte {
	b, f := handlerParts(data)
	b.Memory(1, 1)
	b.ExportFunc("_start", b.Func(b.Type(nil, nil), nil,
		wb.I32Const(0), wb.I32Const(text), wb.I32Store(0),
		wb.I32Const(4), wb.I32Const(int32(len(data))), wb.I32Store(0),
		wb.I32Const(1), wb.I32Const(0), wb.I32Const(1), wb.I32Const(8), wb.Call(f["fd_write"]), wb.Drop))
	return b.Bytes()
}

func nan() float64 { return math.NaN() }

// isReported wants the error that the guest reported as payload.
func isReported(err error, payload, errorType, message string) bool {
	failed, ok := errors.AsType[*sandbox.FunctionError](err)
	return ok && failed.Type == errorType && failed.Message == message && bytes.Equal(failed.Payload, []byte(payload)) && json.Valid(failed.Payload)
}
