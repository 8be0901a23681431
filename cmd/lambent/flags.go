package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/lambent-dev/lambent/sandbox"
)

// This file has the flags that several commands take.

// eventFlags are the flags that give an event.
type eventFlags struct{ event, file string }

func (e *eventFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&e.event, "event", "", "the event, a `JSON` value")
	c.Flags().StringVar(&e.file, "event-file", "", "the `file` that holds the event; - is standard input")
	exclusive(c, "event", "event-file")
}

// read returns the event that the flags name.
func (e *eventFlags) read(c *cobra.Command) ([]byte, error) {
	switch {
	case c.Flags().Changed("event"):
		return []byte(e.event), nil
	case e.file != "" && e.file != "-":
		return os.ReadFile(e.file)
	case e.file == "" && isTerminal(c.InOrStdin()):
		return []byte("{}"), nil
	}
	// One byte more than is allowed, for the error to tell.
	event, err := io.ReadAll(io.LimitReader(c.InOrStdin(), sandbox.DefaultEvent+1))
	if err != nil {
		return nil, fmt.Errorf("reading the event from standard input: %w", err)
	}
	return event, nil
}

// functionFlags are the flags that say how a function is run here.
type functionFlags struct {
	memory  int64 // MB
	timeout string
	env     []string
	handler string
	fuel    uint64
}

func (o *functionFlags) add(c *cobra.Command) {
	f := c.Flags()
	f.Int64Var(&o.memory, "memory", sandbox.DefaultMemory>>20, "memory limit in `MB`")
	f.StringVar(&o.timeout, "timeout", sandbox.DefaultTime.String(), "time limit: a `duration` such as 500ms, or a number of seconds")
	addFuel(c, &o.fuel)
	f.StringArrayVar(&o.env, "env", nil, "a variable of the function's environment, `NAME=VALUE`; may be repeated")
	f.StringVar(&o.handler, "handler", "", "the `name` of the handler to run, if the module has several")
}

// config turns flags into the sandbox's configuration.
func (o *functionFlags) config() (sandbox.Config, error) {
	if o.memory <= 0 || o.memory > sandbox.MaxMemory>>20 {
		return sandbox.Config{}, fmt.Errorf("--memory %d: allowed are 1 to %d MB", o.memory, sandbox.MaxMemory>>20)
	}
	timeout, err := parseTimeout(o.timeout)
	if err != nil {
		return sandbox.Config{}, err
	}
	env, err := parseEnv(o.env)
	if err != nil {
		return sandbox.Config{}, err
	}
	return sandbox.Config{
		Handler: o.handler,
		Env:     env,
		Limits:  sandbox.Limits{Memory: uint64(o.memory) << 20, Time: timeout, Fuel: o.fuel},
	}, nil
}

// addFuel adds the flag that limits fuel.
func addFuel(c *cobra.Command, fuel *uint64) {
	c.Flags().Uint64Var(fuel, "fuel", 0, "fuel limit in `units` of work for one event, about one for an instruction (default: that of lambent.json, else none)")
}

// parseEnv reads variables given as NAME=VALUE.
func parseEnv(variables []string) (map[string]string, error) {
	env := make(map[string]string, len(variables))
	for _, variable := range variables {
		name, value, ok := strings.Cut(variable, "=")
		if !ok {
			return nil, fmt.Errorf("--env %q: it must be NAME=VALUE", variable)
		}
		env[name] = value
	}
	return env, nil
}

// parseTimeout reads a duration, or seconds as AWS's tools give them.
func parseTimeout(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if seconds, notNumber := strconv.ParseUint(s, 10, 32); notNumber == nil {
		d, err = time.Duration(seconds)*time.Second, nil
	}
	if err != nil || d <= 0 {
		return 0, fmt.Errorf("--timeout %q: it must be a positive duration such as 500ms or 10s, or a number of seconds", s)
	}
	return d, nil
}

// parseSeconds is parseTimeout for functions of a Lambent, which have whole
// seconds.
func parseSeconds(s string) (time.Duration, error) {
	d, err := parseTimeout(s)
	if err == nil && d%time.Second != 0 {
		err = fmt.Errorf("--timeout %s: a deployed function's is in whole seconds", s)
	}
	return d, err
}
