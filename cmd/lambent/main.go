package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// Exit statuses.
const (
	statusOK     = 0
	statusFailed = 1 // the function failed
	statusError  = 2 // it could not be run
)

// errFailed is the error of a command whose function failed; what is to be said
// about it has been said.
var errFailed = errors.New("the function failed")

// run executes one command line and returns the exit status.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// The second signal ends what does not look at ctx: reading from a terminal,
	// the compiler.
	context.AfterFunc(ctx, stop)
	root := rootCommand()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	switch err := root.ExecuteContext(ctx); {
	case err == nil:
		return statusOK
	case errors.Is(err, errFailed):
		return statusFailed
	default:
		fmt.Fprintf(stderr, "lambent: %v\n", err)
		return statusError
	}
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "lambent",
		Short: "Run functions compiled to WebAssembly, each event in a pristine instance",
		Example: `  lambent run ./my-function --event '{"name":"Ada"}'
  lambent dev ./my-function
  lambent serve --data ./data
  lambent deploy ./my-function`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          oneOfItsCommands,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(
		runCommand(), buildCommand(), benchCommand(), devCommand(), serveCommand(),
		deployCommand(), invokeCommand(), listCommand(), deleteCommand(),
		drawCommand(), sfnCommand(), keysCommand(), versionCommand(), compileWorkerCommand(),
	)
	return root
}
