package sandbox_test

import (
	"fmt"
	"strings"

	"github.com/lambent-dev/lambent/engine"
	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/sandbox"
)

// badEvents never reach the guest.
func badEvents() []badGuest {
	notJSON := func(event, message string) badGuest {
		return badGuest{name: fmt.Sprintf("event %.20q", event), event: event, fails: is(sandbox.ErrEventNotJSON), message: message}
	}
	small := sandbox.Config{Limits: sandbox.Limits{Event: 10}}
	keep := handler("", code(wb.I32Const(0)))
	return []badGuest{
		notJSON(`{"a":1,}`, "at byte 8: invalid character '}'"),
		notJSON(`{"a":`, "at byte 5: unexpected end"),
		notJSON("hello", "at byte 1: invalid character 'h'"),
		notJSON("1 2", "at byte 3: invalid character '2'"),
		notJSON(" ", "unexpected end"),
		notJSON("\xff", "at byte 1"),
		notJSON("\x00", "at byte 1"),
		notJSON(strings.Repeat("[", 20_000), "exceeded max depth"),
		{name: "event one byte too large", wasm: keep, config: small, event: `"12345678"` + " ", fails: is(sandbox.ErrEventTooLarge), message: "11 bytes; at most 10 are allowed"},
		{name: "event at the limit", wasm: keep, config: small, event: `"12345678"`},
		{name: "event too large by default", event: `"` + strings.Repeat("x", sandbox.DefaultEvent-1) + `"`, fails: is(sandbox.ErrEventTooLarge), message: "6291457 bytes; at most 6291456"},
	}
}

// badEndings reach the guest, which ends in one of its ways.
func badEndings() []badGuest {
	deed := func(deed string, want wants, message string) badGuest {
		return badGuest{name: "deed " + deed, event: `"` + deed + `"`, fails: want, message: message}
	}
	ends := func(name string, want wants, message string, parts ...[]byte) badGuest {
		return badGuest{name: name, wasm: handler("", code(parts...)), fails: want, message: message}
	}
	exits := func(code int32, message string) badGuest {
		return badGuest{name: fmt.Sprintf("exit %d", code), fails: reports(sandbox.TypeExit), message: message,
			wasm: handler("", func(f imports) [][]byte { return [][]byte{wb.I32Const(code), wb.Call(f["proc_exit"]), wb.I32Const(0)} })}
	}
	return append([]badGuest{
		deed("trap", traps(engine.TrapUnreachable), "Runtime.Trap: RequestId: r-1 Error: wasm trap: unreachable"),
		deed("oob", traps(engine.TrapMemoryBounds), "out of bounds memory access"),
		deed("div0", traps(engine.TrapDivideByZero), "integer divide by zero"),
		deed("recurse", traps(engine.TrapStackOverflow), "stack overflow"),
		ends("integer overflow", traps(engine.TrapIntegerOverflow), "integer overflow", wb.I32Const(-1<<31), wb.I32Const(-1), wb.I32DivS),
		ends("invalid conversion", traps(engine.TrapInvalidToInteger), "invalid conversion", wb.F32Const(float32(nan())), wb.I32TruncF32),
		{name: "no such entry of a table", wasm: callsTable(5), fails: traps(engine.TrapTableBounds)},
		{name: "wrong type in a table", wasm: callsTable(0), fails: traps(engine.TrapIndirectType)},

		deed("exit0", reports(sandbox.TypeExit), "Runtime.ExitError: RequestId: r-1 Error: Runtime exited without providing a reason"),
		deed("exit7", reports(sandbox.TypeExit), "RequestId: r-1 Error: Runtime exited with error: exit status 7"),
		exits(1, "exit status 1"),
		exits(-1, "exit status 4294967295"),
		deed("badexit", reports(sandbox.TypeBadExit), "lambent_handle returned 42; 0 means success, 1 an error already reported"),
		deed("silent", reports(sandbox.TypeBadExit), "lambent_handle returned 1"),
		deed("error", reports("Guest.Error"), "Guest.Error: as the event asked"),
		deed("error-twice", reports("Guest.Error"), "as the event asked"),
		deed("badjsonerror", reports(sandbox.TypeBadExit), "response_error"),
		{name: "a response that is not JSON", event: `"badjsonresponse"`, answers: `{"message":`},
		{name: "deed badpointer", event: `"badpointer"`, answers: `{"event_read":-21,"response_write":-21,"log":-21,"ctx_get":-21}`},
	}, reportedErrors()...)
}

