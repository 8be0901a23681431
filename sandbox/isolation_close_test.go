package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/sandbox"
)

// dirty is a script that writes to so many pages that its instance is restored in
// the background.
func dirty() string {
	var b strings.Builder
	for n := range 40 {
		fmt.Fprintf(&b, "f%04d", n*211)
	}
	return `"` + b.String() + `"`
}

// TestCloseAmongRestores closes a Sandbox, and sheds its idle instances, while
// events run and instances are restored in the background. None is used after it
// was destroyed, or left over.
func TestCloseAmongRestores(t *testing.T) {
	before := holdings(t)
	script := []byte(dirty())
	for round := range 6 {
		box, err := sandbox.New(t.Context(), testEngine(t), scriptGuest(), patient(sandbox.Config{Verify: 1, Limits: sandbox.Limits{Idle: 3}}))
		if err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		var events atomic.Int64
		for range 4 {
			all.Go(func() {
				for {
					_, err := box.Run(context.Background(), script)
					if errors.Is(err, sandbox.ErrClosed) {
						return
					}
					if err != nil {
						t.Error(err)
					}
					events.Add(1)
				}
			})
		}
		all.Go(func() {
			for events.Load() < int64(10+5*round) {
				box.Shed(0)
			}
			if err := box.Close(); err != nil {
				t.Error(err)
			}
			box.Shed(0)
		})
		all.Wait()
		if n, bytes := box.Idle(); n != 0 || bytes != 0 {
			t.Errorf("%d instances with %d bytes are idle in a closed Sandbox", n, bytes)
		}
	}
	before.compare(t)
}

// TestAnswersToFormerEvents has a function of the embedder answer when the event
// that called it is long over, and others look.
func TestAnswersToFormerEvents(t *testing.T) {
	release := make(chan struct{})
	var under sync.WaitGroup
	p := newScriptProof(t, sandbox.Pristine)
	box := newBox(t, scriptGuest(), sandbox.Config{
		Now:    func() time.Time { return time.Unix(1_800_000_000, 0) },
		Random: same{},
		Calls: sandbox.Calls{"slow": func(context.Context, []byte) ([]byte, error) {
			under.Add(1)
			defer under.Done()
			<-release
			return []byte("CANARY!"), nil
		}},
	})
	p.box = box
	var err error
	if p.first, err = p.find(); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		if err := errors.Join(p.run(`"C0000s0001C0000"`), p.look()); err != nil {
			t.Fatal(err)
		}
	}
	close(release)
	for range 20 {
		if err := p.look(); err != nil {
			t.Fatal(err)
		}
	}
	under.Wait()
	if err := p.look(); err != nil {
		t.Fatal(err)
	}
}

// moody is a source of randomness that gives zeros, or ones.
type moody struct{ ones atomic.Bool }

func (m *moody) Read(p []byte) (int, error) {
	clear(p)
	if m.ones.Load() {
		for i := range p {
			p[i] = 1
		}
	}
	return len(p), nil
}

// TestInitThatEndsLate: an instance whose init phase fails with an event is given
// up, whatever the mode, and the next one goes through it again.
func TestInitThatEndsLate(t *testing.T) {
	var b wb.Builder
	i32 := wb.Types{wb.I32}
	random := b.ImportFunc("wasi_snapshot_preview1", "random_get", b.Type(wb.Types{wb.I32, wb.I32}, i32))
	b.Memory(1, 1)
	b.ExportMemory()
	phase := b.Type(nil, i32)
	// It spins unless chance is 0.
	b.ExportFunc("lambent_init", b.Func(phase, nil, wb.I32Const(0), wb.I32Const(1), wb.Call(random), wb.Drop,
		wb.Loop(wb.Empty), wb.I32Const(0), wb.I32Load8U(0), wb.BrIf(0), wb.End, wb.I32Const(0)))
	b.ExportFunc("lambent_handle", b.Func(phase, nil, wb.I32Const(0)))
	before := holdings(t)
	for _, mode := range []string{"init=each", "reuse"} {
		mood := new(moody)
		late := func(err error) bool {
			failed, ok := errors.AsType[*sandbox.FunctionError](err)
			return ok && failed.Type == sandbox.TypeTimeout
		}
		open := func() (*sandbox.Sandbox, error) {
			return sandbox.New(t.Context(), testEngine(t), b.Bytes(), sandbox.Config{
				Limits:   sandbox.Limits{Init: 100 * time.Millisecond, Time: time.Hour},
				Manifest: sandbox.Manifest{Mode: mode}, Random: mood,
			})
		}
		box, err := open()
		for late(err) { // a slow machine may need several times
			box, err = open()
		}
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			mood.ones.Store(true)
			_, err = box.Run(t.Context(), []byte("{}"))
			if !late(err) {
				t.Errorf("%s: an init phase that spins: %v", mode, err)
			}
			if n, _ := box.Idle(); n != 0 {
				t.Errorf("%s: an instance is idle that did not get through its init phase", mode)
			}
		}
		mood.ones.Store(false)
		_, err = box.Run(t.Context(), []byte("{}"))
		for late(err) {
			_, err = box.Run(t.Context(), []byte("{}"))
		}
		if err != nil {
			t.Error(err)
		}
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	}
	before.compare(t)
}
