package function_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/sandbox"
)

const framed = `^START RequestId: the-id Version: \$LATEST
((?s).*)END RequestId: the-id
REPORT RequestId: the-id	Duration: [0-9.]+ ms	Billed Duration: \d+ ms	Memory Size: 192 MB	Max Memory Used: \d+ MB	(Init Duration: [0-9.]+ ms	)?Fuel Used: [1-9]\d+	`

// book collects what Config.Log gets.
type book struct {
	mu    sync.Mutex
	lines []string
}

func (b *book) add(name, id string, line sandbox.LogLine) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lines = append(b.lines, fmt.Sprintf("%s %s %s %s", name, id, line.Source, line.Message))
}

func withMemory(mb int) function.Settings {
	in := settings()
	in.MemorySize = &mb
	return in
}

// TestLog invokes functions that log, and looks at the tail and at the sink.
func TestLog(t *testing.T) {
	var b book
	s := newService(t, function.Config{Log: b.add})
	for name, zip := range map[string][]byte{"stdio": packGuest(t, "stdio"), "bad": packGuest(t, "bad")} {
		if _, err := s.Create(t.Context(), function.CreateInput{Name: name, Zip: zip, Settings: withMemory(192)}); err != nil {
			t.Fatal(err)
		}
		settle(t, s, name)
	}
	call := func(name, event string, tail bool) function.InvokeOutput {
		t.Helper()
		b.lines = nil
		out, err := s.Invoke(t.Context(), function.InvokeInput{Ref: function.Ref{Name: name}, Event: []byte(event), RequestID: "the-id", Tail: tail})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}

	out := call("stdio", `1`, true)
	parts := regexp.MustCompile(framed + "\n$").FindSubmatch(out.LogTail)
	if parts == nil || !bytes.Contains(parts[1], []byte("LAMBENT_REQUEST_ID=the-id\n")) {
		t.Errorf("the tail is\n%s", out.LogTail)
	}
	if got, want := b.lines, len(bytes.Split(bytes.TrimSpace(out.LogTail), []byte("\n"))); len(got) != want ||
		got[0] != "stdio the-id system START RequestId: the-id Version: $LATEST" || !strings.HasPrefix(got[len(got)-1], "stdio the-id system REPORT ") {
		t.Errorf("the sink got %d lines, want %d: %q", len(got), want, got)
	}
	if out := call("stdio", `1`, false); out.LogTail != nil {
		t.Errorf("a tail that nobody asked for: %s", out.LogTail)
	}

	out = call("bad", `"trap"`, true)
	if !out.Failed || !json.Valid(out.Payload) || !bytes.Contains(out.Payload, []byte(`"errorType":"Runtime.Trap"`)) || out.Version != function.Latest {
		t.Errorf("a trap: %+v %s", out, out.Payload)
	}
	if parts := regexp.MustCompile(framed + "Status: error\tError Type: Runtime.Trap\n$").FindSubmatch(out.LogTail); parts == nil || len(parts[1]) > 0 {
		t.Errorf("the tail of a trap is\n%s", out.LogTail)
	}
	out = call("bad", `"flood"`, true)
	lines := strings.Split(string(out.LogTail), "\n")
	if len(out.LogTail) != 4096 || !strings.HasPrefix(lines[0], "xxx") || !strings.Contains(string(out.LogTail), "Lambent dropped ") ||
		b.lines[len(b.lines)-1] != "bad the-id system "+lines[len(lines)-2] {
		t.Errorf("the tail of a flood has %d bytes and ends\n%s", len(out.LogTail), out.LogTail[max(0, len(out.LogTail)-400):])
	}
}

// TestInvokeRefuses gives events that no function gets to see.
func TestInvokeRefuses(t *testing.T) {
	var b book
	s := newService(t, function.Config{Log: b.add})
	active(t, s, "echo", packGuest(t, "echo"))
	ctx := t.Context()
	invoke := func(ref function.Ref, event []byte) error {
		_, err := s.Invoke(ctx, function.InvokeInput{Ref: ref, Event: event})
		return err
	}
	echo := function.Ref{Name: "echo"}
	wantFault(t, "too large", invoke(echo, bytes.Repeat([]byte("1"), 6_291_457)), fault.RequestTooLarge,
		"6291457 byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)")
	wantFault(t, "no JSON", invoke(echo, []byte(`{"a":`)), fault.InvalidRequestContent,
		"Could not parse request body into json: Could not parse payload into json: Unexpected end-of-input within/between Object entries\n at [Source: ")
	wantFault(t, "no UTF-8", invoke(echo, []byte("\"\xff\"")), fault.InvalidRequestContent, "into json: Invalid UTF-8 start byte 0xff\n at [Source: ")
	wantFault(t, "version", invoke(function.Ref{Name: "echo", Qualifier: "1"}, nil), fault.ResourceNotFound,
		"Function not found: arn:aws:lambda:us-east-1:000000000000:function:echo:1")
	wantFault(t, "not a name", invoke(function.Ref{Name: "a/b"}, nil), fault.ResourceNotFound, "Function not found: ")
	if len(b.lines) > 0 {
		t.Errorf("they were logged: %q", b.lines)
	}
	if err := invoke(function.Ref{Name: "echo", Qualifier: function.Latest}, bytes.Repeat([]byte("1"), 6_291_456)); err != nil {
		t.Errorf("the largest event: %v", err)
	}
}

