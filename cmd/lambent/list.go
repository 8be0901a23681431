package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"text/tabwriter"

	"github.com/spf13/cobra"
)

func listCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List the functions of a running Lambent",
		Example: "  lambent list\n  lambent list --json | jq -r .[].functionName",
		Args:    cobra.NoArgs,
	}
	cl := addEndpoint(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON array")
	c.RunE = func(c *cobra.Command, _ []string) error {
		functions, err := cl.list(c)
		if err != nil {
			return err
		}
		if asJSON {
			return json.NewEncoder(c.OutOrStdout()).Encode(functions)
		}
		w := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "NAME\tMEMORY\tTIMEOUT\tCODE\tMODIFIED")
		for _, f := range functions {
			fmt.Fprintf(w, "%s\t%d MB\t%d s\t%d bytes\t%s\n", f.FunctionName, f.MemorySize, f.Timeout, f.CodeSize, f.LastModified)
		}
		return w.Flush()
	}
	return c
}

// list returns all functions, page by page.
func (cl *client) list(c *cobra.Command) ([]function, error) {
	functions := []function{}
	for marker := ""; ; {
		var page struct {
			Functions  []function
			NextMarker string
		}
		path := "/2015-03-31/functions?Marker=" + url.QueryEscape(marker)
		if marker == "" {
			path = "/2015-03-31/functions"
		}
		if err := cl.call(c.Context(), http.MethodGet, path, nil, &page); err != nil {
			return nil, err
		}
		functions = append(functions, page.Functions...)
		if marker = page.NextMarker; marker == "" {
			return functions, nil
		}
	}
}
