package sandbox

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"sync"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox/internal/abi"
	"github.com/lambent-dev/lambent/sandbox/internal/wasi"
)

// Sandbox is a module with its Policy, Limits and Calls. It is long-lived and
// safe for concurrent use.
type Sandbox struct {
	config   *Config // complete
	model    Model
	module   [sha256.Size]byte
	handlers []string // names that the module registered
	pool     *pool

	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup          // whatever uses pool
	end     context.CancelCauseFunc // of pool.life
	release sync.Once               // of pool
}

// New makes a Sandbox of the module wasm: it checks and compiles it, which may
// take seconds, and runs the init phase of a first instance. eng must outlive
// the Sandbox; wasm must not change.
//
// Errors wrap ErrConfig, ErrModule, engine.ErrMalformed, engine.ErrUnsupported,
// engine.ErrTooLarge, engine.ErrInvalid or engine.ErrMemoryLimit, or are a
// *engine.LinkError or an *InitError.
func New(ctx context.Context, eng engine.Engine, wasm []byte, config Config) (*Sandbox, error) {
	if err := config.complete(); err != nil {
		return nil, err
	}
	binary, model, files, err := check(wasm, config)
	if err != nil {
		return nil, err
	}
	module, err := eng.Compile(ctx, binary, host())
	if err != nil {
		return nil, err
	}
	digest := binary.Digest()
	return newSandbox(ctx, digest, &pool{config: &config, model: model, module: module, files: files, identity: config.identity(eng, digest)})
}

// newSandbox makes the Sandbox of a pool, whose module it closes if that fails.
func newSandbox(ctx context.Context, digest [sha256.Size]byte, p *pool) (*Sandbox, error) {
	p.environment, p.mode = p.config.environment(), p.config.mode()
	if p.mode == Reuse && p.model == Stdio {
		p.mode, p.why = Pristine, errProgram
	}
	p.makeShards()
	p.stream = sync.OnceValue(func() string { return newLogStream(p.config.Now(), p.config.Version, p.config.Random) })
	s := &Sandbox{config: p.config, model: p.model, module: digest, pool: p}
	p.life, s.end = context.WithCancelCause(context.Background())
	if err := s.first(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// host is what every guest may import. It is one value for the whole process,
// because engines keep what they derive from it.
var host = sync.OnceValue(func() *engine.Host {
	return engine.NewHost(slices.Concat(
		wasi.Functions(func(data any) *wasi.State { return &data.(*instance).wasi }),
		abi.Functions(func(data any) *abi.State { return &data.(*instance).abi }),
	)...)
})

// first runs the init phase once, so that a function that cannot start is
// found when it is made and not at its first event, checks Config.Handler, and
// freezes what later events begin with. Where an earlier Sandbox kept that, it
// is taken instead.
func (s *Sandbox) first(ctx context.Context) error {
	if handlers, ok := s.pool.thaw(); ok {
		s.handlers = handlers
		return nil
	}
	in := newInstance(s.pool)
	defer s.pool.destroy(in)
	defer in.leave()
	if err := in.enter(&Request{}); err != nil {
		return &InitError{err}
	}
	err := in.conclude(ctx, in.init(ctx), s.config.Limits.Init)
	if err != nil {
		return &InitError{err}
	}
	s.handlers = in.abi.Handlers
	if len(s.handlers) > 1 && !slices.Contains(s.handlers, s.config.Handler) {
		return fmt.Errorf("%w: Handler is %q; the module has %s", ErrConfig, s.config.Handler, enumerate(s.handlers))
	}
	if s.pool.mode == Pristine {
		if err := s.pool.freeze(ctx, in); err != nil {
			return err
		}
		s.pool.keep(s.handlers)
	}
	return nil
}

// Mode returns what state events find their instances in. If that is not what
// the manifest asks for, the error says why: instances of this function cannot be
// brought back to what the init phase left.
func (s *Sandbox) Mode() (Mode, error) { return s.pool.mode, s.pool.why }

// Idle returns how many instances wait for their next event, and the memory that
// they hold for themselves, in bytes, as Limits.IdleBytes counts it.
func (s *Sandbox) Idle() (instances int, bytes int64) {
	return int(s.pool.idle.Load()), s.pool.held.Load()
}

// Size returns about how many bytes of memory the Sandbox keeps. Code is what its
// module takes, the same at all times; Sandboxes of the same module have it in
// common on an engine.Shared engine. Own is the rest: the image of the init phase,
// instances that are idle, and what is kept of Files and Layers, but for the contents of
// those that are SharedFiles. What events under way write is in neither.
func (s *Sandbox) Size() (code, own int64) {
	own = s.pool.held.Load() + s.pool.files.Size()
	if s.pool.image != nil {
		own += int64(s.pool.image.Size())
	}
	return int64(s.pool.module.Size()), own
}

// Shed gives up instances that are idle, and with them their memory, until no
// more than keep are left. The next events make new ones.
func (s *Sandbox) Shed(keep int) {
	if s.enter() != nil {
		return // Close gives up all of them
	}
	defer s.running.Done()
	s.pool.shed(keep)
}

// Digest returns the SHA-256 of the module.
func (s *Sandbox) Digest() [sha256.Size]byte { return s.module }

// Model returns how the module is entered.
func (s *Sandbox) Model() Model { return s.model }

// Handlers returns the names that the module registered; none means that it
// has a single handler, without a name.
func (s *Sandbox) Handlers() []string { return slices.Clone(s.handlers) }

// Close ends invocations that are under way (their Run returns ErrClosed),
// waits for them, and releases the module. It may be called again, and returns
// when all that is done, whoever does it.
func (s *Sandbox) Close() (err error) {
	s.mu.Lock()
	s.closed = true
	s.end(ErrClosed) // before anybody is told so
	s.mu.Unlock()
	s.running.Wait()
	s.release.Do(func() { err = s.pool.close() })
	return err
}

// enter admits an invocation, or whatever else uses the pool, unless the Sandbox
// is closed; each is followed by s.running.Done.
func (s *Sandbox) enter() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	s.running.Add(1)
	return nil
}
