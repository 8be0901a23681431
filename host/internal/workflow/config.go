package workflow

import (
	"cmp"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"time"

	cryptorand "crypto/rand"

	"github.com/lambent-dev/lambent/host/internal/asl/driver"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// Functions do the tasks of executions; *function.Service is one.
type Functions interface {
	Invoke(context.Context, function.InvokeInput) (function.InvokeOutput, error)
	ARN(function.Ref) string
}

// Config says what a Service works with. Store and Functions are required; the
// zero value of every other field means its default.
type Config struct {
	Store     store.Store
	Functions Functions

	Account, Region string // defaults: those of package function

	// Ephemeral lets executions of STANDARD machines run in memory, where they
	// end with the process, instead of refusing them.
	Ephemeral bool

	// Running is how many executions may run at once, those of distributed maps
	// included; more are refused, or wait if they are those of a map that has
	// others running. Default: DefaultRunning.
	Running int
	// Memory is how many bytes executions that run may take, with what they work
	// on, their histories and their definitions, about. When three quarters are
	// taken new ones are refused; one that grows beyond the whole fails. Default:
	// DefaultMemory.
	Memory int64
	// Definitions is how many bytes parsed definitions may take that no execution
	// uses; those that were not used for longest are parsed again. Default:
	// DefaultDefinitions.
	Definitions int64
	// Kept is how many bytes the histories of executions that are over may take;
	// the oldest are forgotten first. Default: DefaultKept.
	Kept int64
	// Tasks is how many functions executions call at once; further calls wait.
	// Default: DefaultTasks.
	Tasks int

	// Waiting is how many calls may wait at once for the end of an execution
	// (StartSync), for an activity's task or for the test of a state, so that those
	// who answer requests have time for others; more are refused with
	// TooManyRequests. Default: DefaultWaiting.
	Waiting int

	// Guard decides what executions may do. Default: everything.
	Guard Guard

	// Now is the clock of what is described; executions run in real time.
	// Default: time.Now.
	Now func() time.Time
	// Random is where names, revisions and seeds come from. Default: the
	// operating system's.
	Random io.Reader
}

// Defaults of Config.
const (
	DefaultRunning     = 10_000
	DefaultMemory      = 1 << 30
	DefaultDefinitions = 32 << 20
	DefaultKept        = 256 << 20
	DefaultTasks       = 256
	DefaultWaiting     = 500
)

func (c *Config) complete() {
	c.Account = cmp.Or(c.Account, function.DefaultAccount)
	c.Region = cmp.Or(c.Region, function.DefaultRegion)
	c.Running = cmp.Or(c.Running, DefaultRunning)
	c.Memory = cmp.Or(c.Memory, DefaultMemory)
	c.Definitions = cmp.Or(c.Definitions, DefaultDefinitions)
	c.Kept = cmp.Or(c.Kept, DefaultKept)
	c.Tasks = cmp.Or(c.Tasks, DefaultTasks)
	c.Waiting = cmp.Or(c.Waiting, DefaultWaiting)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Random == nil {
		c.Random = cryptorand.Reader
	}
}

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
	s.end()
	s.executions.close()
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

// arn makes the ARN of a resource: stateMachine:NAME, for example.
func (s *Service) arn(resource string) string {
	return "arn:aws:states:" + s.config.Region + ":" + s.config.Account + ":" + resource
}

// resource takes an ARN of kind, such as stateMachine, apart. An ARN of another
// account or region is well formed, and names nothing here: ours is false.
func (s *Service) resource(arn, kind string) (name string, ours bool, err error) {
	if !strings.HasPrefix(arn, "arn:") {
		return "", false, fault.New(InvalidArn, "Invalid Arn: 'Invalid ARN prefix: %s'", arn)
	}
	parts := strings.SplitN(arn, ":", 7)
	if len(parts) < 7 || parts[2] != "states" {
		return "", false, fault.New(InvalidArn, "Invalid Arn: '%s'", arn)
	}
	if parts[5] != kind {
		return "", false, fault.New(InvalidArn, "Invalid Arn: 'Resource type not valid in this context: %s'", parts[5])
	}
	return parts[6], parts[1] == "aws" && parts[3] == s.config.Region && parts[4] == s.config.Account, nil
}
