package sandbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox"
)

// newEngine is one engine for all tests: compiling is what takes time.
var newEngine = sync.OnceValues(func() (engine.Engine, error) { return sandbox.OpenEngine("") })

func testEngine(t testing.TB) engine.Engine {
	t.Helper()
	eng, err := newEngine()
	if err != nil {
		t.Fatal(err)
	}
	return eng
}

// guest reads one of testdata/guests, "c/json" or "assemblyscript/json".
func guest(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "guests", name+".wasm"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// patient gives config so much time that no test fails because the machine is
// slow; a test that is about time says how much.
func patient(config sandbox.Config) sandbox.Config {
	if config.Limits.Time == 0 {
		config.Limits.Time = 10 * time.Minute
	}
	if config.Limits.Init == 0 && config.Manifest.InitTimeout == 0 {
		config.Limits.Init = 10 * time.Minute
	}
	return config
}

// newBox makes a Sandbox that is closed with the test.
func newBox(t testing.TB, wasm []byte, config sandbox.Config) *sandbox.Sandbox {
	t.Helper()
	box, err := sandbox.New(t.Context(), testEngine(t), wasm, patient(config))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	})
	return box
}

// run runs one event that must succeed and returns the response.
func run(t testing.TB, box *sandbox.Sandbox, event string) string {
	t.Helper()
	res, err := box.Run(context.Background(), []byte(event))
	if err != nil {
		t.Fatalf("event %s: %v", event, err)
	}
	return string(res.Response)
}

// decode reads a response.
func decode[T any](t testing.TB, response string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(response), &v); err != nil {
		t.Fatalf("response %q: %v", response, err)
	}
	return v
}

// logbook collects what one invocation at a time logs.
type logbook []logged

type logged struct {
	Source sandbox.LogSource
	Level  sandbox.LogLevel
	Text   string
}

func (b *logbook) add(l sandbox.LogLine) {
	*b = append(*b, logged{l.Source, l.Level, string(l.Message)})
}

// of returns the lines of one source.
func (b logbook) of(source sandbox.LogSource) (lines []string) {
	for _, l := range b {
		if l.Source == source {
			lines = append(lines, l.Text)
		}
	}
	return lines
}

func TestGuestsGreet(t *testing.T) {
	for _, name := range []string{"c/json", "assemblyscript/json", "assemblyscript/stdio"} {
		t.Run(name, func(t *testing.T) {
			box := newBox(t, guest(t, name), sandbox.Config{})
			for event, want := range map[string]string{
				`{"name":"Ada","n":41}`:                       `{"message":"Hello, Ada!","n":42}`,
				" { \"n\" : -1 ,\n\t\"name\" : \"\\u00e4\" }": `{"message":"Hello, \u00e4!","n":0}`,
			} {
				if got := run(t, box, event); got != want {
					t.Errorf("event %s: answered %s, want %s", event, got, want)
				}
			}
			_, err := box.Run(t.Context(), []byte(`{"name":7}`))
			failed, ok := errors.AsType[*sandbox.FunctionError](err)
			if !ok || failed.Type != "BadEvent" || failed.Message != `want {"name":string,"n":integer}` {
				t.Errorf("a wrong event came to %v", err)
			}
		})
	}
}

func TestGuestTiny(t *testing.T) {
	box := newBox(t, guest(t, "c/tiny"), sandbox.Config{})
	for event, want := range map[string]string{"": "2", "null": "4", `"` + strings.Repeat("x", 98) + `"`: "100"} {
		if got := run(t, box, event); got != want {
			t.Errorf("an event of %d bytes: answered %s, want %s", len(event), got, want)
		}
	}
}

func TestGuestEcho(t *testing.T) {
	box := newBox(t, guest(t, "c/echo"), sandbox.Config{})
	for _, n := range []int{0, 1, 3998, 3999, 4000, 100_000, sandbox.DefaultEvent - 2} {
		event := `"` + strings.Repeat("x", n) + `"`
		if got := run(t, box, event); got != event {
			t.Errorf("an event of %d bytes: answered %d others", len(event), len(got))
		}
	}
	if got := run(t, box, ""); got != "{}" {
		t.Errorf("no event: answered %q, want an empty object", got)
	}
}

