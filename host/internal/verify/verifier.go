package verify

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox"
)

// Config says what a Verifier compares, and bounds it. The zero value of every field
// but Engines means its default.
type Config struct {
	// Engines are those that functions are compared on, beside their own.
	Engines []Engine

	Events int           // in one verification. Default: DefaultEvents
	Bytes  int           // of all events of one. Default: DefaultBytes
	Time   time.Duration // that one may take. Default: DefaultTime
	// Module is the most bytes of a module that is interpreted, which takes forty
	// times as much memory in this process, and 150 times if it is made for that.
	// Default: DefaultModule.
	Module int
}

// Defaults of Config.
const (
	DefaultEvents = 32
	DefaultBytes  = 128 << 10
	DefaultTime   = 2 * time.Minute
	DefaultModule = 8 << 20
)

// Engine is an engine to compare on.
type Engine struct {
	Name string
	// Open makes it for one verification, which closes it. One that cannot be made
	// is not compared, and the report says so.
	Open func() (engine.Engine, error)
	// Interprets says that it compiles in this process, so that Config.Module bounds
	// it, and that it has less of a stack than others: a function for which that does
	// not suffice is not compared on it.
	Interprets bool
}

// Verifier verifies one function at a time: the others wait.
type Verifier struct {
	config Config
	busy   chan struct{} // has one element while a function is verified
}

// New makes a Verifier.
func New(config Config) *Verifier {
	config.Events = cmp.Or(config.Events, DefaultEvents)
	config.Bytes = cmp.Or(config.Bytes, DefaultBytes)
	config.Time = cmp.Or(config.Time, DefaultTime)
	config.Module = cmp.Or(config.Module, DefaultModule)
	return &Verifier{config: config, busy: make(chan struct{}, 1)}
}

// Subject is a function to verify.
type Subject struct {
	Engine string           // the name of its own engine
	Label  string           // that engine's Name method
	Box    *sandbox.Sandbox // of its own engine
	Module []byte
	Config sandbox.Config // what Box was made with
	Events []Event        // as Check accepts them
}

// Report says what was found alike.
type Report struct {
	Events  int      // how many events were given
	Engines []string // to which engines, the function's own first
	// Notes say what was not compared and why, and which events the function failed
	// at: on all engines alike.
	Notes []string `json:",omitempty"`
}

// Error says why a function is not verified.
type Error struct{ text string }

func (e *Error) Error() string { return e.text }

func failed(format string, args ...any) error { return &Error{fmt.Sprintf(format, args...)} }

// errNone: there is nothing to compare.
var errNone = &Error{"verification needs sample events, and there are none: give at least one, as a file events/NAME.json beside lambent.json or with the deployment"}

// Verify gives a function's events to every engine, and returns what they agree on.
//
// An *Error says what they do not agree on, or why they cannot be compared. Other
// errors are the host's, or the cause of ctx.
func (v *Verifier) Verify(ctx context.Context, s Subject) (*Report, error) {
	select {
	case v.busy <- struct{}{}:
		defer func() { <-v.busy }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	if err := v.Check(s.Events); err != nil {
		return nil, failed("%s", err)
	}
	timed, cancel := context.WithTimeoutCause(ctx, v.config.Time, errTime)
	defer cancel()
	report, err := v.verify(timed, s)
	if err != nil && timed.Err() != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if _, said := errors.AsType[*Error](err); !said {
			return nil, failed("it took more than %v: %s. Give fewer or smaller sample events", v.config.Time, cut(err.Error()))
		}
	}
	return report, err
}

// errTime ends a verification that takes too long.
var errTime = errors.New("the verification's time is over")

func (v *Verifier) verify(ctx context.Context, s Subject) (*Report, error) {
	report := &Report{Events: len(s.Events)}
	all := []candidate{{label: label(s.Engine, s.Label), box: s.Box}}
	for _, e := range v.config.Engines {
		if e.Name == s.Engine {
			continue
		}
		if n, most := len(s.Module), v.config.Module; e.Interprets && n > most {
			report.Notes = append(report.Notes, fmt.Sprintf("%s was not compared: the module has %d bytes; at most %d are interpreted", e.Name, n, most))
			continue
		}
		c, err := open(ctx, e, s)
		if missing, ok := errors.AsType[*missingError](err); ok {
			report.Notes = append(report.Notes, fmt.Sprintf("%s was not compared: %s", e.Name, cut(missing.Error())))
			continue
		}
		if err != nil {
			return nil, err
		}
		defer c.close()
		all = append(all, c)
	}
	for _, c := range all {
		report.Engines = append(report.Engines, c.label)
	}
	if len(all) < 2 {
		return nil, failed("there is no engine to compare %s with: %s", all[0].label, strings.Join(report.Notes, "; "))
	}
	for _, e := range s.Events {
		notes, err := compare(ctx, all, e, s.Config.PerTenant)
		if err != nil {
			return nil, err
		}
		report.Notes = append(report.Notes, notes...)
	}
	return report, nil
}
