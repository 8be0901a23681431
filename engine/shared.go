package engine

import (
	"context"
	"crypto/sha256"
	"errors"
	"sync"
	"sync/atomic"
)

// Shared returns eng such that Modules of the same digest and Host are one: what
// is compiled or loaded already, and not closed by all who have it, is neither
// compiled nor loaded again, and is in memory once. Closing what it returns closes
// eng.
func Shared(eng Engine) Engine {
	return &sharedEngine{Engine: eng, modules: make(map[moduleKey]*commonModule)}
}

type sharedEngine struct {
	Engine

	mu      sync.Mutex // guards what follows; held while nothing is compiled or closed
	modules map[moduleKey]*commonModule
	closed  bool
}

type moduleKey struct {
	digest [sha256.Size]byte
	host   *Host
}

// commonModule is a Module that some have, or the attempt to make one.
type commonModule struct {
	users  int           // guarded by sharedEngine.mu; who waits is one
	made   chan struct{} // closed when what follows is set
	Module Module
	err    error
}

// Compile implements Engine.
func (e *sharedEngine) Compile(ctx context.Context, b *Binary, host *Host) (Module, error) {
	return e.share(ctx, moduleKey{b.Digest(), host}, func() (Module, error) { return e.Engine.Compile(ctx, b, host) })
}

// Load implements Engine.
func (e *sharedEngine) Load(ctx context.Context, digest [sha256.Size]byte, host *Host) (Module, error) {
	return e.share(ctx, moduleKey{digest, host}, func() (Module, error) { return e.Engine.Load(ctx, digest, host) })
}

// share returns the Module of that key, which it makes if there is none.
func (e *sharedEngine) share(ctx context.Context, key moduleKey, make func() (Module, error)) (Module, error) {
	for {
		c, mine := e.join(key)
		if mine {
			if e.make(key, c, make); c.err != nil {
				return nil, c.err
			}
		}
		if err := c.wait(ctx); err != nil {
			return nil, errors.Join(err, e.release(key, c))
		}
		if c.err == nil {
			return &sharedModule{Module: c.Module, engine: e, key: key, common: c}, nil
		}
		// What another failed at may be none of ours: its context, or that it
		// wanted to load what this one compiles.
	}
}

// make makes c. Whoever waits for it goes on even if that panics, or ends its
// goroutine.
func (e *sharedEngine) make(key moduleKey, c *commonModule, make func() (Module, error)) {
	defer close(c.made)
	defer func() {
		if c.err != nil {
			e.forget(key, c)
		}
	}()
	c.err = errNotMade
	c.Module, c.err = make()
}

// wait waits until c is made, or could not be.
func (c *commonModule) wait(ctx context.Context) error {
	select {
	case <-c.made:
		return nil
	default:
	}
	select {
	case <-c.made:
		return nil
	case <-ctx.Done():
		return Interrupted(ctx)
	}
}

// join returns what there is of that key, or something new, which the caller makes.
func (e *sharedEngine) join(key moduleKey) (c *commonModule, mine bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if c = e.modules[key]; c != nil && !e.closed {
		c.users++
		return c, false
	}
	c = &commonModule{users: 1, made: make(chan struct{})}
	e.modules[key] = c
	return c, true
}

// forget has nobody join what could not be made.
func (e *sharedEngine) forget(key moduleKey, c *commonModule) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.modules[key] == c {
		delete(e.modules, key)
	}
}

// release takes one user from c. The last one closes the Module.
func (e *sharedEngine) release(key moduleKey, c *commonModule) error {
	e.mu.Lock()
	c.users--
	last := c.users == 0
	if last && e.modules[key] == c {
		delete(e.modules, key)
	}
	e.mu.Unlock()
	if !last {
		return nil
	}
	return c.Module.Close() // whoever made it was a user until it was made
}

// Close implements Engine.
func (e *sharedEngine) Close() error {
	e.mu.Lock()
	e.closed = true
	e.mu.Unlock()
	return e.Engine.Close()
}

var (
	errModuleClosed = errors.New("engine: the module is closed")
	errNotMade      = errors.New("engine: making the module did not return")
)

// sharedModule is a commonModule as one user has it.
type sharedModule struct {
	Module
	engine *sharedEngine
	key    moduleKey
	common *commonModule
	closed atomic.Bool
}

// Instantiate implements Module.
func (m *sharedModule) Instantiate(ctx context.Context, cfg InstanceConfig) (Instance, error) {
	if m.closed.Load() {
		return nil, errModuleClosed
	}
	return m.Module.Instantiate(ctx, cfg)
}

// Close implements Module.
func (m *sharedModule) Close() error {
	if m.closed.Swap(true) {
		return nil
	}
	return m.engine.release(m.key, m.common)
}
