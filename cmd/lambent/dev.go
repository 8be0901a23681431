package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/lambent-dev/lambent/host"
	"github.com/lambent-dev/lambent/sandbox"
)

// devOptions are the flags of lambent dev.
type devOptions struct {
	event        eventFlags
	listen, name string
	env          []string
	timeout      string
	memory       int
	fuel         uint64
	engines      []string
}

func devCommand() *cobra.Command {
	var o devOptions
	c := &cobra.Command{
		Use:   "dev DIR",
		Short: "Build, serve and invoke a function anew whenever its sources change",
		Long: `Dev builds the function in DIR, serves it as lambent serve does, and watches the
folder: on every change the function is built again and replaced; if it does not
build, the one before goes on answering. If an event is given, or DIR has an
event.json, the function is invoked with it after each build.`,
		Example: `  lambent dev ./my-function --event '{"name":"Ada"}'
  curl -d '{"name":"Grace"}' http://127.0.0.1:9000/functions/my-function`,
		Args: oneArgument,
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, args[0]) },
	}
	o.event.add(c)
	f := c.Flags()
	f.StringVar(&o.listen, "listen", defaultListen, "the `address` to listen on; port 0 takes a free one")
	f.StringVar(&o.name, "name", "", "the function's `name` (default: that of the folder)")
	f.StringArrayVar(&o.env, "env", nil, "a variable of the function's environment, `NAME=VALUE`; may be repeated")
	f.StringVar(&o.timeout, "timeout", sandbox.DefaultTime.String(), "time limit: a `duration` of whole seconds, or their number")
	f.IntVar(&o.memory, "memory", sandbox.DefaultMemory>>20, "memory limit in `MB`")
	addFuel(c, &o.fuel)
	addEngines(c, &o.engines)
	return c
}

func (o *devOptions) run(c *cobra.Command, dir string) error {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if info, err := os.Stat(absolute); err != nil {
		return err
	} else if !info.IsDir() {
		return fmt.Errorf("%s is not a folder; lambent dev watches a folder of sources", dir)
	}
	if o.name == "" {
		if o.name, err = functionName(dir); err != nil {
			return err
		}
	}
	env, err := parseEnv(o.env)
	if err != nil {
		return err
	}
	timeout, err := parseSeconds(o.timeout)
	if err != nil {
		return err
	}
	data, err := devData(absolute)
	if err != nil {
		return err
	}
	d := host.Deployment{Name: o.name, Env: env, Timeout: timeout, Memory: o.memory, Fuel: o.fuel}
	return serve(c, serveOptions{data: data, listen: o.listen, reportFuel: true, engines: o.engines, verifyOnWasmtime: true}, func(s *server) error {
		fmt.Fprintf(c.ErrOrStderr(), "Lambent serves http://%s/functions/%s and watches %s\n", s.address, o.name, dir)
		for files := map[string]file(nil); ; {
			next, err := changed(c.Context(), absolute, files)
			if err != nil {
				return ignoreCancel(err)
			}
			files = next
			if err := o.turn(c, s, dir, d); err != nil {
				if c.Context().Err() != nil {
					return nil
				}
				fmt.Fprintf(c.ErrOrStderr(), "lambent: %v\n", err)
			}
		}
	})
}

// turn builds, deploys and invokes the function once.
func (o *devOptions) turn(c *cobra.Command, s *server, dir string, d host.Deployment) error {
	progress := newProgress(c.ErrOrStderr())
	defer progress.done()
	var err error
	if d.Zip, _, err = buildFolder(c.Context(), dir, progress); err != nil {
		return err
	}
	progress.step("Deploying " + d.Name)
	deployed, err := s.host.Deploy(c.Context(), d)
	if err != nil {
		return err
	}
	progress.done()
	fmt.Fprintf(c.ErrOrStderr(), "%s is ready: %s\n", d.Name, deployed.CodeSHA256)
	event, given, err := o.readEvent(c, dir)
	if err != nil || !given {
		return err
	}
	res, err := s.host.Invoke(c.Context(), host.Invocation{Function: d.Name, Event: event})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.OutOrStdout(), "%s\n", res.Payload)
	return err
}

// readEvent returns the event to invoke the function with, if there is one. A
// file is read anew each time: it may be what changed.
func (o *devOptions) readEvent(c *cobra.Command, dir string) (event []byte, given bool, err error) {
	switch {
	case c.Flags().Changed("event"):
		return []byte(o.event.event), true, nil
	case o.event.file == "-":
		return nil, false, errors.New("--event-file -: the event is read after each build; give a file")
	case o.event.file != "":
		event, err = os.ReadFile(o.event.file)
		return event, true, err
	}
	event, err = os.ReadFile(filepath.Join(dir, "event.json"))
	if errors.Is(err, os.ErrNotExist) {
		return nil, false, nil
	}
	return event, true, err
}

// devData returns where the Host of a folder keeps its data: one place for each
// folder, so that code which was compiled once starts at once.
func devData(dir string) (string, error) {
	cache := cacheDir("dev")
	if cache == "" {
		return "", errors.New("there is no cache folder to work in; name one in $LAMBENT_CACHE")
	}
	sum := sha256.Sum256([]byte(dir))
	return filepath.Join(cache, hex.EncodeToString(sum[:8])), nil
}

// ignoreCancel is nil for the error of an interrupt.
func ignoreCancel(err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}
