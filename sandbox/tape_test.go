package sandbox

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/engine"
)

// trace is what one invocation came to, down to the last bit of the guest's
// memory.
type trace struct {
	Response string
	Err      string
	Logs     []string
	Calls    uint64
	Bytes    uint64
	Fuel     uint64
	Memory   [sha256.Size]byte
}

// runTraced runs one request and looks at everything it left.
func runTraced(t *testing.T, s *Sandbox, r Request) trace {
	t.Helper()
	var o trace
	r.Log = func(l LogLine) { o.Logs = append(o.Logs, fmt.Sprintf("%v %v %s", l.Source, l.Level, l.Message)) }
	in, err := entered(s, &r)
	if err != nil {
		return trace{Err: err.Error()}
	}
	defer s.pool.give(in)
	res, err := in.run(t.Context(), &r)
	o.Response, o.Calls, o.Bytes, o.Fuel = string(res.Response), res.Usage.HostCalls, res.Usage.HostBytes, res.Usage.Fuel
	if err != nil {
		o.Err = err.Error()
	}
	o.Memory = sha256.Sum256(in.live.Memory())
	return o
}

// TestReplayIsBitExact records invocations of guests that ask the host all it
// can be asked, and replays them on a host that must not be asked anything.
func TestReplayIsBitExact(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and of one goroutine")
	}
	eng := engineForTapes(t)
	live := Config{Limits: Limits{Time: time.Minute}, Calls: Calls{
		"price.lookup": func(context.Context, []byte) ([]byte, error) { return []byte(`{"cents":1999}`), nil },
		"race": func(_ context.Context, in []byte) ([]byte, error) {
			time.Sleep(time.Duration(rand.IntN(3000)) * time.Microsecond)
			if in[0]%3 == 2 {
				return nil, errors.New("no luck")
			}
			return fmt.Appendf(nil, "%d", rand.Uint64()), nil
		},
	}}
	dead := live
	dead.Random = noRandomness{}
	dead.Calls = Calls{}
	for name := range live.Calls {
		dead.Calls[name] = func(context.Context, []byte) ([]byte, error) {
			t.Error("a replay called " + name)
			return nil, nil
		}
	}
	for _, test := range []struct{ name, wasm, event string }{
		{"Go reactor", buildGo(t, "testdata/go/tape"), `{"calls":5}`},
		{"C reactor that calls", "testdata/guests/c/call.wasm", `{"item":"teapot"}`},
		{"C reactor that asks its context", "testdata/guests/c/context.wasm", `{}`},
		{"C stdio", "testdata/guests/c/stdio.wasm", `{"name":"Ada"}`},
		{"C files", "testdata/guests/c/files.wasm", `{}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			wasm, err := os.ReadFile(test.wasm)
			if err != nil {
				t.Fatal(err)
			}
			box, err := New(t.Context(), eng, wasm, live)
			if err != nil {
				t.Fatal(err)
			}
			defer box.Close()
			recorder := &Recorder{}
			recorded := runTraced(t, box, Request{Event: []byte(test.event), Tape: recorder})
			if recorded.Err != "" {
				t.Fatal(recorded.Err)
			}
			// A tape survives being written down.
			written, err := json.Marshal(recorder.Answers)
			if err != nil {
				t.Fatal(err)
			}
			player := &Player{}
			if err := json.Unmarshal(written, &player.Answers); err != nil {
				t.Fatal(err)
			}
			box.config.Random, box.config.Calls = dead.Random, dead.Calls
			replayed := runTraced(t, box, Request{Event: []byte(test.event), Tape: player})
			if !reflect.DeepEqual(replayed, recorded) {
				t.Errorf("replayed\n%+v\nrecorded\n%+v", replayed, recorded)
			}
			if !player.Done() {
				t.Error("the replay did not ask for the whole tape")
			}
			if again := runTraced(t, box, Request{Event: []byte(test.event), Tape: player}); again.Err == "" {
				t.Error("a tape at its end still answered")
			}
		})
	}
}

// TestReplayLeavesTape: another answer makes another outcome, another question
// ends the invocation.
func TestReplayLeavesTape(t *testing.T) {
	wasm, err := os.ReadFile("testdata/guests/c/context.wasm")
	if err != nil {
		t.Fatal(err)
	}
	box, err := New(t.Context(), engineForTapes(t), wasm, Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	recorder := &Recorder{}
	recorded := runTraced(t, box, Request{Tape: recorder})
	if len(recorder.Answers) < 3 {
		t.Fatalf("only %d answers on the tape: %+v", len(recorder.Answers), recorder.Answers)
	}
	for i := range recorder.Answers {
		other := make([]Answer, len(recorder.Answers))
		copy(other, recorder.Answers)
		if other[i].Kind == AskDeadline || other[i].Kind == AskWall {
			other[i].Data = []byte{0, 0, 0, 0, 0, 0, 0, 1}
		} else {
			other[i].Data = append([]byte("x"), other[i].Data[1:]...)
		}
		o := runTraced(t, box, Request{Tape: &Player{Answers: other}})
		if tmpTime := i == 1 && other[i].Kind == AskWall; tmpTime {
			// When /tmp was made: this guest does not look.
		} else if o.Response == recorded.Response && o.Memory == recorded.Memory {
			t.Errorf("answer %d (%s) is not what the guest saw", i, other[i].Kind)
		}
		other[i].Kind = "other"
		_, err := box.Do(t.Context(), Request{Tape: &Player{Answers: other}})
		if left, ok := errors.AsType[*TapeError](err); !ok || left.Position != i {
			t.Errorf("another question at answer %d: %v", i, err)
		}
		_, err = box.Do(t.Context(), Request{Tape: &Player{Answers: recorder.Answers[:i]}})
		if left, ok := errors.AsType[*TapeError](err); !ok || left.Recorded != nil {
			t.Errorf("a tape of %d answers: %v", i, err)
		}
	}
}

type noRandomness struct{}

func (noRandomness) Read([]byte) (int, error) { return 0, errors.New("a replay asked for randomness") }

func engineForTapes(t *testing.T) engine.Engine {
	t.Helper()
	eng, err := OpenEngine("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { eng.Close() })
	return eng
}

// buildGo builds a Go function with the tool at hand and returns the module's
// path.
func buildGo(t testing.TB, dir string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "function.wasm")
	c := exec.CommandContext(t.Context(), "go", "build", "-buildmode=c-shared", "-o", out, "./"+dir)
	c.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm")
	if b, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", c, err, b)
	}
	return out
}
