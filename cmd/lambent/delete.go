package main

import (
	"fmt"
	"net/http"

	"github.com/spf13/cobra"
)

func deleteCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "delete NAME[:VERSION]...",
		Aliases: []string{"rm"},
		Short:   "Delete functions, or versions, of a running Lambent",
		Example: "  lambent delete hello\n  lambent delete hello:3",
		Args:    someArguments,
	}
	cl := addEndpoint(c)
	c.RunE = func(c *cobra.Command, names []string) error {
		for _, name := range names {
			if err := cl.call(c.Context(), http.MethodDelete, functionPath(name, ""), nil, nil); err != nil {
				return err
			}
			fmt.Fprintf(c.ErrOrStderr(), "%s is deleted\n", name)
		}
		return nil
	}
	return c
}
