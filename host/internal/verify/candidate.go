package verify

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox"
)

// candidate is a function on one of the engines.
type candidate struct {
	label   string
	box     *sandbox.Sandbox
	engine  engine.Engine
	shallow bool // it has less of a stack than others
}

// label names an engine: "wazero v1.12.0", or what it is called beside what it is.
func label(name, version string) string {
	if first, _, _ := strings.Cut(version, " "); first == name || name == "" {
		return version
	}
	return name + " (" + version + ")"
}

// missingError says why there is no such engine.
type missingError struct{ error }

// open makes the candidate of an engine, which takes as long as compiling does.
func open(ctx context.Context, e Engine, s Subject) (candidate, error) {
	eng, err := e.Open()
	if err != nil {
		return candidate{}, &missingError{err}
	}
	c := candidate{label: label(e.Name, eng.Name()), engine: eng, shallow: e.Interprets}
	config := s.Config
	// The guest sees the deadlines of the tape. An interpreter may take longer, and
	// ctx says how long.
	config.Limits.Time, config.Limits.Init = longest, longest
	config.Images, config.Log = nil, nil
	// With a tape, events go through the init phase in any mode; there is nothing to
	// freeze for them.
	config.Manifest.Mode, config.Manifest.Warmup = string(sandbox.InitEach), ""
	c.box, err = sandbox.New(ctx, eng, s.Module, config)
	if err == nil {
		return c, nil
	}
	c.close()
	switch _, isInit := errors.AsType[*sandbox.InitError](err); {
	case ctx.Err() != nil:
		return candidate{}, err
	case isInit && c.shallow && overflows(err):
		return candidate{}, &missingError{errShallow}
	case isInit:
		return candidate{}, failed("the function starts on %s, and does not on %s: %s. %s", label(s.Engine, s.Label), c.label, cut(err.Error()), advice)
	}
	return candidate{}, fmt.Errorf("the module cannot be compiled for %s: %w", c.label, err)
}

// errShallow: an interpreter has had enough.
var errShallow = errors.New("calls are nested deeper than it can")

// overflows reports whether a function used up its stack.
func overflows(err error) bool {
	trap, ok := errors.AsType[*engine.Trap](err)
	return ok && trap.Kind == engine.TrapStackOverflow
}

// longest is more than any verification takes.
const longest = 1 << 62

// close releases what open made.
func (c *candidate) close() {
	if c.box != nil {
		c.box.Close()
	}
	c.engine.Close()
}
