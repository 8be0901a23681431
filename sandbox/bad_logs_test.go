package sandbox_test

import (
	"fmt"
	"strings"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/sandbox"
)

// badLogs log more than anybody wants to keep.
func badLogs() []badGuest {
	// writes makes a guest that writes data to a stream so often.
	writes := func(fd int32, data string, times int32) []byte {
		return handler(data, func(f imports) [][]byte {
			return [][]byte{
				wb.I32Const(0), wb.I32Const(text), wb.I32Store(0), // an iovec at 0
				wb.I32Const(4), wb.I32Const(int32(len(data))), wb.I32Store(0),
				repeat(times, wb.I32Const(fd), wb.I32Const(0), wb.I32Const(1), wb.I32Const(8), wb.Call(f["fd_write"]), wb.Drop),
				wb.I32Const(0),
			}
		})
	}
	logs := func(data string, times int32) []byte {
		return handler(data, func(f imports) [][]byte {
			return [][]byte{repeat(times, wb.I32Const(3), say(f["log"], len(data))), wb.I32Const(0)}
		})
	}
	const mib = 1 << 20
	kilobyte := strings.Repeat("x", 1023) + "\n"
	full := func(kept int) func(logbook) error {
		return func(book logbook) error { return checkFlood(book, kept, 2*mib-kept, mib) }
	}
	counted := func(logs, dropped int) func(sandbox.Usage) error {
		return func(u sandbox.Usage) error {
			if u.Logs != logs || u.LogsDropped != dropped {
				return fmt.Errorf("the usage is %d bytes of logs and %d dropped, want %d and %d", u.Logs, u.LogsDropped, logs, dropped)
			}
			return nil
		}
	}
	return []badGuest{
		{name: "2 MiB on stdout", wasm: writes(1, kilobyte, 2048), logs: full(mib), usage: counted(mib, mib)},
		{name: "2 MiB on stderr", wasm: writes(2, kilobyte, 2048), logs: full(mib), usage: counted(mib, mib)},
		{name: "2 MiB by log", wasm: logs(strings.Repeat("x", 1023), 2048), logs: full(mib), usage: counted(mib, mib)},
		{name: "2 MiB of empty lines", wasm: writes(1, strings.Repeat("\n", 1024), 2048), logs: full(mib), usage: counted(mib, mib)},
		{name: "2 MiB of empty lines by log", wasm: logs("", 2*mib), logs: full(mib), usage: counted(mib, mib)},
		{name: "2 MiB from everywhere", event: `"flood"`, answers: `{"lines":6144}`,
			logs: func(book logbook) error { return checkFlood(book, mib, 5*mib, mib) }, usage: counted(mib, 5*mib)},
		// Pieces of 256 KiB, each with a line end: the fourth exceeds the MiB, and
		// from there on bytes are counted as they come.
		{name: "a line of 10 MiB", wasm: writes(1, strings.Repeat("x", 1024), 10*1024), logs: func(book logbook) error {
			return checkFlood(book, 3*(256<<10+1), 37*256<<10+1, mib)
		}, usage: counted(3*(256<<10+1), 37*256<<10+1)},
		{name: "a line of 64 KiB by log, split", wasm: logs(strings.Repeat("x", 64<<10), 1), config: sandbox.Config{Limits: sandbox.Limits{LogLine: 60_000}},
			logs: func(book logbook) error {
				if len(book) != 2 || len(book[0].Text) != 60_000 || len(book[1].Text) != 64<<10-60_000 || book[1].Source != sandbox.Log || book[1].Level != sandbox.Warn {
					return fmt.Errorf("got %d lines", len(book))
				}
				return nil
			}, usage: counted(64<<10+2, 0)},
		{name: "a flood that never ends", event: `"flood-forever"`, config: sandbox.Config{Limits: sandbox.Limits{Time: briefly}},
			fails: reports(sandbox.TypeTimeout), message: timedOut, logs: isTimeoutLine(sandbox.System)},
	}
}

// checkFlood wants so many bytes of lines, line ends included, and one last
// line that says how many were dropped.
func checkFlood(book logbook, kept, dropped, limit int) error {
	if len(book) == 0 {
		return fmt.Errorf("nothing was logged")
	}
	last := book[len(book)-1]
	if want := fmt.Sprintf("Lambent dropped %d bytes of logs: more than %d bytes in one invocation", dropped, limit); last.Source != sandbox.System || last.Text != want {
		return fmt.Errorf("the last line is %.200q of %s, want %q of system", last.Text, last.Source, want)
	}
	got := 0
	for _, l := range book[:len(book)-1] {
		got += len(l.Text) + 1
		if l.Source == sandbox.System {
			return fmt.Errorf("there is a second line of system: %q", l.Text)
		}
		if strings.Trim(l.Text, "x") != "" {
			return fmt.Errorf("a line is %.200q", l.Text)
		}
	}
	if got != kept {
		return fmt.Errorf("%d bytes of lines were kept, want %d", got, kept)
	}
	return nil
}

// repeat runs parts so often; it uses the first local.
func repeat(times int32, parts ...[]byte) []byte {
	return wb.Cat(
		wb.I32Const(times), wb.LocalSet(0),
		wb.Loop(wb.Empty), wb.Cat(parts...),
		wb.LocalGet(0), wb.I32Const(1), wb.I32Sub, wb.LocalTee(0), wb.BrIf(0),
		wb.End)
}
