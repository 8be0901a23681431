package enginetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/lambent-dev/lambent/engine"
)

// proofCalls are the host functions that random programs call: "wait" gives up
// the thread, "poke" writes to memory, "cancel" ends the event's context, "stop"
// and "panic" end the guest.
var proofCalls = []string{"wait", "poke", "cancel", "stop", "panic"}

// prover runs events in instances of an image and looks at what is left.
type prover struct {
	t      *testing.T
	random *rand.Rand
	module engine.Module
	image  engine.Image
	memory []byte   // of the image
	bits   []uint64 // of its globals
	cancel func()   // the event's context
	look   *secondLook

	in     engine.Instance // nil: the next event makes one
	where  []byte          // its memory, if it was put elsewhere
	probe  *probe          // of an instance that nobody used
	events int
	held   int            // events after which Restore had not to look
	ends   map[string]int // how events ended
}

// probe is what one and the same event does in any instance.
type probe struct {
	failed bool
	memory []byte
	bits   []uint64
	fuel   uint64
}

var errStop = errors.New("stopped by the host")

func (p *prover) hosts() []engine.HostFunc {
	calls := map[string]func(in engine.Instance){
		"wait": func(in engine.Instance) {
			if r := in.Restorer(); r != nil {
				r.Wait()
			}
		},
		"poke": func(in engine.Instance) {
			m := in.Memory()
			for range 3 {
				m[p.random.IntN(len(m))]++
			}
		},
		"cancel": func(engine.Instance) { p.cancel() },
		"stop":   func(engine.Instance) { engine.Stop(errStop) },
		"panic":  func(engine.Instance) { panic("a host function panics") },
	}
	var list []engine.HostFunc
	for _, name := range proofCalls {
		f := calls[name]
		list = append(list, hostFunc(name, nil, nil, func(_ context.Context, in engine.Instance, _ []uint64) { f(in) }))
	}
	return list
}

// proveRandomPrograms runs n events of random programs, some of each.
func proveRandomPrograms(t *testing.T, eng engine.Engine, n int) {
	const each = 8 * ends // every end once
	seed := rand.Uint64()
	held, ends := 0, make(map[string]int)
	for program := 0; n > 0 && !t.Failed(); program++ {
		p := newProver(t, eng, rand.New(rand.NewPCG(seed, uint64(program))), ends)
		for i := range min(n, each) {
			if err := p.event(); err != nil {
				t.Errorf("seed %d, program %d, event %d: %v", seed, program, i, err)
				break
			}
		}
		p.close()
		held += p.held
		n -= each
	}
	t.Logf("events ended %v; in %d the gate held", ends, held)
	for _, way := range []string{"well", "trap", "stop", "panic", "cancelled", "out of fuel"} {
		if ends[way] == 0 && !t.Failed() {
			t.Errorf("no event ended by %q: nothing is shown of that", way)
		}
	}
}

// newProver compiles a random program and freezes an instance of it.
func newProver(t *testing.T, eng engine.Engine, r *rand.Rand, ends map[string]int) *prover {
	for {
		if p := tryProver(t, eng, r, ends); p != nil {
			return p
		}
	}
}

