package sandbox_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/sandbox"
)

// answer is the response of c/call to an event, as far as the call went.
func answer(status int, body string) string {
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(body)
	return fmt.Sprintf(`{"call":4,"head":"{\"status\":%d,\"headers\":{}}","body":"%s","close":0,"unregistered":-52}`, status, quoted)
}

type nilError struct{ text string }

func (e *nilError) Error() string { return e.text }

// TestCallsThatGoWrong calls functions of the embedder that fail in every way
// a Go function can.
func TestCallsThatGoWrong(t *testing.T) {
	quietly(t)
	for _, c := range []struct {
		name string
		call sandbox.Call
		want string
	}{
		{"error", func(context.Context, []byte) ([]byte, error) { return []byte("lost"), errors.New("out of\n\"stock\"") },
			`{"errorType":"Lambent.CallFailed","errorMessage":"out of\n\"stock\""}`},
		{"panic", func(context.Context, []byte) ([]byte, error) { panic("secret") },
			`{"errorType":"Lambent.CallPanicked","errorMessage":"function \"price.lookup\" panicked"}`},
		{"goexit", func(context.Context, []byte) ([]byte, error) { runtime.Goexit(); return nil, nil },
			`{"errorType":"Lambent.CallPanicked","errorMessage":"function \"price.lookup\" panicked"}`},
		{"nil error", func(context.Context, []byte) ([]byte, error) { return nil, (*nilError)(nil) },
			`{"errorType":"Lambent.CallPanicked","errorMessage":"function \"price.lookup\" panicked"}`},
		{"too large", func(context.Context, []byte) ([]byte, error) { return make([]byte, 101), nil },
			`{"errorType":"Lambent.CallTooLarge","errorMessage":"function \"price.lookup\" answered 101 bytes; at most 100 are allowed"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			box := newBox(t, guest(t, "c/call"), sandbox.Config{Calls: sandbox.Calls{"price.lookup": c.call}, Limits: sandbox.Limits{CallBytes: 100}})
			if got, want := run(t, box, "1"), answer(500, c.want); got != want {
				t.Errorf("answered\n%s, want\n%s", got, want)
			}
		})
	}
}

// TestCallAtItsLimits passes and answers exactly as much as may be, and one
// byte more.
func TestCallAtItsLimits(t *testing.T) {
	echo := func(_ context.Context, in []byte) ([]byte, error) { return in, nil }
	box := newBox(t, guest(t, "c/call"), sandbox.Config{Calls: sandbox.Calls{"price.lookup": echo}, Limits: sandbox.Limits{CallBytes: 100}})
	event := strings.Repeat("1", 100)
	if got, want := run(t, box, event), answer(200, event); got != want {
		t.Errorf("100 bytes: answered %s, want %s", got, want)
	}
	if got, want := run(t, box, event+"1"), `{"call":-1,"unregistered":-52}`; got != want {
		t.Errorf("101 bytes: answered %s, want %s", got, want)
	}
}

// TestCallKeepsItsArgument changes the argument on both sides.
func TestCallKeepsItsArgument(t *testing.T) {
	kept := make(chan []byte, 2)
	box := newBox(t, guest(t, "c/call"), sandbox.Config{Calls: sandbox.Calls{"price.lookup": func(_ context.Context, in []byte) ([]byte, error) {
		kept <- in
		return nil, nil
	}}})
	run(t, box, `"one"`)
	run(t, box, `"two"`)
	if one, two := <-kept, <-kept; string(one) != `"one"` || string(two) != `"two"` {
		t.Errorf("the arguments became %q and %q", one, two)
	}
}

// flooder calls "slow" with a byte until that fails, closing each descriptor
// at once if closes.
func flooder(closes bool) []byte {
	end := func(imports) []byte { return nil }
	if closes {
		end = closeCall
	}
	return handler("slow", func(f imports) [][]byte {
		return [][]byte{callLoop(f, 1, end(f)), wb.I32Const(0)}
	})
}

// callLoop calls "slow" with so many bytes up to 1,000 times, each time with
// the descriptor in local 0 followed by then. When a call fails it answers how
// many did not, and −errno, in two bytes each.
func callLoop(f imports, bytes int32, then []byte) []byte {
	return wb.Cat(
		wb.Loop(wb.Empty),
		wb.I32Const(text), wb.I32Const(4), wb.I32Const(text), wb.I32Const(bytes), wb.Call(f["call"]), wb.LocalTee(0),
		wb.I32Const(0), wb.I32LtS, wb.If(wb.Empty), answerCalls(f), wb.I32Const(0), wb.Return, wb.End,
		then,
		wb.I32Const(0), wb.I32Const(0), wb.I32Load(0), wb.I32Const(1), wb.I32Add, wb.I32Store(0),
		wb.I32Const(0), wb.I32Load(0), wb.I32Const(1000), wb.I32LtU, wb.BrIf(0),
		wb.End, wb.I32Const(0), wb.LocalSet(0), answerCalls(f))
}

// answerCalls answers the number of calls and, in local 0, what ended them.
func answerCalls(f imports) []byte {
	return wb.Cat(
		wb.I32Const(0), wb.LocalGet(0), wb.I32Store(2),
		wb.I32Const(0), wb.I32Const(4), wb.Call(f["response_write"]), wb.Drop)
}

// awaitHead asks for the head of a call until it is there.
func awaitHead(f imports) []byte {
	return wb.Cat(
		wb.Loop(wb.Empty),
		wb.LocalGet(0), wb.I32Const(0), wb.I32Const(0), wb.Call(f["http_head"]), wb.I32Const(-6), wb.I32Eq, wb.BrIf(0),
		wb.End)
}

func closeCall(f imports) []byte { return wb.Cat(wb.LocalGet(0), wb.Call(f["fd_close"]), wb.Drop) }

// TestCallsFollowEachOther makes a thousand calls, one at a time where no more
// may be under way: the function has returned for the limit, too, as soon as
// the guest can know.
func TestCallsFollowEachOther(t *testing.T) {
	wasm := handler("slow", func(f imports) [][]byte {
		return [][]byte{callLoop(f, 1, wb.Cat(awaitHead(f), closeCall(f))), wb.I32Const(0)}
	})
	box := newBox(t, wasm, sandbox.Config{
		Limits: sandbox.Limits{Calls: 1},
		Calls:  sandbox.Calls{"slow": func(_ context.Context, in []byte) ([]byte, error) { return in, nil }},
	})
	if got, want := run(t, box, ""), "\xe8\x03\x00\x00"; got != want {
		t.Errorf("answered %q, want %q", got, want)
	}
}

// TestCallFlood starts calls without end. As many as Limits.Calls run at once,
// also if the guest has closed them all and the function does not look at its
// context; and they outlive neither the Sandbox's patience nor its Close.
func TestCallFlood(t *testing.T) {
	for _, closes := range []bool{false, true} {
		t.Run(fmt.Sprintf("closes=%v", closes), func(t *testing.T) {
			before := holdings(t)
			release := make(chan struct{})
			var running, most atomic.Int64
			box, err := sandbox.New(t.Context(), testEngine(t), flooder(closes), patient(sandbox.Config{
				Limits: sandbox.Limits{Calls: 5},
				Calls: sandbox.Calls{"slow": func(context.Context, []byte) ([]byte, error) {
					most.Store(max(most.Load(), running.Add(1)))
					<-release // whatever ctx says
					return nil, nil
				}},
			}))
			if err != nil {
				t.Fatal(err)
			}
			for range 3 {
				if got, want := run(t, box, ""), "\x05\x00\xfa\xff"; got != want { // −EAGAIN
					t.Errorf("answered %q, want %q", got, want)
				}
			}
			if err := box.Close(); err != nil { // does not wait for them
				t.Error(err)
			}
			close(release) // they return after the invocation
			if n := most.Load(); n > 15 {
				t.Errorf("%d calls ran at once, want 5 for each of 3 invocations", n)
			}
			before.compare(t)
		})
	}
}

// TestCallHoldsNoMoreThanItsLimit reads the heads of calls, which takes their
// answers over, and none of the bodies.
func TestCallHoldsNoMoreThanItsLimit(t *testing.T) {
	wasm := handler("slow", func(f imports) [][]byte {
		return [][]byte{callLoop(f, 0, awaitHead(f)), wb.I32Const(0)}
	})
	box := newBox(t, wasm, sandbox.Config{
		Limits: sandbox.Limits{Calls: 7, CallBytes: 1000},
		Calls:  sandbox.Calls{"slow": func(context.Context, []byte) ([]byte, error) { return make([]byte, 1000), nil }},
	})
	res, err := box.Run(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(res.Response), "\x07\x00\xfa\xff"; got != want {
		t.Errorf("answered %q, want %q", got, want)
	}
	if low := uint64(2<<16 + 7*1000); res.Usage.MemoryPeak < low || res.Usage.MemoryPeak > low+100 {
		t.Errorf("the peak is %d bytes, want those of two pages and 7 answers", res.Usage.MemoryPeak)
	}
}

// TestCallSeesTheInvocationEnd waits in a call for its context, while the guest
// closes the descriptor, returns, or runs out of time.
func TestCallSeesTheInvocationEnd(t *testing.T) {
	before := holdings(t)
	ended := make(chan error, 10)
	calls := sandbox.Calls{"price.lookup": func(ctx context.Context, _ []byte) ([]byte, error) {
		<-ctx.Done()
		ended <- ctx.Err()
		return nil, ctx.Err()
	}}
	calls["slow"] = calls["price.lookup"]
	for name, wasm := range map[string][]byte{"waiting": guest(t, "c/call"), "closing": flooder(true), "leaving": flooder(false)} {
		limits := sandbox.Limits{Calls: 1}
		if name == "waiting" {
			limits.Time = briefly
		}
		box, err := sandbox.New(t.Context(), testEngine(t), wasm, patient(sandbox.Config{Calls: calls, Limits: limits}))
		if err != nil {
			t.Fatal(err)
		}
		for tries := 1; ; tries++ {
			_, err = box.Run(t.Context(), nil)
			if (name == "waiting") != (err != nil && timesOutAfterBriefly(err)) {
				t.Errorf("%s: %v", name, err)
			}
			// On a machine that is slow the time may be over before the guest calls.
			var again <-chan time.Time
			if name == "waiting" && tries < 100 {
				again = time.After(10 * briefly)
			}
			select {
			case err := <-ended:
				if err == nil {
					t.Errorf("%s: the call's context was not done", name)
				}
			case <-again:
				continue
			}
			break
		}
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	}
	for len(ended) > 0 {
		<-ended
	}
	before.compare(t)
}

func timesOutAfterBriefly(err error) bool {
	return timesOut(err) && strings.HasSuffix(err.Error(), "Task timed out after 0.05 seconds")
}

// TestManyCallsAtOnce runs calls of many invocations.
func TestManyCallsAtOnce(t *testing.T) {
	box := newBox(t, guest(t, "c/call"), sandbox.Config{Calls: sandbox.Calls{
		"price.lookup": func(_ context.Context, in []byte) ([]byte, error) { return in, nil },
	}})
	var all sync.WaitGroup
	for g := range 8 {
		all.Go(func() {
			for i := range 20 {
				event := fmt.Sprint(100*g + i)
				res, err := box.Run(context.Background(), []byte(event))
				if got, want := string(res.Response), answer(200, event); err != nil || got != want {
					t.Errorf("answered %s, %v; want %s", got, err, want)
				}
			}
		})
	}
	all.Wait()
}

// quietly keeps the reports of panics that a test causes out of its output, and
// checks that there are some.
func quietly(t *testing.T) {
	var mu sync.Mutex
	var out bytes.Buffer
	previous := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(writerFunc(func(p []byte) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		return out.Write(p)
	}), nil)))
	t.Cleanup(func() {
		slog.SetDefault(previous)
		mu.Lock()
		defer mu.Unlock()
		if !strings.Contains(out.String(), "secret") {
			t.Errorf("the embedder's log does not say what panicked: %s", out.String())
		}
	})
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
