package function

import (
	"cmp"
	"context"
	"math/rand/v2"
	"os"
	"runtime"
	"time"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/host/internal/bucket"
	"github.com/lambent-dev/lambent/host/internal/store"
	"github.com/lambent-dev/lambent/host/internal/verify"
	"github.com/lambent-dev/lambent/sandbox"
)

// Config says what a Service works with. Store and Engine are required; the zero
// value of every other field means its default.
type Config struct {
	// Store keeps the functions. No two Services work on one account and region
	// of a store at once.
	Store store.Store
	// Engine runs them. To start quickly it should keep code on disk.
	Engine engine.Engine
	// Compile compiles modules before Engine does. Default: none; Engine
	// compiles in this process, with nothing but engine.ModuleLimits to bound it.
	Compile Compiler
	// Runners are what functions may name as the engine in their lambent.json.
	// Default: none.
	Runners map[string]Runner

	// EngineName is what they call Engine. Default: "".
	EngineName string
	// Verifier compares engines on the sample events of deployments that ask for it.
	// Default: none, and they are refused.
	Verifier *verify.Verifier

	Account, Region string // defaults: DefaultAccount, DefaultRegion

	// Calls are the Go functions that every function may call. Default: none.
	Calls sandbox.Calls

	// Roles lends functions credentials of their execution roles. Default: functions
	// have none.
	Roles Roles

	// Sandboxes is how many functions may be ready to run at once; the one that
	// was not used for longest makes room. Default: DefaultSandboxes.
	Sandboxes int
	// SandboxMemory is how many bytes of memory they may keep: their code, which
	// functions of one module have in common, images and idle instances. The ones
	// that are idle and were not used for longest make room; what is in use stays,
	// and so does the one that was used last, however large it is. What events under
	// way write does not count: their memory limits bound it. Default: a quarter of
	// the machine's memory, or of what its control group may have; 1 GiB where
	// that is not known.
	SandboxMemory int64
	// CodeStorage is how many bytes the deployment packages of all functions,
	// their versions and layers may have, zipped; each version counts, even with the
	// code of another.
	// Default: DefaultCodeStorage.
	CodeStorage int64
	// ShrinkAfter, ParkAfter and DropAfter are how long a function that nobody
	// invokes keeps more than one instance, any instance, and its sandbox with its
	// code in memory, which no more than a quarter of Sandboxes do that have no
	// instance. Defaults: DefaultShrinkAfter, DefaultParkAfter,
	// DefaultDropAfter.
	ShrinkAfter, ParkAfter, DropAfter time.Duration
	// Images keeps what functions' init phases left. Default: nothing is kept,
	// and a function goes through its init phase whenever it is loaded.
	Images sandbox.Images
	// Objects is where code is fetched from that a request names instead of
	// bringing it. Default: none; such requests are refused.
	Objects *bucket.Store
	// HotFile is the path of the file in which one Service says to the next which
	// functions it shall load at once. Default: none.
	HotFile string
	// Compilers is how many deployments are worked on at once, beside one that is
	// verified. Default: 1, and 2 with 4 processors or more.
	Compilers int
	// Deployments is how many may be under way, waiting ones included; a change
	// beyond is refused. Default: DefaultDeployments.
	Deployments int
	// Patience is how long an invocation waits for a function to become Active.
	// Default: DefaultPatience.
	Patience time.Duration

	// Log takes each line of each invocation's log, START, END and REPORT
	// included, as it comes. It is called from many goroutines, for one
	// invocation from one at a time, and must be quick; Message is valid until
	// it returns. Default: lines are dropped.
	Log func(name, requestID string, line sandbox.LogLine)

	// PlainReports leaves "Fuel Used: N" out of REPORT lines, which are then as
	// AWS Lambda writes them. Default: it is there.
	PlainReports bool

	// Random returns numbers of at least 0 and below 1, which decide where an alias
	// with weights sends an event. It is called from many goroutines. Default:
	// math/rand/v2's Float64.
	Random func() float64

	// Waits scales how long changes take at least, for clients that expect states
	// which pass: 1 is about what they take on AWS, which is a second. Default: 0,
	// changes take what they take.
	Waits float64

	// Now is the clock. Default: time.Now.
	Now func() time.Time
}

// Runner is an engine, and what compiles for it, as in Config.
type Runner struct {
	Engine  engine.Engine
	Compile Compiler
}

// A Compiler makes sure that the code cache of the Engine holds a module, which
// engine.Check has accepted. It is how the compiler, that attackers feed, gets
// out of this process. An error that is not the context's fails the deployment;
// its text is the StateReason.
type Compiler func(ctx context.Context, module []byte) error

// Defaults of Config.
const (
	DefaultAccount     = "000000000000"
	DefaultRegion      = "us-east-1"
	DefaultSandboxes   = 128
	DefaultDeployments = 1_000
	DefaultPatience    = 30 * time.Second
	DefaultShrinkAfter = 10 * time.Second
	DefaultParkAfter   = time.Minute
	DefaultDropAfter   = 10 * time.Minute
)

func (c *Config) complete() {
	c.Account = cmp.Or(c.Account, DefaultAccount)
	c.Region = cmp.Or(c.Region, DefaultRegion)
	c.Sandboxes = cmp.Or(c.Sandboxes, DefaultSandboxes)
	c.CodeStorage = cmp.Or(c.CodeStorage, DefaultCodeStorage)
	if c.SandboxMemory == 0 {
		c.SandboxMemory = defaultSandboxMemory(os.DirFS("/"))
	}
	c.Deployments = cmp.Or(c.Deployments, DefaultDeployments)
	c.Patience = cmp.Or(c.Patience, DefaultPatience)
	c.ShrinkAfter = cmp.Or(c.ShrinkAfter, DefaultShrinkAfter)
	c.ParkAfter = cmp.Or(c.ParkAfter, DefaultParkAfter)
	c.DropAfter = cmp.Or(c.DropAfter, DefaultDropAfter)
	compilers := 1
	if runtime.GOMAXPROCS(0) >= 4 {
		compilers = 2
	}
	c.Compilers = cmp.Or(c.Compilers, compilers)
	if c.Random == nil {
		c.Random = rand.Float64
	}
	if c.Now == nil {
		c.Now = time.Now
	}
}