// TestInvokeDetails looks at what a function learns of its invocation.
func TestInvokeDetails(t *testing.T) {
	s := newService(t, function.Config{Region: "eu-west-1"})
	in := settings()
	in.Logging = &function.Logging{Group: "/mine"}
	if _, err := s.Create(t.Context(), function.CreateInput{Name: "context", Zip: packGuest(t, "context"), Settings: in}); err != nil {
		t.Fatal(err)
	}
	out, err := s.Invoke(t.Context(), function.InvokeInput{
		Ref: function.Ref{Name: "context"}, RequestID: "r1", InvokedARN: "arn:as-called", ClientContext: json.RawMessage(`{"client":1}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(out.Payload, &got); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]any{
		"request_id": "r1", "handler": "bootstrap", "function_arn": "arn:as-called", "function_name": "context", "function_version": "$LATEST",
		"memory_mb": "128", "log_group": "/mine", "client_context": `{"client":1}`,
	} {
		if got[key] != want {
			t.Errorf("%s is %v, want %v", key, got[key], want)
		}
	}
	if out.Usage.Duration <= 0 || out.Usage.MemoryPeak == 0 {
		t.Errorf("usage: %+v", out.Usage)
	}

	out, err = s.Invoke(t.Context(), function.InvokeInput{Ref: function.Ref{Name: "context"}})
	if err != nil {
		t.Fatal(err)
	}
	if want := `"arn:aws:lambda:eu-west-1:000000000000:function:context"`; !bytes.Contains(out.Payload, []byte(want)) {
		t.Errorf("without an ARN the function gets %s, which lacks %s", out.Payload, want)
	}
}

// TestTimeout runs out of time, and out of the caller's patience, which is
// another thing.
func TestTimeout(t *testing.T) {
	s := newService(t, function.Config{})
	in := settings()
	in.Timeout = ptr(1)
	if _, err := s.Create(t.Context(), function.CreateInput{Name: "bad", Zip: packGuest(t, "bad"), Settings: in}); err != nil {
		t.Fatal(err)
	}
	settle(t, s, "bad")
	ref := function.Ref{Name: "bad"}
	out, err := s.Invoke(t.Context(), function.InvokeInput{Ref: ref, RequestID: "r1", Event: []byte(`"sleep"`)})
	if want := `{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: r1 Error: Task timed out after 1.00 seconds"}`; err != nil || !out.Failed || string(out.Payload) != want {
		t.Errorf("out of time: %s, %v", out.Payload, err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	gone := errors.New("nobody waits any more")
	time.AfterFunc(20*time.Millisecond, func() { cancel(gone) })
	if _, err := s.Invoke(ctx, function.InvokeInput{Ref: ref, Event: []byte(`"spin"`)}); err != gone && err != nil {
		t.Errorf("its caller gave up: %v", err)
	}
}

// TestInitFails deploys what cannot start.
func TestInitFails(t *testing.T) {
	s := newService(t, function.Config{})
	for _, c := range []struct {
		name, code, reason string
		zip                []byte
		settings           func(*function.Settings)
	}{
		{"traps", "FunctionError.RuntimeInitError", "Runtime.Trap: ", pack(t, "a.wasm", string(startTraps())), nil},
		{"no such handler", "InvalidConfiguration", `Handler is "bootstrap"; the module has one, two`, packGuest(t, "handlers"), nil},
	} {
		name := strings.ReplaceAll(c.name, " ", "-")
		create(t, s, name, c.zip)
		got := settle(t, s, name)
		if got.State.Is != function.Failed || got.State.Code != c.code || !strings.Contains(got.State.Reason, c.reason) || got.Update != got.State {
			t.Errorf("%s: %+v", c.name, got.State)
		}
		_, err := s.Invoke(t.Context(), function.InvokeInput{Ref: function.Ref{Name: name}})
		wantFault(t, c.name, err, fault.ResourceConflict, "The function is currently in the following state: Failed. "+got.State.Reason)
	}
	// Another handler mends it.
	if _, err := s.UpdateConfiguration(t.Context(), function.UpdateConfigurationInput{Ref: function.Ref{Name: "no-such-handler"}, Settings: function.Settings{Handler: ptr("two")}}); err != nil {
		t.Fatal(err)
	}
	if got := invoke(t, s, "no-such-handler", `1`); !strings.HasPrefix(got, `{"handler":"two"`) { // waits
		t.Errorf("mended it answered %s", got)
	}
	if c := settle(t, s, "no-such-handler"); c.State != (function.Status{Is: "Active"}) || c.Update != (function.Status{Is: "Successful"}) {
		t.Errorf("mended: %+v", c)
	}
}