func TestGuestContext(t *testing.T) {
	box := newBox(t, guest(t, "c/context"), sandbox.Config{
		Limits:  sandbox.Limits{Memory: 100 << 20, Time: time.Hour},
		Handler: "any.name", Name: "greeter", Version: "7", Region: "eu-west-1", LogGroup: "/logs",
	})
	if box.Model() != sandbox.Reactor || len(box.Handlers()) != 0 {
		t.Errorf("the model is %s, the handlers are %q", box.Model(), box.Handlers())
	}
	before := time.Now()
	res, err := box.Do(t.Context(), sandbox.Request{
		Event: []byte(`"call"`), ID: "r-1", TraceID: "Root=1-5759e988-bd862e3fe1be46a994272793", Tenant: "blue", LogStream: "stream",
		ClientContext: json.RawMessage(`{"a":1}`), Identity: json.RawMessage(`{"b":2}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	got := decode[map[string]any](t, string(res.Response))
	deadline, remaining := int64(got["deadline_ms"].(float64)), got["remaining_ms"].(float64)
	if low, high := before.Add(time.Hour).UnixMilli(), time.Now().Add(time.Hour).UnixMilli(); deadline < low || deadline > high {
		t.Errorf("deadline_ms is %d, want %d to %d", deadline, low, high)
	}
	if remaining <= 0 || remaining > 3_600_000 {
		t.Errorf("remaining_ms is %v of an hour", remaining)
	}
	delete(got, "deadline_ms")
	delete(got, "remaining_ms")
	want := map[string]any{
		"request_id": "r-1", "handler": "any.name", "function_name": "greeter", "function_version": "7",
		"function_arn": "arn:aws:lambda:eu-west-1:000000000000:function:greeter",
		"memory_mb":    "100", "log_group": "/logs", "log_stream": "stream", "tenant": "blue",
		"trace_id": "Root=1-5759e988-bd862e3fe1be46a994272793", "client_context": `{"a":1}`, "identity": `{"b":2}`,
		"unknown": -44.0, "request_id_length": 3.0, "feature": 1.0,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the context is\n%v, want\n%v", got, want)
	}
}

// TestContextDefaults gives a request nothing but an event.
func TestContextDefaults(t *testing.T) {
	box := newBox(t, guest(t, "c/context"), sandbox.Config{Now: func() time.Time { return time.Date(2026, 2, 3, 23, 0, 0, 0, time.FixedZone("", -7200)) }})
	res, err := box.Run(t.Context(), []byte(`"http"`))
	if err != nil {
		t.Fatal(err)
	}
	got := decode[map[string]any](t, string(res.Response))
	if id := got["request_id"]; id != res.RequestID || len(res.RequestID) != 36 || res.RequestID[14] != '4' {
		t.Errorf("the guest saw the request id %v, the caller %q", id, res.RequestID)
	}
	stream, _ := got["log_stream"].(string)
	if !strings.HasPrefix(stream, "2026/02/04/[$LATEST]") || len(stream) != len("2026/02/04/[$LATEST]")+32 {
		t.Errorf("the log stream is %q", stream)
	}
	for key, want := range map[string]any{
		"function_arn": "arn:aws:lambda:us-east-1:000000000000:function:function", "memory_mb": "128",
		"trace_id": "", "tenant": "", "feature": 0.0, "deadline_ms": float64(time.Date(2026, 2, 4, 1, 10, 0, 0, time.UTC).UnixMilli()),
	} {
		if got[key] != want {
			t.Errorf("%s is %v, want %v", key, got[key], want)
		}
	}
}

func TestGuestCall(t *testing.T) {
	lookup := func(_ context.Context, in []byte) ([]byte, error) {
		if string(in) == `"missing"` {
			return nil, errors.New("no such thing")
		}
		return append([]byte("for "), in...), nil
	}
	box := newBox(t, guest(t, "c/call"), sandbox.Config{Calls: sandbox.Calls{"price.lookup": lookup}})
	for event, want := range map[string]string{
		`"tea"`:     `{"call":4,"head":"{\"status\":200,\"headers\":{}}","body":"for \"tea\"","close":0,"unregistered":-52}`,
		`"missing"`: `{"call":4,"head":"{\"status\":500,\"headers\":{}}","body":"{\"errorType\":\"Lambent.CallFailed\",\"errorMessage\":\"no such thing\"}","close":0,"unregistered":-52}`,
	} {
		if got := run(t, box, event); got != want {
			t.Errorf("event %s: answered\n%s, want\n%s", event, got, want)
		}
	}
	none := newBox(t, guest(t, "c/call"), sandbox.Config{})
	if got, want := run(t, none, "1"), `{"call":-52,"unregistered":-52}`; got != want {
		t.Errorf("without Calls: answered %s, want %s", got, want)
	}
}

// TestGuestFiles reads the package, writes /tmp and finds nothing else.
func TestGuestFiles(t *testing.T) {
	files := fstest.MapFS{"hello.txt": {Data: []byte("from the package")}}
	box := newBox(t, guest(t, "c/files"), sandbox.Config{Files: files})
	for range 2 { // the second finds /tmp as empty as the first
		got := decode[map[string]any](t, run(t, box, "null"))
		names := strings.Fields(got["list"].(string))
		slices.Sort(names)
		got["list"] = strings.Join(names, " ")
		if outside := got["outside"]; outside != -44.0 && outside != -63.0 && outside != -76.0 {
			t.Errorf("a file outside answered %v", outside)
		}
		delete(got, "outside")
		want := map[string]any{
			"write": 5.0, "append": 5.0, "read": "helloworld", "stat": 0.0, "size": 10.0, "mkdir": 0.0, "list": "a.txt d", "rename": 0.0,
			"nonempty": -55.0, "unlink": 0.0, "rmdir": 0.0, "left": "", "missing": -44.0, "task": "from the package", "task_write": -69.0,
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("answered\n%v, want\n%v", got, want)
		}
	}
}

func TestGuestNet(t *testing.T) {
	box := newBox(t, guest(t, "c/net"), sandbox.Config{})
	want := `{"http_send":-2,"sock_open":-2,"connect_loopback":-2,"connect_smtp":-2,"datagram":-58}`
	if got := run(t, box, "null"); got != want {
		t.Errorf("answered %s, want %s", got, want)
	}
}

func TestGuestHandlers(t *testing.T) {
	for _, name := range []string{"one", "two"} {
		box := newBox(t, guest(t, "c/handlers"), sandbox.Config{Handler: name})
		if got, want := box.Handlers(), []string{"one", "two"}; !slices.Equal(got, want) {
			t.Errorf("the handlers are %q, want %q", got, want)
		}
		if got, want := run(t, box, "null"), fmt.Sprintf(`{"handler":%q,"late":-63}`, name); got != want {
			t.Errorf("answered %s, want %s", got, want)
		}
	}
	for _, name := range []string{"", "three", "One", "one "} {
		_, err := sandbox.New(t.Context(), testEngine(t), guest(t, "c/handlers"), patient(sandbox.Config{Handler: name}))
		if want := fmt.Sprintf("Handler is %q; the module has one, two", name); !errors.Is(err, sandbox.ErrConfig) || !strings.Contains(err.Error(), want) {
			t.Errorf("handler %q: %v, want %q", name, err, want)
		}
	}
}

// TestGuestStdio looks at a C program's environment, exits and answers.
func TestGuestStdio(t *testing.T) {
	box := newBox(t, guest(t, "c/stdio"), sandbox.Config{Limits: sandbox.Limits{Time: time.Hour}})
	if box.Model() != sandbox.Stdio {
		t.Errorf("the model is %s", box.Model())
	}
	var book logbook
	before := time.Now()
	res, err := box.Do(t.Context(), sandbox.Request{Event: []byte(`[1, 2]`), ID: "r-1", TraceID: "Root=1", ClientContext: json.RawMessage(`{"a":1}`), Log: book.add})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(res.Response), "{\"bytes\":6,\"event\":[1, 2]}\n"; got != want {
		t.Errorf("answered %q, want %q", got, want)
	}
	if len(book) != 6 {
		t.Fatalf("logged %d lines, want 6: %v", len(book), book)
	}
	name, value, _ := strings.Cut(book[2].Text, "=")
	deadline, err := strconv.ParseInt(value, 10, 64)
	if low, high := before.Add(time.Hour).UnixMilli(), time.Now().Add(time.Hour).UnixMilli(); name != "LAMBENT_DEADLINE_MS" || err != nil || deadline < low || deadline > high {
		t.Errorf("logged %q, want a deadline of %d to %d", book[2].Text, low, high)
	}
	book = slices.Delete(book, 2, 3)
	var want logbook
	for _, text := range []string{
		"LAMBENT_REQUEST_ID=r-1",
		"LAMBENT_FUNCTION_ARN=arn:aws:lambda:us-east-1:000000000000:function:function",
		`LAMBENT_CLIENT_CONTEXT={"a":1}`,
		"LAMBENT_TRACE_ID=Root=1",
		"event of 6 bytes",
	} {
		want = append(want, logged{sandbox.Stderr, sandbox.Info, text})
	}
	if !slices.Equal(book, want) {
		t.Errorf("logged\n%v, want\n%v", book, want)
	}
}

// TestStdioExits ends a program in each of its ways; what it printed is its
// error only if that is an error object and its exit code is not 0.
func TestStdioExits(t *testing.T) {
	box := newBox(t, guest(t, "c/stdio"), sandbox.Config{})
	for event, want := range map[string]string{
		`{"exit":1}`:       "Runtime.ExitError: RequestId: r Error: Runtime exited with error: exit status 1",
		`{"exit":255}`:     "Runtime.ExitError: RequestId: r Error: Runtime exited with error: exit status 255",
		`{"error":"Oops"}`: "Oops: as the event asked",
	} {
		res, err := box.Do(t.Context(), sandbox.Request{Event: []byte(event), ID: "r"})
		if _, ok := errors.AsType[*sandbox.FunctionError](err); !ok || err.Error() != want {
			t.Errorf("event %s: %v, want %s", event, err, want)
		}
		if res.RequestID != "r" || len(res.Response) != 0 {
			t.Errorf("event %s: the result is %+v", event, res)
		}
	}
	if got := run(t, box, `{"exit":0}`); got != "" {
		t.Errorf("exit 0 without a word: answered %q", got)
	}
	_, err := box.Run(t.Context(), []byte(`{"error":"Oops"}`))
	failed, _ := errors.AsType[*sandbox.FunctionError](err)
	if got, want := decode[map[string]string](t, string(failed.Payload)), map[string]string{"errorType": "Oops", "errorMessage": "as the event asked"}; !maps.Equal(got, want) {
		t.Errorf("the payload is %v, want %v", got, want)
	}
}
