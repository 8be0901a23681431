package host

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/host/internal/verify"
	"github.com/lambent-dev/lambent/host/internal/workflow"
	"github.com/lambent-dev/lambent/sandbox"
)

// Limits bounds what a Host takes. The zero value of a field means its default; Open
// refuses negative ones.
type Limits struct {
	// Sandboxes is how many functions may be ready to run at once, each holding
	// its code in memory; the one that was not used for longest makes room.
	// Default: DefaultSandboxes.
	Sandboxes int
	// SandboxMemory is how many bytes of memory they may keep: their code, which
	// functions of one module have in common, images of what their init phases left,
	// and idle instances. Idle ones that were not used for longest make room. What
	// events under way write does not count: their memory limits bound it. Default:
	// a quarter of the machine's memory, or of what the process's control group
	// may have; 1 GiB where that is not known.
	SandboxMemory int64
	// CodeStorage is how many bytes the deployment packages of all functions,
	// their versions and layers of an account may have, zipped; each version counts,
	// even with the code of another. More are refused with
	// CodeStorageExceededException. Default: DefaultCodeStorage.
	CodeStorage int64
	// ShrinkAfter is how long a function that nobody invokes keeps more than one
	// instance, ParkAfter how long it keeps that, and DropAfter how long its code
	// stays in memory; of functions without an instance, no more than a quarter of
	// Sandboxes keep it. All of it comes back with the next event: instances in
	// microseconds, code from disk in milliseconds. Defaults: DefaultShrinkAfter,
	// DefaultParkAfter, DefaultDropAfter.
	ShrinkAfter, ParkAfter, DropAfter time.Duration
	// Images is how many bytes the images of functions may take on disk: what
	// their init phases left, so that those need not run when a function is
	// loaded. Default: DefaultImages.
	Images int64
	// Compilers is how many deployments are worked on at once, beside one that is
	// verified. Default: 1, and 2 with 4 processors or more.
	Compilers int
	// Deployments is how many may be under way, waiting ones included; more are
	// refused. Default: DefaultDeployments.
	Deployments int
	// Patience is how long an invocation waits for a function that is being
	// created. Default: DefaultPatience.
	Patience time.Duration
	// Drain is how long Close lets invocations go on. Default: DefaultDrain.
	Drain time.Duration
	// CodeCache is how many bytes compiled code may take on disk. Default:
	// DefaultCodeCache.
	CodeCache int64
	// CompileTime and CompileMemory bound a child process of
	// Config.CompileCommand. Defaults: DefaultCompileTime, DefaultCompileMemory.
	CompileTime   time.Duration
	CompileMemory int64
	// VerifyEvents is how many sample events one deployment may have, VerifyBytes how
	// many bytes they may have together, and VerifyTime how long comparing engines on
	// them may take, compiling included; one deployment is verified at a time. The
	// function's own limits hold for each event. A module of more than VerifyModule
	// bytes is not interpreted: that takes forty times as much memory in this process,
	// and 150 times if the module is made for it. Defaults: DefaultVerifyEvents,
	// DefaultVerifyBytes, DefaultVerifyTime, DefaultVerifyModule.
	VerifyEvents, VerifyBytes int
	VerifyTime                time.Duration
	VerifyModule              int
	// Executions is how many executions of state machines may run at once, and
	// ExecutionMemory how many bytes they may take, about: with what they work on,
	// their histories and their definitions. More are refused with
	// ExecutionLimitExceeded, from three quarters of ExecutionMemory on; one that
	// grows beyond the whole fails with it. EndedExecutions is how many bytes those
	// may take that are over and can be asked about; the oldest are forgotten.
	// Defaults: DefaultExecutions, DefaultExecutionMemory, DefaultEndedExecutions.
	Executions      int
	ExecutionMemory int64
	EndedExecutions int64
}

// Defaults of Limits.
const (
	DefaultSandboxes       = function.DefaultSandboxes
	DefaultCodeStorage     = function.DefaultCodeStorage
	DefaultDeployments     = function.DefaultDeployments
	DefaultPatience        = function.DefaultPatience
	DefaultShrinkAfter     = function.DefaultShrinkAfter
	DefaultParkAfter       = function.DefaultParkAfter
	DefaultDropAfter       = function.DefaultDropAfter
	DefaultImages          = sandbox.DefaultImages
	DefaultDrain           = 10 * time.Second
	DefaultCodeCache       = 1 << 30
	DefaultCompileTime     = 2 * time.Minute
	DefaultCompileMemory   = 2 << 30
	DefaultVerifyEvents    = verify.DefaultEvents
	DefaultVerifyBytes     = verify.DefaultBytes
	DefaultVerifyTime      = verify.DefaultTime
	DefaultVerifyModule    = verify.DefaultModule
	DefaultExecutions      = workflow.DefaultRunning
	DefaultExecutionMemory = workflow.DefaultMemory
	DefaultEndedExecutions = workflow.DefaultKept
)

// complete refuses what is no limit, and fills in the defaults that are the Host's own.
func (l *Limits) complete() error {
	err := errors.Join(
		notNegative("Sandboxes", l.Sandboxes), notNegative("SandboxMemory", l.SandboxMemory), notNegative("CodeStorage", l.CodeStorage),
		notNegative("ShrinkAfter", l.ShrinkAfter), notNegative("ParkAfter", l.ParkAfter), notNegative("DropAfter", l.DropAfter),
		notNegative("Images", l.Images), notNegative("Compilers", l.Compilers), notNegative("Deployments", l.Deployments),
		notNegative("Patience", l.Patience), notNegative("Drain", l.Drain), notNegative("CodeCache", l.CodeCache),
		notNegative("CompileTime", l.CompileTime), notNegative("CompileMemory", l.CompileMemory),
		notNegative("VerifyEvents", l.VerifyEvents), notNegative("VerifyBytes", l.VerifyBytes),
		notNegative("VerifyTime", l.VerifyTime), notNegative("VerifyModule", l.VerifyModule),
		notNegative("Executions", l.Executions), notNegative("ExecutionMemory", l.ExecutionMemory), notNegative("EndedExecutions", l.EndedExecutions),
	)
	l.Drain = cmp.Or(l.Drain, DefaultDrain)
	l.CodeCache = cmp.Or(l.CodeCache, DefaultCodeCache)
	l.CompileTime = cmp.Or(l.CompileTime, DefaultCompileTime)
	l.CompileMemory = cmp.Or(l.CompileMemory, DefaultCompileMemory)
	return err
}

func notNegative[T int | int64 | time.Duration](field string, value T) error {
	if value < 0 {
		return fmt.Errorf("host: Limits.%s is %v; it must be positive, or 0 for the default", field, value)
	}
	return nil
}
