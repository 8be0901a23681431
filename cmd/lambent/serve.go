package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"time"

	"github.com/spf13/cobra"

	"github.com/lambent-dev/lambent/host"
	"github.com/lambent-dev/lambent/host/gateway"
)

// defaultListen is where lambent serve and lambent dev listen.
const defaultListen = "127.0.0.1:9000"

// serveOptions are the flags of lambent serve.
type serveOptions struct {
	data, listen      string
	quiet, reportFuel bool
	sandboxes         int
	sandboxMemory     int64 // MiB
	codeStorage       int64 // MiB
	ephemeral         bool  // executions of STANDARD state machines
	engines           []string
	verifyOnWasmtime  bool
	access            accessOptions
	aws               awsOptions
}

func serveCommand() *cobra.Command {
	var o serveOptions
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve functions and state machines behind AWS's APIs",
		Long: `Serve keeps functions in a folder and answers AWS Lambda's API for them, until it
is interrupted; then it lets invocations under way end. It answers AWS Step
Functions' API for state machines, too: those of type EXPRESS run, in memory;
executions of those of type STANDARD are refused, as they must not be lost, unless
--ephemeral-executions is given.

Any tool that speaks to AWS Lambda can be pointed at it. On a loopback address and
on a Unix socket (--listen unix:PATH), requests are answered without
authentication, unless --auth keys asks for signatures; every other address takes
--auth keys. "lambent keys" makes access keys; the roles and policies that limit
them are those of AWS IAM's API, which is answered, too.`,
		Example: `  lambent serve --data ./data
  lambent deploy ./sdk/go/examples/hello
  curl -d '{"name":"Ada"}' http://127.0.0.1:9000/functions/hello
  aws lambda list-functions --endpoint-url http://127.0.0.1:9000
  aws stepfunctions list-state-machines --endpoint-url http://127.0.0.1:9000
  lambent keys create --data ./data
  lambent serve --data ./data --listen :9000 --auth keys --tls-cert cert.pem --tls-key key.pem`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			return serve(c, o, func(s *server) error {
				fmt.Fprintf(c.ErrOrStderr(), "Lambent serves %s, keeping functions in %s\n", s.url, o.data)
				s.tell()
				<-c.Context().Done()
				return nil
			})
		},
	}
	c.Flags().StringVar(&o.data, "data", "lambent-data", "the `folder` that everything is kept in; made if it is not there")
	c.Flags().StringVar(&o.listen, "listen", defaultListen, "the `address` to listen on, or unix:PATH; port 0 takes a free one")
	o.access.add(c)
	c.Flags().BoolVarP(&o.quiet, "quiet", "q", false, "do not print what functions log")
	c.Flags().BoolVar(&o.reportFuel, "report-fuel", true, "end REPORT lines with \"Fuel Used\", which AWS Lambda's do not have")
	c.Flags().BoolVar(&o.ephemeral, "ephemeral-executions", false, "let executions of STANDARD state machines run in memory, for tests: they are lost with the server")
	c.Flags().IntVar(&o.sandboxes, "sandboxes", host.DefaultSandboxes, "how many functions keep their code in memory; others are loaded from the folder when they are invoked")
	c.Flags().Int64Var(&o.sandboxMemory, "sandbox-memory", 0, "how many `MiB` of memory functions keep for their code and for instances that wait for events; 0 is a quarter of the machine's")
	c.Flags().Int64Var(&o.codeStorage, "code-storage", host.DefaultCodeStorage>>20, "how many `MiB` the deployment packages and layers of an account may have, each version counted")
	o.aws.add(c)
	addEngines(c, &o.engines)
	addVerifiers(c, &o.verifyOnWasmtime)
	return c
}

// server is a Host with its gateway.
type server struct {
	host    *host.Host
	address string
	url     string
	tell    func() // who may come in
}

// drain is how long requests under way may take when the server stops, quiet how
// long nothing is said of them.
const (
	drain = 30 * time.Second
	quiet = time.Second
)

// serve opens a Host, serves it on an address while use runs, and closes it.
func serve(c *cobra.Command, o serveOptions, use func(*server) error) (err error) {
	if most := int64(math.MaxInt64 >> 20); o.sandboxMemory > most || o.sandboxMemory < 0 {
		return fmt.Errorf("--sandbox-memory is %d MiB; it must be from 1 to %d, or 0 for a quarter of the machine's", o.sandboxMemory, most)
	} else if o.sandboxes < 0 {
		return fmt.Errorf("--sandboxes is %d; it must be 1 or more, or 0 for the default, %d", o.sandboxes, host.DefaultSandboxes)
	} else if o.codeStorage > most || o.codeStorage < 0 {
		return fmt.Errorf("--code-storage is %d MiB; it must be from 1 to %d, or 0 for the default", o.codeStorage, most)
	}
	others, err := chooseEngines(c, o.engines)
	if err != nil {
		return err
	}
	defer spaceCollections()()
	// The address first: if it is taken or may not be served, nothing was opened.
	listener, access, err := o.access.listen(o.listen, o.data)
	if err != nil {
		return err
	}
	config := host.Config{
		Dir:                 o.data,
		CompileCommand:      compileCommand,
		Engines:             others,
		Engine:              o.engines[0],
		Verifiers:           verifiers(c, o.verifyOnWasmtime, access.Auth),
		PlainReports:        !o.reportFuel,
		EphemeralExecutions: o.ephemeral,
		EnforceRoles:        access.Auth == gateway.AuthKeys,
		Limits:              host.Limits{Sandboxes: o.sandboxes, SandboxMemory: o.sandboxMemory << 20, CodeStorage: o.codeStorage << 20},
	}
	if err := o.aws.set(&config); err != nil {
		listener.Close()
		return err
	}
	if !o.quiet {
		config.Log = newLogPrinter(c.ErrOrStderr()).print
	}
	h, err := host.Open(config)
	if err != nil {
		listener.Close()
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()

	if err := o.access.check(c.Context(), h, access, o.data); err != nil {
		listener.Close()
		return err
	}
	g := gateway.New(h, access)
	served := make(chan error, 1)
	go func() { served <- g.Serve(listener) }()
	used := make(chan error, 1)
	go func() {
		used <- use(&server{
			host: h, address: listener.Addr().String(), url: urlOf(listener.Addr(), access),
			tell: func() { tellAccess(c.ErrOrStderr(), access, listener.Addr()) },
		})
	}()
	select {
	case err := <-served:
		return err
	case err = <-used:
	}
	ctx, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	defer time.AfterFunc(quiet, func() {
		fmt.Fprintf(c.ErrOrStderr(), "Stopping: requests under way have %v to end; a second signal ends them at once\n", drain)
	}).Stop()
	return errors.Join(err, g.Shutdown(ctx))
}

// compileCommand is this program as a compiler of one module.
func compileCommand(cacheDir string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		self = os.Args[0]
	}
	return exec.Command(self, compileWorker, cacheDir)
}

// compileWorker names the hidden command of compileCommand.
const compileWorker = "compile-worker"

func compileWorkerCommand() *cobra.Command {
	return &cobra.Command{
		Use:    compileWorker + " CACHE",
		Short:  "Compile one module from standard input into a cache",
		Hidden: true,
		Args:   cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return host.CompileWorker(args[0], c.InOrStdin(), c.OutOrStdout(), otherEngines()...)
		},
	}
}
