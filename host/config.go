package host

import (
	"os/exec"
	"time"

	"github.com/lambent-dev/lambent/sandbox"
)

// Config configures a Host. Dir is required; the zero value of every other field
// means its default.
type Config struct {
	// Dir is where everything is kept. It is made if it is not there, with mode
	// 0700; one process uses it at a time. It holds what functions are told in
	// confidence, in the database and in images of their memory: never put it on
	// storage that is shared.
	Dir string

	// Account and Region are what ARNs say. Functions belong to both: open the
	// same Dir with others, and it looks empty. Defaults: "000000000000" and
	// "us-east-1".
	Account, Region string

	// Calls are the Go functions that every function may call by name. Default:
	// none.
	Calls sandbox.Calls

	// Engines are engines that functions may run on, beside wazero, which every
	// Host has. Default: none.
	Engines []Engine

	// Engine is the name of the engine that runs functions whose lambent.json names
	// none. What was compiled for another is compiled anew. Default: "wazero".
	Engine string

	// Verifiers are engines on which deployments are verified, Deployment.Verify,
	// beside wazero's compiler and its interpreter; they need not be in Engines. Code
	// of whoever may deploy runs on them. One that is not in Engines is made for each
	// verification; one whose New fails is left out, and Function.Verified says why.
	// Default: none.
	Verifiers []Engine

	// Limits bounds what the Host takes.
	Limits Limits

	// CompileCommand makes the command that compiles one module in a process of
	// its own: a program that does nothing but CompileWorker with that cacheDir,
	// its standard input, its standard output, and the same Engines. Often it is
	// this program again, with another argument. Standard streams are the Host's to
	// set; unless the command has an Env, it gets an empty one.
	//
	// Default: modules are compiled in this process. Then a module that finds a
	// weakness of the compiler that limits on modules do not cover can exhaust
	// this process or end it.
	CompileCommand func(cacheDir string) *exec.Cmd

	// Log takes each line of each invocation's log, START, END and REPORT
	// included, as it comes. It is called from many goroutines, for one
	// invocation from one at a time, and must be quick; line.Message is valid
	// until it returns. Default: lines are dropped.
	Log func(function, requestID string, line LogLine)

	// PlainReports leaves "Fuel Used: N" out of REPORT lines, which are then as
	// AWS Lambda writes them. Default: it is there.
	PlainReports bool

	// EphemeralExecutions lets executions of STANDARD state machines run in
	// memory, where they end with the Host, and activities be created: for tests.
	// Default: starting one is refused, as an execution must not be lost.
	EphemeralExecutions bool

	// EnforceRoles has functions and executions of state machines act as their roles
	// from the beginning, see Host.EnforceRoles; set it where callers need keys, too.
	// Default: functions find a pair of credentials that everybody knows, and
	// executions may do everything.
	EnforceRoles bool

	// Objects is where deployment packages are fetched from that a request names
	// by bucket and key. Whoever may create functions can have any object of it
	// fetched. Default: none, such requests are refused.
	Objects Objects

	// Waits scales how long changes take at least, for clients that expect states
	// which pass, such as Pending and InProgress: 1 is about what they take on AWS,
	// which is a second. Default: 0, changes take what they take.
	Waits float64

	// Now is the clock. Default: time.Now.
	Now func() time.Time
}

// Objects is a store that speaks Amazon S3's protocol. The zero value is none.
type Objects struct {
	// Endpoint is its URL, without a bucket: "https://s3.example.com".
	Endpoint string
	// Region is what requests are signed for. Default: Config.Region.
	Region string
	// AccessKeyID and SecretAccessKey sign requests. Default: they are not signed.
	AccessKeyID, SecretAccessKey string
}

// LogLine is one line of an invocation's log.
type LogLine = sandbox.LogLine
