package main

import (
	"context"
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
		Use:     "list [NAME]",
		Aliases: []string{"ls"},
		Short:   "List the functions of a running Lambent, or the versions of one",
		Example: "  lambent list\n  lambent list hello\n  lambent list --json | jq -r .[].functionName",
		Args:    atMostOneArgument,
	}
	cl := addEndpoint(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON array")
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) == 1 {
			return listVersions(c, cl, args[0], asJSON)
		}
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

// list returns all functions.
func (cl *client) list(c *cobra.Command) ([]function, error) {
	return list[function](c.Context(), cl, "/2015-03-31/functions", "Functions")
}

// list returns what a path lists, page by page, in the member of that name.
func list[T any](ctx context.Context, cl *client, path, member string) ([]T, error) {
	all := []T{}
	for marker := ""; ; {
		at := path
		if marker != "" {
			at += "?Marker=" + url.QueryEscape(marker)
		}
		var page map[string]json.RawMessage
		if err := cl.call(ctx, http.MethodGet, at, nil, &page); err != nil {
			return nil, err
		}
		var some []T
		if err := json.Unmarshal(page[member], &some); err != nil {
			return nil, err
		}
		all = append(all, some...)
		next, ok := page["NextMarker"]
		if !ok {
			return all, nil
		}
		if err := json.Unmarshal(next, &marker); err != nil {
			return nil, err
		}
	}
}