// tryProver returns nil if the init phase traps.
func tryProver(t *testing.T, eng engine.Engine, r *rand.Rand, ends map[string]int) *prover {
	p := &prover{t: t, random: r, cancel: func() {}, look: newSecondLook(t), ends: ends}
	made := randomProgram(r)
	m, err := eng.Compile(context.Background(), check(t, made.b), engine.NewHost(p.hosts()...))
	if err != nil {
		t.Fatal(err)
	}
	p.module = m
	in, err := m.Instantiate(context.Background(), engine.InstanceConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	in.Meter().Begin(proofFuel)
	if _, err := call(context.Background(), t, in, "run0", r.Uint64(), 1); err != nil {
		p.look.close()
		m.Close()
		return nil
	}
	p.memory = bytes.Clone(in.Memory())
	for i := range made.globals {
		p.bits = append(p.bits, must(t, in, "global"+strconv.Itoa(i)))
	}
	if p.image, err = in.Freeze(); err != nil {
		t.Fatal(err)
	}
	return p
}

// proofFuel is what an event gets: more than one takes that ends by itself.
const proofFuel = 5_000_000

func (p *prover) close() {
	if p.in != nil {
		p.in.Close()
	}
	p.image.Close()
	p.module.Close()
	p.look.close()
}

// event runs one event, restores the instance and says what is not as it was.
func (p *prover) event() error {
	if p.in == nil {
		in, err := p.image.Instantiate(engine.InstanceConfig{})
		if err != nil {
			return err
		}
		p.in = in
	}
	if p.random.IntN(8) == 0 {
		if err := p.compareProbe(); err != nil {
			return err
		}
		if p.in == nil {
			return nil
		}
	}
	in, r := p.in, p.in.Restorer()
	r.Watch()
	before := in.Memory()
	if p.random.IntN(16) == 0 && !bytes.Equal(before, p.memory) { // as the event sees it
		return errors.New("an event finds another memory")
	}
	f := "run" + strconv.Itoa(p.random.IntN(runs))
	if p.events++; p.events%8 == 0 {
		f = "end" + strconv.Itoa(p.events/8%ends)
	}
	err := p.run(in, proofFuel, f, p.random.Uint64(), p.random.Uint64())
	after := in.Memory()
	pages := r.Settle()
	if err != nil {
		defer func() { p.in = nil }()
		if r.Restore() == nil {
			return fmt.Errorf("an instance is restored whose call failed: %v", err)
		}
		return in.Close()
	}
	if pages >= 0 {
		p.held++
	}
	if err := errors.Join(r.Restore(), r.Verify()); err != nil {
		return err
	}
	if &before[0] == &after[0] { // it does not move when it is restored
		if err := p.look.compare(after, p.memory); err != nil {
			return fmt.Errorf("%w; there were %d pages to restore", err, pages)
		}
	}
	return p.compareState(in)
}

// run calls a function with a context that the guest can cancel.
func (p *prover) run(in engine.Instance, fuel uint64, name string, params ...uint64) error {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	p.cancel = func() { cancel(errCause) }
	in.Meter().Begin(fuel)
	_, err := call(ctx, p.t, in, name, params...)
	var trap *engine.Trap
	switch {
	case err == nil:
		p.ends["well"]++
	case errors.As(err, &trap):
		p.ends["trap"]++
	case errors.Is(err, errStop):
		p.ends["stop"]++
	case errors.Is(err, engine.ErrHostPanic):
		p.ends["panic"]++
	case errors.Is(err, engine.ErrInterrupted):
		p.ends["cancelled"]++
	case errors.Is(err, engine.ErrOutOfFuel):
		p.ends["out of fuel"]++
	default:
		p.t.Errorf("an event ended by %v", err)
	}
	return err
}

// compareState compares globals, by calls that touch no memory.
func (p *prover) compareState(in engine.Instance) error {
	for i, want := range p.bits {
		if got := must(p.t, in, "global"+strconv.Itoa(i)); got != want {
			return fmt.Errorf("global %d is %#x, was %#x", i, got, want)
		}
	}
	return nil
}

// compareProbe has the instance do what another one did that nobody had used.
func (p *prover) compareProbe() error {
	got, err := p.probeIn(p.in)
	if err != nil || got.failed {
		p.in.Close()
		p.in = nil
	}
	if p.probe == nil {
		fresh, freshErr := p.image.Instantiate(engine.InstanceConfig{})
		if freshErr != nil {
			return freshErr
		}
		defer fresh.Close()
		if p.probe, freshErr = p.probeIn(fresh); freshErr != nil {
			return freshErr
		}
	}
	want := p.probe
	switch {
	case err != nil:
		return err
	case got.failed != want.failed || got.fuel != want.fuel:
		return fmt.Errorf("the same event took %d units and failed: %t; in a new instance %d, %t", got.fuel, got.failed, want.fuel, want.failed)
	case !bytes.Equal(got.memory, want.memory) || !slices.Equal(got.bits, want.bits):
		return errors.New("the same event leaves another state than in a new instance")
	}
	return nil
}

func (p *prover) probeIn(in engine.Instance) (*probe, error) {
	r := in.Restorer()
	r.Watch()
	random := p.random
	p.random = rand.New(rand.NewPCG(7, 8)) // "poke" does the same
	err := p.run(in, 0, "run1", 0x1234_5678, 1)
	p.random = random
	got := &probe{failed: err != nil, memory: bytes.Clone(in.Memory()), fuel: in.Meter().Used()}
	for i := range p.bits {
		if err == nil {
			got.bits = append(got.bits, must(p.t, in, "global"+strconv.Itoa(i)))
		}
	}
	r.Settle()
	if err != nil {
		return got, nil
	}
	return got, r.Restore()
}
