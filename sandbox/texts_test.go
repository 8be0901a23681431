package sandbox_test

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/sandbox"
)

// hostile would cut a variable of the environment, or forge a log line.
var hostile = []string{"a\x00B=c", "a\nEND RequestId: b", "a\rb", "a\x1b[2J", "a\u2028b", "a\xff"}

// TestTextsPrint puts such text wherever functions learn of themselves and of
// their callers.
func TestTextsPrint(t *testing.T) {
	box := newBox(t, guest(t, "c/tiny"), sandbox.Config{})
	for _, text := range hostile {
		for _, field := range []string{"ID", "FunctionARN", "TraceID", "Tenant", "LogStream"} {
			var r sandbox.Request
			reflect.ValueOf(&r).Elem().FieldByName(field).SetString(text)
			if _, err := box.Do(t.Context(), r); !errors.Is(err, sandbox.ErrRequest) || !strings.Contains(err.Error(), field) {
				t.Errorf("%s %q: %v", field, text, err)
			}
		}
		for _, field := range []string{"Name", "Version", "FunctionARN", "LogGroup", "Region", "Handler"} {
			var c sandbox.Config
			reflect.ValueOf(&c).Elem().FieldByName(field).SetString(text)
			if err := sandbox.Check(guest(t, "c/tiny"), c); !errors.Is(err, sandbox.ErrConfig) || !strings.Contains(err.Error(), field) {
				t.Errorf("%s %q: %v", field, text, err)
			}
		}
		for _, r := range []sandbox.Request{{ClientContext: json.RawMessage(text)}, {Identity: json.RawMessage(text)}} {
			if _, err := box.Do(t.Context(), r); !errors.Is(err, sandbox.ErrRequest) {
				t.Errorf("context %q: %v", text, err)
			}
		}
	}
}

// TestHandlersPrint registers names that would command a terminal.
func TestHandlersPrint(t *testing.T) {
	b, f := handlerParts("\x1b[2JA\x1b[2JB")
	b.Memory(2, 2)
	i32 := b.Type(nil, wb.Types{wb.I32})
	b.ExportFunc("lambent_init", b.Func(i32, nil, say(f["register"], 5), say(f["register"], 10), wb.I32Const(0)))
	b.ExportFunc("lambent_handle", b.Func(i32, nil, wb.I32Const(0)))
	_, err := sandbox.New(t.Context(), testEngine(t), b.Bytes(), patient(sandbox.Config{}))
	if !errors.Is(err, sandbox.ErrConfig) || !strings.Contains(err.Error(), " [2JA,  [2JA [2JB") || strings.Contains(err.Error(), "\x1b") {
		t.Errorf("got %q", err)
	}
}

// TestDeadlineOfCenturies: any positive duration is allowed.
func TestDeadlineOfCenturies(t *testing.T) {
	var b wb.Builder
	deadline := b.ImportFunc("lambent_v1", "deadline_ms", b.Type(nil, wb.Types{wb.I64}))
	write := b.ImportFunc("lambent_v1", "response_write", b.Type(wb.Types{wb.I32, wb.I32}, wb.Types{wb.I32}))
	b.Memory(1, 1)
	b.ExportMemory()
	b.ExportFunc("lambent_handle", b.Func(b.Type(nil, wb.Types{wb.I32}), nil,
		wb.I32Const(0), wb.Call(deadline), wb.I64Store(0), wb.I32Const(0), wb.I32Const(8), wb.Call(write), wb.Drop, wb.I32Const(0)))
	box := newBox(t, b.Bytes(), sandbox.Config{Limits: sandbox.Limits{Time: math.MaxInt64}})
	if got, want := binary.LittleEndian.Uint64([]byte(run(t, box, "{}"))), uint64(math.MaxInt64/1_000_000); got != want {
		t.Errorf("the deadline is %d ms, want %d", int64(got), want)
	}
}
