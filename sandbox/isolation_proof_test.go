package sandbox_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/engine/enginetest"
	"github.com/lambent-dev/lambent/sandbox"
)

// TestProofScripts runs events that change all that a guest can change, on the
// guest's side and on the host's, and end in every way; between them, events that
// look. Each of those must find, and use, exactly what the first of all did.
func TestProofScripts(t *testing.T) {
	events := 1500
	if testing.Short() {
		events = 300
	}
	if text := os.Getenv(enginetest.ProofVariable); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		events = n / 10
	}
	for _, mode := range []sandbox.Mode{sandbox.Pristine, sandbox.InitEach} {
		t.Run(string(mode), func(t *testing.T) {
			p := newScriptProof(t, mode)
			seed := rand.Uint64()
			const goroutines = 4
			var all sync.WaitGroup
			for g := range goroutines {
				all.Go(func() {
					r := rand.New(rand.NewPCG(seed, uint64(g)))
					for n := range events / goroutines {
						script := randomScript(r)
						err := p.run(script)
						if err == nil {
							err = p.look()
						}
						if err != nil {
							t.Errorf("seed %d, goroutine %d, event %d, %s: %v", seed, g, n, script, err)
							return
						}
					}
				})
			}
			all.Wait()
			t.Logf("%d events, as many looks: %d", events, p.looks)
		})
	}
}

// scriptProof is a function of scripts with what the first look found.
type scriptProof struct {
	box   *sandbox.Sandbox
	first found

	mu    sync.Mutex
	looks int
}

// found is all that an event that looks came to.
type found struct {
	Response, Meta string
	Usage          sandbox.Usage
	Logs           string
}

// same is a source of randomness that is none.
type same struct{}

func (same) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'R'
	}
	return len(p), nil
}

func newScriptProof(t *testing.T, mode sandbox.Mode) *scriptProof {
	p := &scriptProof{box: newBox(t, scriptGuest(), sandbox.Config{
		Limits:   sandbox.Limits{Fuel: 20_000_000, Tmp: 1 << 20},
		Manifest: sandbox.Manifest{Mode: string(mode)},
		Verify:   1 << 30, // what is not pristine must be found by the guest
		Now:      func() time.Time { return time.Unix(1_800_000_000, 0) },
		Random:   io.Reader(same{}),
		Calls: sandbox.Calls{"slow": func(ctx context.Context, in []byte) ([]byte, error) {
			<-ctx.Done()
			return in, nil
		}},
	})}
	if got, why := p.box.Mode(); got != mode {
		t.Fatalf("the mode is %s: %v", got, why)
	}
	var err error
	if p.first, err = p.find(); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(p.first.Response, "CANARY!") || len(p.first.Response) < 3000 {
		t.Fatalf("the first look finds %q", p.first.Response)
	}
	return p
}

// run runs a script. An error is one that no script should come to.
func (p *scriptProof) run(script string) error {
	_, err := p.box.Do(context.Background(), sandbox.Request{Event: []byte(script), ID: "CANARY!" + script[:2], LogStream: "CANARY!", TraceID: "CANARY!"})
	if _, ok := errors.AsType[*sandbox.FunctionError](err); err != nil && !ok {
		return err
	}
	return nil
}

// find has an event look.
func (p *scriptProof) find() (found, error) {
	var logs strings.Builder
	res, err := p.box.Do(context.Background(), sandbox.Request{
		Event: []byte(`"?...."`), ID: "look", LogStream: "stream",
		Log: func(l sandbox.LogLine) { fmt.Fprintf(&logs, "%v\n", l) },
	})
	res.Usage.Duration, res.Usage.Init = 0, 0
	return found{string(res.Response), string(res.Meta), res.Usage, logs.String()}, err
}

// look has an event look, and says what is not as in the first.
func (p *scriptProof) look() error {
	p.mu.Lock()
	p.looks++
	p.mu.Unlock()
	got, err := p.find()
	if err != nil || reflect.DeepEqual(got, p.first) {
		return err
	}
	at := 0
	for at < min(len(got.Response), len(p.first.Response)) && got.Response[at] == p.first.Response[at] {
		at++
	}
	want := p.first
	got.Response, want.Response = got.Response[at:min(at+80, len(got.Response))], want.Response[at:min(at+80, len(want.Response))]
	return fmt.Errorf("an event finds, from byte %d on,\n%+v, the first one found\n%+v", at, got, want)
}

// randomScript is a script of a few deeds; one in four ends before its time.
func randomScript(r *rand.Rand) string {
	var b bytes.Buffer
	b.WriteByte('"')
	deed := func(letters string) {
		fmt.Fprintf(&b, "%c%04x", letters[r.IntN(len(letters))], r.IntN(1<<16))
	}
	for range r.IntN(20) {
		deed(scriptLetters)
	}
	if r.IntN(4) == 0 {
		deed(scriptEnds)
	}
	b.WriteByte('"')
	return b.String()
}
