package workflow

import (
	"context"
	"errors"
	"sync"

	"github.com/lambent-dev/lambent/host/internal/asl/driver"
	"github.com/lambent-dev/lambent/host/internal/fault"
)

// Service is the state machines of one account in one region, and their
// executions. It is safe for concurrent use. Every error it returns is a
// *fault.Error, but for the cause of a context that ended.
type Service struct {
	config      Config
	budget      *driver.Budget // of executions that run
	definitions *definitions
	executions  *executions
	activities  *activities

	life  context.Context // of tasks; done when the Service closes
	end   context.CancelFunc
	tasks chan struct{} // one element for each function that is being called
	tests chan struct{} // one element for each state that is being tested

	waiting chan struct{}  // one element for each call that waits; see wait
	work    sync.WaitGroup // goroutines that do tasks

	mu     sync.Mutex // guards closed, and work.Add against Close
	closed bool
}

// New makes a Service. It reads nothing from the store.
func New(config Config) (*Service, error) {
	if config.Store == nil || config.Functions == nil {
		return nil, errors.New("workflow: Config needs a Store and Functions")
	}
	config.complete()
	s := &Service{
		config:     config,
		budget:     driver.NewBudget(config.Running, config.Memory),
		executions: newExecutions(config.Kept),
		activities: newActivities(),
		tasks:      make(chan struct{}, config.Tasks),
		tests:      make(chan struct{}, maxTests),
		waiting:    make(chan struct{}, config.Waiting),
	}
	s.definitions = newDefinitions(s.budget, config.Definitions)
	s.life, s.end = context.WithCancel(context.Background())
	return s, nil
}

// Close ends executions and the calls that they make, and waits for those. The
// store and the functions stay open: they are their owner's. Later calls get
// ServiceUnavailable.
func (s *Service) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.executions.close() // before the calls of functions end, or executions fail by that
	s.end()
	s.work.Wait()
}

// enter lets a goroutine begin work that Close waits for; s.work.Done follows.
func (s *Service) enter() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return errClosing
	}
	s.work.Add(1)
	return nil
}

// wait lets a call wait until it calls done. Errors: TooManyRequests.
func (s *Service) wait() (done func(), err error) {
	select {
	case s.waiting <- struct{}{}:
		return func() { <-s.waiting }, nil
	default:
		return nil, fault.New(fault.TooManyRequests, "%d requests wait for executions, tasks and tests, which is the most that may at once.", cap(s.waiting))
	}
}

var errClosing = fault.New(fault.ServiceUnavailable, "The host is shutting down.")
