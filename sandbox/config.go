package sandbox

import (
	"crypto/sha256"
	"io"
	"io/fs"
	"time"

	"github.com/lambent-dev/lambent/engine"
)

// Config describes a function. The zero value works: a function without a
// name, with default limits, that reaches nothing.
type Config struct {
	Limits Limits
	Policy Policy
	Calls  Calls

	// Manifest is the package's lambent.json; the zero value lets the module
	// decide. See Package.
	Manifest Manifest

	// Handler names one of the handlers that the module registered. A module
	// with a single handler accepts any name.
	Handler string

	// Env is the function's environment. Names that AWS Lambda reserves, and
	// LAMBENT_*, are refused.
	Env map[string]string

	// Credentials are what the init phase acts with, the warm-up event, and events
	// that come without. Images keep them, so they must be no secret. Default: none.
	Credentials *Credentials

	// Name, Version, FunctionARN, LogGroup and Region are what the function
	// learns of itself. Defaults: "function", "$LATEST",
	// "arn:aws:lambda:<Region>:000000000000:function:<Name>",
	// "/aws/lambda/<Name>", "us-east-1".
	Name, Version, FunctionARN, LogGroup, Region string

	// Files is what the function sees, read-only, as /var/task. It must not
	// change while the Sandbox lives. A file that is being read when the Sandbox is
	// closed is read to its end. Default: an empty folder.
	Files fs.FS

	// Layers are what the function sees, read-only, as /opt: a file of a later one
	// hides what has its path in those before, and folders are joined. What is said
	// of Files goes for each; of one that is SharedFiles, files are not copied.
	// Default: an empty folder.
	Layers []fs.FS

	// FilesDigest tells Files and Layers from others: with the same digest, they are
	// the same to the last byte, and in the same order. Default: Images are not used
	// if there are any.
	FilesDigest [sha256.Size]byte

	// PerTenant has each tenant, Request.Tenant, have instances of its own: one
	// that handled an event of a tenant handles none of another, restored or not.
	// Requests without a tenant are refused. Default: tenants are not told apart.
	PerTenant bool

	// Images keeps what the init phase left, so that it need not run again when
	// the same module is opened with the same configuration, by this process or
	// a later one: what it drew of randomness and read of clocks stays frozen so
	// long, as it does from event to event. It is for functions that are Pristine.
	// The zero of the monotonic clock moves, the clock itself never goes back.
	// Default: nothing is kept.
	Images Images

	// Modules bounds what is compiled.
	Modules engine.ModuleLimits

	// Log takes the log lines of invocations whose Request has no sink of its
	// own. It is called from the goroutine that called Run, in order, and so
	// from several at a time when events run side by side. It must not close
	// the Sandbox. Default: lines are dropped.
	Log func(LogLine)

	// Verify has every so manieth instance that was restored compared with what
	// it must be; one that differs is logged as an error and given up. Default
	// 10,000; 1 is every one.
	Verify int

	// Now and Random are the clock and the source of randomness that guests
	// see, safe for concurrent use. Defaults: time.Now and crypto/rand.
	Now    func() time.Time
	Random io.Reader

	ownClock bool // Now is not time.Now
}
