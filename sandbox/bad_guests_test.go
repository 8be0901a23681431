package sandbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/engine"
	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/sandbox"
)

// badGuest is one row of TestBadGuests: a function that must not work, or not
// so, and what becomes of it.
type badGuest struct {
	name   string
	wasm   []byte // default: c/bad.wasm
	config sandbox.Config
	event  string

	refused wants              // the error of New
	fails   wants              // the error of Run
	message string             // part of either
	answers string             // the response of a Run that succeeds
	accepts func(string) error // in place of answers
	logs    func(logbook) error
	usage   func(sandbox.Usage) error

	heavy bool // moves gigabytes
}

// wants says whether an error is the one that is wanted.
type wants func(error) bool

// is wants an error that wraps target.
func is(target error) wants { return func(err error) bool { return errors.Is(err, target) } }

// reports wants a *FunctionError of that type whose payload says the same.
func reports(errorType string) wants {
	return func(err error) bool {
		failed, ok := errors.AsType[*sandbox.FunctionError](err)
		if !ok || failed.Type != errorType {
			return false
		}
		var payload map[string]any
		if json.Unmarshal(failed.Payload, &payload) != nil {
			return false
		}
		return payload["errorType"] == errorType && payload["errorMessage"] == failed.Message
	}
}

// traps wants a trap of that kind.
func traps(kind engine.TrapKind) wants {
	return func(err error) bool {
		trap, ok := errors.AsType[*engine.Trap](err)
		return ok && trap.Kind == kind && reports(sandbox.TypeTrap)(err)
	}
}

// initFails wants the error of a failed init phase around what.
func initFails(what wants) wants {
	return func(err error) bool {
		failed, ok := errors.AsType[*sandbox.InitError](err)
		return ok && what(failed.Err)
	}
}

// unlinked wants a *LinkError that names the import.
func unlinked(module, name string) wants {
	return func(err error) bool {
		link, ok := errors.AsType[*engine.LinkError](err)
		return ok && link.Import.Module == module && link.Import.Name == name && strings.Contains(err.Error(), module+"."+name)
	}
}

// TestBadGuests runs guests that are broken, hostile or both. Each must end as
// its row says and leave everybody else alone: a healthy guest answers after
// each, and when the table was run several times the process has as many
// goroutines, descriptors and mappings as before.
func TestBadGuests(t *testing.T) {
	healthy := newBox(t, guest(t, "c/json"), sandbox.Config{})
	rows := slices.Concat(badModules(t), badStarts(), badConfigs(t), badEvents(), badEndings(), badLogs(), greedyGuests())
	names := make(map[string]bool)
	for _, row := range rows {
		if names[row.name] {
			t.Fatalf("two rows are called %q", row.name)
		}
		names[row.name] = true
	}
	table := func(t *testing.T) {
		bad := newBox(t, guest(t, "c/bad"), sandbox.Config{})
		for _, row := range rows {
			t.Run(row.name, func(t *testing.T) {
				row.try(t, bad)
				if got, want := run(t, healthy, `{"name":"Ada","n":41}`), `{"message":"Hello, Ada!","n":42}`; got != want {
					t.Errorf("afterwards a healthy guest answered %s", got)
				}
			})
		}
	}
	t.Run("first", table) // makes what stays: host modules, the runtime's threads
	before := holdings(t)
	for i := range 3 {
		t.Run(fmt.Sprintf("again%d", i+1), table)
	}
	before.compare(t)
}

