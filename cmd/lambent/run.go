package main

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/lambent-dev/lambent/host"
	"github.com/lambent-dev/lambent/sandbox"
)

// runOptions are the flags of lambent run.
type runOptions struct {
	event    eventFlags
	function functionFlags
	json     bool
	engine   string
}

func runCommand() *cobra.Command {
	var o runOptions
	c := &cobra.Command{
		Use:   "run PATH",
		Short: "Run a function once",
		Long: `Run gives one event to a function and prints what it answers.

PATH is a folder of Go sources, which is built first, a .wasm module, or a zip
file as lambent build makes it. The event is given by --event or --event-file,
else read from standard input if that is not a terminal, else {}.

The result goes to standard output; START, END and REPORT lines and the
function's logs go to standard error. The exit status is 1 if the function
failed, 2 if it could not be run.`,
		Example: `  lambent run ./sdk/go/examples/hello --event '{"name":"Ada"}'
  lambent run fn.zip --event-file event.json --memory 256 --timeout 10s
  echo '{"text":"to be or not to be"}' | lambent run ./sdk/go/examples/word-count
  lambent run fn.wasm --event '{}' --json | jq .usage`,
		Args: oneArgument,
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, args[0]) },
	}
	o.event.add(c)
	o.function.add(c)
	c.Flags().BoolVar(&o.json, "json", false, "print one JSON object: result, usage and logs")
	c.Flags().StringVar(&o.engine, "engine", "", "the `engine` to run it on, wazero or wasmtime (default: what its lambent.json names, or wazero)")
	return c
}

func (o *runOptions) run(c *cobra.Command, path string) error {
	event, err := o.event.read(c)
	if err != nil {
		return err
	}
	config, err := o.function.config()
	if err != nil {
		return err
	}
	// Before the seconds that building may take.
	if err := sandbox.CheckEvent(event); err != nil {
		return err
	}
	progress := newProgress(c.ErrOrStderr())
	defer progress.done()
	pkg, err := load(c.Context(), path, progress)
	if err != nil {
		return err
	}
	config.Manifest, config.Files = pkg.Manifest, pkg.Files

	eng, err := openEngine(c, cmp.Or(o.engine, pkg.Manifest.Engine, host.Wazero), cacheDir("code"))
	if err != nil {
		return err
	}
	defer eng.Close()
	if config.Name, err = functionName(path); err != nil {
		return err
	}
	first := newOutput(c, o.json) // the log of a function that does not start
	first.hold = true
	config.Log = first.log
	progress.step("Compiling " + path)
	box, err := sandbox.New(c.Context(), eng, pkg.Module, config)
	progress.done()
	if failed, ok := errors.AsType[*sandbox.FunctionError](err); ok {
		if err := first.unstarted(err, failed); err != nil {
			return err
		}
		return errFailed
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	defer box.Close()

	out := newOutput(c, o.json)
	request := sandbox.Request{Event: event, ID: sandbox.NewRequestID(), Log: out.log}
	out.start(sandbox.Report{RequestID: request.ID})
	res, err := box.Do(c.Context(), request)
	failed, ok := errors.AsType[*sandbox.FunctionError](err)
	if err != nil && !ok {
		return err
	}
	report := sandbox.Report{RequestID: res.RequestID, Memory: config.Limits.Memory, Usage: res.Usage, Err: err}
	if err := out.end(report, res, failed); err != nil {
		return err
	}
	if failed != nil {
		return errFailed
	}
	return nil
}
