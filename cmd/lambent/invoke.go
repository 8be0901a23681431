package main

import (
	"encoding/base64"
	"fmt"
	"net/http"

	"github.com/spf13/cobra"
)

func invokeCommand() *cobra.Command {
	var (
		event eventFlags
		quiet bool
	)
	c := &cobra.Command{
		Use:   "invoke NAME[:QUALIFIER]",
		Short: "Invoke a function on a running Lambent",
		Long: `Invoke gives an event to a function and prints what it answers on standard
output, and the end of its log, at most 4 KiB, on standard error. The event is
given by --event or --event-file, else read from standard input if that is not a
terminal, else {}. A qualifier is the number of a version, or an alias. The exit
status is 1 if the function failed.`,
		Example: `  lambent invoke hello --event '{"name":"Ada"}'
  lambent invoke hello:live --event-file event.json --quiet | jq .message`,
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
