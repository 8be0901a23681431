package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/lambent-dev/lambent/sandbox"
)

// deployOptions are the flags of lambent deploy.
type deployOptions struct {
	name, handler, role, timeout string
	memory                       int
	fuel                         uint64
	env                          []string
	publish                      bool
	alias                        string
	verify                       verifyFlags
	json                         bool
}

func deployCommand() *cobra.Command {
	var o deployOptions
	c := &cobra.Command{
		Use:   "deploy PATH",
		Short: "Create or update a function on a running Lambent",
		Long: `Deploy builds PATH if it is a folder of sources, or takes a .wasm module or a zip
file as they are, creates or updates the function, and waits until it is active.
Settings that are not given stay as they are.

With --verify it becomes active only after engines have agreed on sample events:
wazero's compiler, wazero's interpreter and, if the server has it, wasmtime. They
are compared in response or error, log, fuel, what the function asks of the host and
memory; if anything differs, the deployment fails, and what was there before goes on
answering. Sample events are the files events/*.json in PATH, a folder or a zip
file, or are given by --event and --event-file. What the function calls is called
once for each.

With --publish what was deployed becomes a version, which never changes; with
--alias that version is what the alias leads to from then on.`,
		Example: `  lambent deploy ./sdk/go/examples/hello
  lambent deploy fn.zip --name greet --memory 256 --timeout 10 --env LEVEL=debug
  lambent invoke hello --event '{"name":"Ada"}'
  lambent deploy ./sdk/go/examples/hello --verify
  lambent deploy fn.wasm --verify --event '{"name":"Ada"}' --event-file big.json
  lambent deploy ./sdk/go/examples/hello --alias live && lambent invoke hello:live`,
		Args: oneArgument,
	}
	cl := addEndpoint(c)
	f := c.Flags()
	f.StringVar(&o.name, "name", "", "the function's `name` (default: that of the folder or file)")
	f.StringVar(&o.handler, "handler", "", "the `name` of the handler to run, if the module has several")
	f.StringVar(&o.role, "role", "", "the function's execution role, an `ARN`")
	f.IntVar(&o.memory, "memory", sandbox.DefaultMemory>>20, "memory limit in `MB`")
	f.StringVar(&o.timeout, "timeout", sandbox.DefaultTime.String(), "time limit: a `duration` of whole seconds, or their number")
	addFuel(c, &o.fuel)
	f.StringArrayVar(&o.env, "env", nil, "a variable of the function's environment, `NAME=VALUE`; may be repeated; replaces all")
	o.verify.add(c)
	f.BoolVar(&o.publish, "publish", false, "make a version of it")
	f.StringVar(&o.alias, "alias", "", "have the alias of this `name` lead to the version; implies --publish")
	f.BoolVar(&o.json, "json", false, "print the function as a JSON object")
	c.RunE = func(c *cobra.Command, args []string) error {
		deployed, err := o.deploy(c, cl, args[0])
		if err != nil {
			return err
		}
		if o.json {
			return json.NewEncoder(c.OutOrStdout()).Encode(deployed)
		}
		name := deployed.FunctionName
		if deployed.Version != latest {
			name += ":" + deployed.Version
		}
		_, err = fmt.Fprintf(c.ErrOrStderr(), "%s is %s: %d bytes of code, %d MB, %d s\n",
			name, deployed.State, deployed.CodeSize, deployed.MemorySize, deployed.Timeout)
		if err == nil && o.verify.on {
			err = deployed.verification().print(c.ErrOrStderr())
		}
		if err == nil && o.alias != "" {
			_, err = fmt.Fprintf(c.ErrOrStderr(), "%s:%s leads to it\n", deployed.FunctionName, o.alias)
		}
		return err
	}
	return c
}

// defaultRole stands where AWS insists on a role; nothing assumes it.
const defaultRole = "arn:aws:iam::000000000000:role/lambent"

