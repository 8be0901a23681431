package function

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/lambent-dev/lambent/host/internal/auth/policy"
)

// Service is the functions of one account in one region. It is safe for
// concurrent use. Every error it returns is a *fault.Error, but for the cause of
// a context that ended.
//
// What a method answers without an error is on stable storage.
type Service struct {
	config Config
	live   *live
	layers layers
	routes *memo[route] // of aliases
	// policies are those of functions and their qualifiers.
	policies *memo[*policy.Document]
	queue    *queue

	life    context.Context // done when what is under way has to end
	end     context.CancelCauseFunc
	workers sync.WaitGroup // goroutines that settle deployments and tidy up
	loads   sync.WaitGroup // goroutines that load a slot
	loading chan struct{}  // one element for each that does so now

	checking chan struct{} // one element for each package that is unzipped now
	fetching chan struct{} // one for each that is fetched

	turns    turns
	storage  storage
	permits  permits
	warmer   *warmer
	urls     urls
	mappings sync.Mutex // held while an event source mapping is created, or given another function

	mu          sync.RWMutex // guards what follows; nothing is locked under it
	closed      bool
	invocations sync.WaitGroup
}

// New makes a Service and takes up, in the background, the deployments that the
// last one left unfinished. It reads nothing from the store.
func New(config Config) (*Service, error) {
	if config.Store == nil || config.Engine == nil {
		return nil, errors.New("function: Config needs a Store and an Engine")
	}
	if config.Sandboxes < 0 || config.SandboxMemory < 0 || config.CodeStorage < 0 || config.Compilers < 0 || config.Deployments < 0 || config.Patience < 0 ||
		config.ShrinkAfter < 0 || config.ParkAfter < 0 || config.DropAfter < 0 || config.Waits < 0 {
		return nil, fmt.Errorf("function: Sandboxes %d, SandboxMemory %d, CodeStorage %d, Compilers %d, Deployments %d, Patience %v, ShrinkAfter %v, ParkAfter %v, DropAfter %v, Waits %v: none may be negative",
			config.Sandboxes, config.SandboxMemory, config.CodeStorage, config.Compilers, config.Deployments, config.Patience, config.ShrinkAfter, config.ParkAfter, config.DropAfter, config.Waits)
	}
	config.complete()
	s := &Service{
		config:   config,
		live:     newLive(config.Sandboxes, config.SandboxMemory),
		routes:   newMemo[route](maxRemembered),
		policies: newMemo[*policy.Document](maxRemembered),
		queue:    newQueue(config.Deployments),
		warmer:   newWarmer(),
		storage:  storage{limit: config.CodeStorage},
		loading:  make(chan struct{}, max(2, runtime.GOMAXPROCS(0))),
		checking: make(chan struct{}, maxChecks),
		fetching: make(chan struct{}, maxChecks),
	}
	s.life, s.end = context.WithCancelCause(context.Background())
	s.workers.Add(config.Compilers + 5)
	for range config.Compilers {
		go s.work(deploying)
	}
	go s.work(verifying)
	go s.tend()
	go s.rest()
	go s.keepWarm()
	go s.preload()
	return s, nil
}

// enter admits an invocation; s.invocations.Done follows.
func (s *Service) enter() error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return s.failure(context.Background(), Ref{}, errClosing)
	}
	s.invocations.Add(1)
	return nil
}

// taking returns an error when no more changes are taken.
func (s *Service) taking() error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return s.failure(context.Background(), Ref{}, errClosing)
	}
	return nil
}

// Close lets invocations and deployments under way end until ctx does, then ends
// them; deployments are resumed by the next Service. The one thing it waits for
// without end is the compiler, which cannot be interrupted. The store and the
// engine stay open: they are their owner's. Later calls get ServiceUnavailable.
func (s *Service) Close(ctx context.Context) error {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.queue.close()
	s.note()

	ended := make(chan struct{})
	go func() {
		s.invocations.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-ctx.Done():
	}
	// Deployments that have begun are worth nothing unless they are settled, but
	// they can be begun again.
	s.end(errClosing)
	s.live.close()
	<-ended
	s.workers.Wait()
	s.loads.Wait()
	return nil
}
