package engine

import (
	"context"
	"crypto/sha256"
	"errors"
	"runtime"
	"sync"
	"testing"
)

// countingEngine makes modules that know whether they are closed.
type countingEngine struct {
	Engine
	mu          sync.Mutex
	made, alive int
	wait        chan struct{} // Compile waits until it is closed
	fail        error         // of Load
	crash       func()        // in place of the next Compile
}

type countedModule struct {
	Module
	of *countingEngine
}

func (m *countedModule) Instantiate(context.Context, InstanceConfig) (Instance, error) {
	return nil, nil
}

func (m *countedModule) Close() error {
	m.of.mu.Lock()
	defer m.of.mu.Unlock()
	m.of.alive--
	return nil
}

func (e *countingEngine) make() (Module, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.made++
	e.alive++
	return &countedModule{of: e}, nil
}

func (e *countingEngine) Compile(context.Context, *Binary, *Host) (Module, error) {
	<-e.wait
	if crash := e.crash; crash != nil {
		e.crash = nil
		crash()
	}
	return e.make()
}

func (e *countingEngine) Load(context.Context, [sha256.Size]byte, *Host) (Module, error) {
	if e.fail != nil {
		return nil, e.fail
	}
	return e.make()
}

func (e *countingEngine) Close() error { return nil }

func (e *countingEngine) wants(t *testing.T, what string, made, alive int) {
	t.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.made != made || e.alive != alive {
		t.Errorf("%s: %d modules were made, %d are open; want %d and %d", what, e.made, e.alive, made, alive)
	}
}

func TestSharedModules(t *testing.T) {
	counting := &countingEngine{}
	eng, host := Shared(counting), NewHost()
	load := func(digest byte, host *Host) Module {
		m, err := eng.Load(t.Context(), [sha256.Size]byte{digest}, host)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	a, b := load(1, host), load(1, host)
	counting.wants(t, "the same twice", 1, 1)
	other, elsewhere := load(2, host), load(1, NewHost())
	counting.wants(t, "another digest, another host", 3, 3)
	for range 2 {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}
	counting.wants(t, "one of two closed, twice", 3, 3)
	if _, err := a.Instantiate(t.Context(), InstanceConfig{}); err == nil {
		t.Error("what is closed makes instances")
	}
	if _, err := b.Instantiate(t.Context(), InstanceConfig{}); err != nil {
		t.Error(err)
	}
	b.Close()
	counting.wants(t, "both closed", 3, 2)
	c := load(1, host)
	counting.wants(t, "loaded again", 4, 3)
	for _, m := range []Module{c, other, elsewhere} {
		m.Close()
	}
	counting.wants(t, "all closed", 4, 0)
}

// TestSharedFailures: what one cannot load another may, and a failure is not
// remembered.
func TestSharedFailures(t *testing.T) {
	counting := &countingEngine{fail: ErrNotCached, wait: make(chan struct{})}
	eng, host := Shared(counting), NewHost()
	binary, err := Check([]byte("\x00asm\x01\x00\x00\x00"), ModuleLimits{})
	if err != nil {
		t.Fatal(err)
	}
	if m, err := eng.Load(t.Context(), binary.Digest(), host); !errors.Is(err, ErrNotCached) || m != nil {
		t.Errorf("%v, %v", m, err)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			m, err := eng.Compile(t.Context(), binary, host)
			if err != nil {
				t.Error(err)
				return
			}
			m.Close()
		})
	}
	// Somebody who waits for a compilation, or is about to, gives up.
	ended, end := context.WithCancel(t.Context())
	end()
	for range 10 {
		if m, err := eng.Load(ended, binary.Digest(), host); err == nil || m != nil {
			t.Errorf("with a context that ended: %v, %v", m, err)
		}
	}
	close(counting.wait)
	all.Wait()
	counting.mu.Lock()
	defer counting.mu.Unlock()
	if counting.alive != 0 || counting.made == 0 {
		t.Errorf("%d modules were made, %d are open", counting.made, counting.alive)
	}
}

// TestSharedCrash: who waits for a compilation that never returns used to wait for
// ever.
func TestSharedCrash(t *testing.T) {
	binary, err := Check([]byte("\x00asm\x01\x00\x00\x00"), ModuleLimits{})
	if err != nil {
		t.Fatal(err)
	}
	for name, crash := range map[string]func(){"panic": func() { panic("crash") }, "goexit": runtime.Goexit} {
		counting := &countingEngine{wait: make(chan struct{}), crash: crash}
		eng, host := Shared(counting), NewHost()
		compiling := make(chan struct{})
		go func() {
			defer close(compiling)
			defer func() { recover() }()
			eng.Compile(t.Context(), binary, host)
			t.Errorf("%s: Compile returned", name)
		}()
		shared := eng.(*sharedEngine)
		for joined := false; !joined; runtime.Gosched() {
			shared.mu.Lock()
			joined = len(shared.modules) > 0
			shared.mu.Unlock()
		}
		// The first one is under way: these wait for it, or make what it does not.
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				m, err := eng.Compile(t.Context(), binary, host)
				if err != nil {
					t.Errorf("%s: %v", name, err)
					return
				}
				m.Close()
			})
		}
		close(counting.wait)
		all.Wait()
		<-compiling
		counting.mu.Lock()
		if counting.alive != 0 || counting.made == 0 {
			t.Errorf("%s: %d modules were made, %d are open", name, counting.made, counting.alive)
		}
		counting.mu.Unlock()
	}
}
