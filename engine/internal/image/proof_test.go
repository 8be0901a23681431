package image

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"
)

// event is one event of a guest that does at random what guests do.
type event struct {
	t      *testing.T
	random *rand.Rand
	memory *Memory
}

// run writes to the memory and restores it. It says whether the gate held.
func (e *event) run() (held bool, err error) {
	r, m := e.random, e.memory
	for range 1 + r.IntN(2) { // windows
		m.Watch()
		for range r.IntN(12) {
			e.step()
		}
		if r.IntN(8) == 0 {
			m.Void() // and on it goes, wherever the goroutine wakes up
			runtime.Gosched()
			e.step()
		}
		held = m.Settle() >= 0
	}
	if r.IntN(16) == 0 {
		// Somebody writes who is not watched, as the host does to a new instance.
		e.poke(m.Bytes())
		held = false
	}
	return held, m.Restore()
}

func (e *event) step() {
	r, m := e.random, e.memory
	switch r.IntN(10) {
	case 0:
		if !m.Grow(uint64(len(m.Bytes()))+uint64(r.IntN(3))*pageSize) && uint64(len(m.Bytes())) < m.limit/2 {
			e.t.Errorf("%d bytes do not grow, the limit is %d", len(m.Bytes()), m.limit)
		}
	case 1:
		b := m.Bytes()
		if len(b) > 0 {
			from := r.IntN(len(b))
			to := from + r.IntN(min(len(b)-from, 10*blockSize))
			for i := range b[from:to] {
				b[from+i] = byte(r.Uint32())
			}
		}
	case 2:
		clear(m.Bytes()[:min(len(m.Bytes()), r.IntN(3*pageSize))]) // zeros where the image has data
	case 3:
		if b := m.Bytes(); len(b) > 0 {
			runtime.KeepAlive(b[r.IntN(len(b))])
		}
	default:
		e.poke(m.Bytes())
	}
}

// poke writes a few bytes, more often where it did before than elsewhere.
func (e *event) poke(b []byte) {
	if len(b) == 0 {
		return
	}
	at := e.random.IntN(len(b))
	if e.random.IntN(2) == 0 {
		at = e.random.IntN(8) * blockSize % len(b)
	}
	b[at] += byte(1 + e.random.IntN(255))
}

// contentOf makes a memory in which some blocks are zeros, and many at its end.
func contentOf(r *rand.Rand, size int) []byte {
	content := make([]byte, size)
	for at := 0; at < size/2; at += blockSize {
		if r.IntN(3) > 0 {
			for i := range blockSize {
				content[at+i] = byte(r.Uint32())
			}
		}
	}
	return content
}