// reportedErrors are what guests pass to response_error, as it reaches the
// caller.
func reportedErrors() (rows []badGuest) {
	for _, c := range []struct{ payload, errorType, message string }{
		{`{"errorType":"A","errorMessage":"b"}`, "A", "b"},
		{`{"errorType":"A","errorMessage":"b","stackTrace":[1,{"x":2}],"more":null}`, "A", "b"},
		{`{}`, "Error", ""},
		{`{"errorType":"","errorMessage":null}`, "Error", ""},
		{`{"errorType":7,"errorMessage":"b"}`, "Error", "b"},
		{`{"errorType":["A"],"errorMessage":{"b":1},"stackTrace":true}`, "Error", ""},
		{`{"errorType":"A","errorMessage":9}`, "A", ""},
		{`{"errorType":"A\nREPORT RequestId: forged","errorMessage":"\u0000"}`, "A\nREPORT RequestId: forged", "\x00"},
	} {
		rows = append(rows, badGuest{
			name: "reports " + c.payload,
			wasm: handler(c.payload, func(f imports) [][]byte {
				return [][]byte{say(f["response_error"], len(c.payload)), wb.I32Const(1)}
			}),
			fails: func(err error) bool { return isReported(err, c.payload, c.errorType, c.message) },
		})
	}
	// What is no JSON object is refused, and the one before it stays.
	const good = `{"errorType":"A","errorMessage":"b"}`
	for _, payload := range []string{`[]`, `null`, `"x"`, `{"errorType":`, ``, good + good} {
		rows = append(rows, badGuest{
			name: "reports, then " + payload,
			wasm: handler(good+payload, func(f imports) [][]byte {
				return [][]byte{
					say(f["response_error"], len(good)),
					wb.I32Const(int32(text + len(good))), wb.I32Const(int32(len(payload))), wb.Call(f["response_error"]),
					wb.I32Const(-28), wb.I32Ne, wb.If(wb.Empty), wb.Unreachable, wb.End, // EINVAL
					wb.I32Const(1),
				}
			}),
			fails: func(err error) bool { return isReported(err, good, "A", "b") },
		})
	}
	return append(rows, badGuest{
		name: "reports and exits",
		wasm: handler(good, func(f imports) [][]byte {
			return [][]byte{say(f["response_error"], len(good)), wb.I32Const(2), wb.Call(f["proc_exit"]), wb.I32Const(0)}
		}),
		fails: reports("A"),
	}, badGuest{
		name: "reports and traps",
		wasm: handler(good, func(f imports) [][]byte {
			return [][]byte{say(f["response_error"], len(good)), wb.Unreachable}
		}),
		fails: traps(engine.TrapUnreachable),
	}, badGuest{
		name: "reports and succeeds all the same",
		wasm: handler(good, func(f imports) [][]byte {
			return [][]byte{say(f["response_error"], len(good)), say(f["response_write"], 1), wb.I32Const(0)}
		}),
		answers: "{",
	})
}

// callsTable calls entry index of a table of one function of another type.
func callsTable(index int32) []byte {
	var b wb.Builder
	i32 := wb.Types{wb.I32}
	nullary := b.Type(nil, i32)
	b.Table(wb.FuncRef, 1, 1)
	b.Memory(1, 1)
	b.ExportMemory()
	b.Elem(0, b.Func(b.Type(i32, i32), nil, wb.LocalGet(0)))
	b.ExportFunc("lambent_handle", b.Func(nullary, nil, wb.I32Const(index), wb.CallIndirect(nullary, 0)))
	return b.Bytes()
}
