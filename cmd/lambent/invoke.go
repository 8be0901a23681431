package main

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/spf13/cobra"

	"github.com/lambent-dev/lambent/sandbox"
)

// eventFlags are the flags that give an event.
type eventFlags struct{ event, file string }

func (e *eventFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&e.event, "event", "", "the event, a `JSON` value")
	c.Flags().StringVar(&e.file, "event-file", "", "the `file` that holds the event; - is standard input")
	c.MarkFlagsMutuallyExclusive("event", "event-file")
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

func invokeCommand() *cobra.Command {
	var (
		event eventFlags
		quiet bool
	)
	c := &cobra.Command{
		Use:   "invoke NAME",
		Short: "Invoke a function on a running Lambent",
		Long: `Invoke gives an event to a function and prints what it answers on standard
output, and the end of its log, at most 4 KiB, on standard error. The event is
given by --event or --event-file, else read from standard input if that is not a
terminal, else {}. The exit status is 1 if the function failed.`,
		Example: `  lambent invoke hello --event '{"name":"Ada"}'
  lambent invoke hello --event-file event.json --quiet | jq .message`,
		Args: oneArgument,
	}
	cl := addEndpoint(c)
	event.add(c)
	c.Flags().BoolVarP(&quiet, "quiet", "q", false, "do not print the log")
	c.RunE = func(c *cobra.Command, args []string) error {
		payload, err := event.read(c)
		if err != nil {
			return err
		}
		header, response, err := cl.do(c.Context(), http.MethodPost, functionPath(args[0], "/invocations"), http.Header{"X-Amz-Log-Type": {"Tail"}}, payload)
		if err != nil {
			return err
		}
		if !quiet {
			tail, err := base64.StdEncoding.DecodeString(header.Get("X-Amz-Log-Result"))
			if err != nil {
				return fmt.Errorf("the log that was answered: %w", err)
			}
			c.ErrOrStderr().Write(tail)
		}
		if _, err := fmt.Fprintf(c.OutOrStdout(), "%s\n", response); err != nil {
			return err
		}
		if header.Get("X-Amz-Function-Error") != "" {
			return errFailed
		}
		return nil
	}
	return c
}