// TestEverythingIsRestored runs random events in many memories on many
// goroutines, in every way there is, each compared with the image afterwards.
func TestEverythingIsRestored(t *testing.T) {
	events := 200
	if testing.Short() {
		events = 50
	}
	for name, p := range kinds() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			events := events
			if p.faults == nil && p.scan == nil {
				events /= 4 // every one copies or faults all of the memory
			}
			seed := rand.Uint64()
			r := rand.New(rand.NewPCG(seed, 0))
			content := contentOf(r, (1+r.IntN(12))*pageSize)
			i, err := freeze(p, content)
			if err != nil {
				t.Fatal(err)
			}
			var wg sync.WaitGroup
			held := make([]int, 6)
			for n := range held {
				wg.Go(func() {
					if err := runEvents(t, i, content, events, rand.New(rand.NewPCG(seed, 1+uint64(n))), &held[n]); err != nil {
						t.Errorf("seed %d, memory %d: %v", seed, n, err)
					}
				})
			}
			wg.Wait()
			if i.mapped && !bytes.Equal(i.content, content[:i.backed]) {
				t.Errorf("seed %d: the image changed", seed)
			}
			switch most := slices.Max(held); name {
			case "gate", "gate, drop", "unlisted":
				if most == 0 && Supported().Gate {
					t.Error("the gate never held: nothing is shown of it")
				}
			case "cannot drop": // it has a gate until it would drop
			default:
				if most > 0 {
					t.Error("there was a gate")
				}
			}
			if err := i.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

func runEvents(t *testing.T, i *Image, content []byte, events int, r *rand.Rand, held *int) error {
	m, err := i.within(Room{}, i.size+uint64(r.IntN(20))*pageSize)
	if err != nil {
		return err
	}
	e := event{t, r, m}
	for n := range events {
		gate, err := e.run()
		if err == nil {
			err = m.Verify()
		}
		if err == nil && n%64 == 63 && !bytes.Equal(m.bytes, content) {
			err = errors.New("it is not what was frozen") // looking maps all of it
		}
		if err == nil && m.shared && m.Private() > maxPrivate {
			err = fmt.Errorf("it keeps %d pages", m.Private())
		}
		if err != nil {
			return errors.Join(fmt.Errorf("event %d, gate %t: %w", n, gate, err), m.Release())
		}
		if gate {
			*held++
		}
	}
	return m.Release()
}

// TestVerifyNamesTheAddress changes single bytes behind the memory's back.
func TestVerifyNamesTheAddress(t *testing.T) {
	for name, p := range kinds() {
		r := rand.New(rand.NewPCG(1, 2))
		content := contentOf(r, 4*pageSize)
		i, err := freeze(p, content)
		if err != nil {
			t.Fatal(err)
		}
		defer i.Close()
		m, err := i.within(Room{}, 8*pageSize)
		if err != nil {
			t.Fatal(err)
		}
		defer m.Release()
		for range 50 {
			at := r.IntN(len(content))
			m.bytes[at]++
			want := fmt.Sprintf("image: the byte at address %#x is %#02x, in the image %#02x", at, content[at]+1, content[at])
			if err := m.Verify(); err == nil || err.Error() != want {
				t.Fatalf("%s: %v, want %s", name, err, want)
			}
			m.window.void = true
			if err := errors.Join(m.Restore(), m.Verify()); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		m.Grow(5 * pageSize)
		if m.Verify() == nil {
			t.Errorf("%s: the size differs", name)
		}
		m.bytes[4*pageSize] = 1
		m.bytes = m.bytes[:4*pageSize]
		if err := m.Verify(); m.shared && m.platform.present != nil && err == nil {
			t.Errorf("%s: it holds a page beyond its size", name)
		}
	}
}

// TestCanary leaves a word in memory and looks for it in the next event.
func TestCanary(t *testing.T) {
	events := 20000
	if testing.Short() {
		events = 1000
	}
	r := rand.New(rand.NewPCG(rand.Uint64(), 0))
	i, err := Freeze(contentOf(r, 2*pageSize))
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	m, err := i.within(Room{}, 4*pageSize)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Release()
	held := 0
	for n := range events {
		canary := fmt.Appendf(nil, "canary %016x", r.Uint64())
		m.Watch()
		b := m.Bytes()
		copy(b[r.IntN(len(b)-len(canary)):], canary)
		if n%3 == 0 {
			m.Grow(3 * pageSize)
			b = m.Bytes()
			copy(b[len(b)-pageSize+r.IntN(pageSize-len(canary)):], canary)
		}
		if !bytes.Contains(b, canary) {
			t.Fatal("the canary is not where it was left")
		}
		if m.Settle() >= 0 {
			held++
		}
		if err := m.Restore(); err != nil {
			t.Fatal(err)
		}
		m.Watch()
		if n%3 == 0 {
			m.Grow(3 * pageSize)
		}
		if bytes.Contains(m.Bytes(), canary) {
			t.Fatalf("event %d sees what the one before left", n)
		}
		m.Settle()
		if err := m.Restore(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d events, the gate held in %d", events, held)
}

// TestBigMemoriesCostNothing makes a hundred that are large and have one page
// of their own each.
func TestBigMemoriesCostNothing(t *testing.T) {
	if !Supported().Image {
		t.Skip("there are no images here that memories share")
	}
	content := make([]byte, 64<<20)
	for at := 0; at < len(content); at += os.Getpagesize() {
		content[at] = 1
	}
	i, err := Freeze(content)
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	for range 100 {
		m, err := i.within(Room{}, 4<<30)
		if err != nil {
			t.Fatal(err)
		}
		defer m.Release()
		m.Bytes()[0] = 2
		if err := errors.Join(m.Restore(), m.Verify()); err != nil {
			t.Fatal(err)
		}
		if !m.shared || m.Private() != 1 {
			t.Fatalf("it holds %d pages", m.Private())
		}
	}
}