func (o *deployOptions) deploy(c *cobra.Command, cl *client, path string) (function, error) {
	name, err := o.name, error(nil)
	if name == "" {
		if name, err = functionName(path); err != nil {
			return function{}, err
		}
	}
	settings, err := o.settings(c)
	if err != nil {
		return function{}, err
	}
	events, err := o.verify.early(path)
	if err != nil {
		return function{}, err
	}
	progress := newProgress(c.ErrOrStderr())
	defer progress.done()
	zipped, err := zipOf(c.Context(), path, progress)
	if err != nil {
		return function{}, err
	}
	if events, err = o.verify.late(events, path, zipped); err != nil {
		return function{}, err
	}
	step := "Deploying "
	if o.verify.on {
		step = "Deploying and verifying "
	}
	progress.step(step + name)
	ctx := c.Context()
	create := map[string]any{
		"FunctionName": name, "Runtime": "provided.al2023", "Handler": "bootstrap", "Role": defaultRole,
		"Code": map[string]any{"ZipFile": zipped},
	}
	for field, value := range settings {
		create[field] = value
	}
	err = cl.call(ctx, http.MethodPost, "/2015-03-31/functions", o.verified(create, events), nil)
	if isCode(err, "ResourceConflictException") {
		err = o.update(c, cl, name, zipped, settings, events)
	}
	if err != nil {
		return function{}, err
	}
	deployed, err := cl.settle(ctx, name)
	if err == nil && o.verify.on && deployed.verification() == nil {
		err = fmt.Errorf("%s is deployed, but %s did not verify it: it does not know how", name, cl.endpoint)
	}
	if err != nil || !o.publish && o.alias == "" {
		return deployed, err
	}
	progress.step("Publishing " + name)
	version, err := cl.publish(ctx, name, deployed.RevisionID, o.alias)
	if version.verification() == nil { // it may be of the same before it was verified
		version.Lambent = deployed.Lambent
	}
	return version, err
}

// verified adds sample events to a request, if there are to be any.
func (o *deployOptions) verified(request map[string]any, events []sampleEvent) map[string]any {
	if !o.verify.on {
		return request
	}
	own := map[string]any{"Verify": map[string]any{"Events": events}}
	if fuel, ok := request["Lambent"].(map[string]any); ok {
		maps.Copy(own, fuel)
	}
	request["Lambent"] = own
	return request
}

// update gives an existing function new code, and the settings that were given. Each
// is a deployment of its own, and verified.
func (o *deployOptions) update(c *cobra.Command, cl *client, name string, zipped []byte, settings map[string]any, events []sampleEvent) error {
	ctx := c.Context()
	if _, err := cl.settle(ctx, name); isCode(err, "ResourceNotFoundException") {
		return err
	}
	if err := cl.call(ctx, http.MethodPut, functionPath(name, "/code"), o.verified(map[string]any{"ZipFile": zipped}, events), nil); err != nil {
		return err
	}
	if len(settings) == 0 {
		return nil
	}
	if _, err := cl.settle(ctx, name); err != nil {
		return err
	}
	return cl.call(ctx, http.MethodPut, functionPath(name, "/configuration"), o.verified(settings, events), nil)
}

// settings returns what the flags that were given say, as AWS's fields.
func (o *deployOptions) settings(c *cobra.Command) (map[string]any, error) {
	given := map[string]any{}
	changed := c.Flags().Changed
	if changed("handler") {
		given["Handler"] = o.handler
	}
	if changed("role") {
		given["Role"] = o.role
	}
	if changed("memory") {
		given["MemorySize"] = o.memory
	}
	if changed("timeout") {
		timeout, err := parseSeconds(o.timeout)
		if err != nil {
			return nil, err
		}
		given["Timeout"] = int(timeout / time.Second)
	}
	if changed("fuel") {
		given["Lambent"] = map[string]any{"Fuel": o.fuel}
	}
	if changed("env") {
		env, err := parseEnv(o.env)
		if err != nil {
			return nil, err
		}
		given["Environment"] = map[string]any{"Variables": env}
	}
	return given, nil
}