// try runs the row; bad is a Sandbox of c/bad.wasm with default limits.
func (row badGuest) try(t *testing.T, bad *sandbox.Sandbox) {
	var book logbook
	box := bad
	if row.wasm != nil || row.refused != nil || !isZero(row.config) {
		wasm := row.wasm
		if wasm == nil {
			wasm = guest(t, "c/bad")
		}
		config := patient(row.config)
		config.Log = book.add
		var err error
		box, err = sandbox.New(context.Background(), testEngine(t), wasm, config)
		if row.refused != nil || err != nil {
			row.check(t, "New", err, row.refused)
			if err == nil {
				box.Close()
			}
			return
		}
		defer func() {
			if err := box.Close(); err != nil {
				t.Error(err)
			}
		}()
	}
	book = nil
	res, err := box.Do(context.Background(), sandbox.Request{Event: []byte(row.event), ID: "r-1", Log: book.add})
	if row.fails != nil || err != nil {
		row.check(t, "Run", err, row.fails)
		if len(res.Response) > 0 || len(res.Meta) > 0 {
			t.Errorf("a failed invocation answered %.100q", res.Response)
		}
	} else if got := string(res.Response); row.accepts != nil {
		if err := row.accepts(got); err != nil {
			t.Error(err)
		}
	} else if got != row.answers {
		t.Errorf("answered %.200q, want %q", got, row.answers)
	}
	if row.logs != nil {
		if err := row.logs(book); err != nil {
			t.Error(err)
		}
	}
	if row.usage != nil {
		if err := row.usage(res.Usage); err != nil {
			t.Error(err)
		}
	}
}

func (row badGuest) check(t *testing.T, step string, err error, want wants) {
	t.Helper()
	switch {
	case want == nil:
		t.Errorf("%s failed: %v", step, err)
	case err == nil:
		t.Errorf("%s did not fail", step)
	case !want(err):
		t.Errorf("%s failed with the wrong error, %T: %v", step, err, err)
	case !strings.Contains(err.Error(), row.message):
		t.Errorf("%s failed with %q, want %q in it", step, err, row.message)
	}
}

// isZero says whether config is the one that a shared Sandbox has.
func isZero(c sandbox.Config) bool {
	return c.Limits == sandbox.Limits{} && c.Calls == nil && c.Env == nil && c.Files == nil && c.Handler == "" && c.Manifest == sandbox.Manifest{}
}

// imports are the functions that handler lets its code call.
type imports map[string]uint32

// text is where handler puts its data.
const text = 1024

// handler makes a reactor of code, which must leave an i32. data lies at text.
// The memory has two pages.
func handler(data string, code func(f imports) [][]byte) []byte {
	b, f := handlerParts(data)
	b.Memory(2, 4)
	b.ExportFunc("lambent_handle", b.Func(b.Type(nil, wb.Types{wb.I32}), wb.Types{wb.I32}, code(f)...))
	return b.Bytes()
}

// handlerParts makes a module but for its memory and its functions.
func handlerParts(data string) (*wb.Builder, imports) {
	b, f := new(wb.Builder), make(imports)
	add := func(module, name string, params int) {
		typ := b.Type(slices.Repeat(wb.Types{wb.I32}, params), wb.Types{wb.I32})
		f[name] = b.ImportFunc(module, name, typ)
	}
	add("lambent_v1", "register", 2)
	add("lambent_v1", "response_write", 2)
	add("lambent_v1", "response_error", 2)
	add("lambent_v1", "response_meta", 2)
	add("lambent_v1", "log", 3)
	add("lambent_v1", "call", 4)
	add("lambent_v1", "http_head", 3)
	add("wasi_snapshot_preview1", "fd_write", 4)
	add("wasi_snapshot_preview1", "fd_read", 4)
	add("wasi_snapshot_preview1", "fd_close", 1)
	f["proc_exit"] = b.ImportFunc("wasi_snapshot_preview1", "proc_exit", b.Type(wb.Types{wb.I32}, nil))
	b.ExportMemory()
	if data != "" {
		b.Data(text, []byte(data))
	}
	return b, f
}

// say passes text[:n] to an import that takes pointer and length, and drops
// what it returns.
func say(function uint32, n int) []byte {
	return wb.Cat(wb.I32Const(text), wb.I32Const(int32(n)), wb.Call(function), wb.Drop)
}

// code is for handlers that call nothing.
func code(parts ...[]byte) func(imports) [][]byte { return func(imports) [][]byte { return parts } }

// forever loops around parts.
func forever(parts ...[]byte) []byte {
	return wb.Cat(wb.Loop(wb.Empty), wb.Cat(parts...), wb.Br(0), wb.End)
}

// briefly is a limit for what never ends.
const briefly = 50 * time.Millisecond
