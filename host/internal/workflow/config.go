package workflow

import (
	"cmp"
	"context"
	"io"
	"time"

	cryptorand "crypto/rand"

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
