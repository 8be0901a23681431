package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
)

// latest is the version that changes.
const latest = "$LATEST"

// alias is what the commands need of AWS's AliasConfiguration.
type alias struct {
	Name            string
	FunctionVersion string
	RoutingConfig   struct{ AdditionalVersionWeights map[string]float64 }
}

// publish makes a version of a function, of that revision, and has an alias lead to
// it, unless that is "".
func (cl *client) publish(ctx context.Context, name, revision, to string) (function, error) {
	var version function
	err := cl.call(ctx, http.MethodPost, functionPath(name, "/versions"), map[string]any{"RevisionId": revision}, &version)
	if err != nil || to == "" {
		return version, err
	}
	lead := map[string]any{"FunctionVersion": version.Version, "RoutingConfig": map[string]any{}}
	err = cl.call(ctx, http.MethodPut, functionPath(name, "/aliases/"+url.PathEscape(to)), lead, nil)
	if isCode(err, "ResourceNotFoundException") {
		lead["Name"] = to
		err = cl.call(ctx, http.MethodPost, functionPath(name, "/aliases"), lead, nil)
	}
	return version, err
}

// listVersions prints the versions of a function, and which aliases lead to them.
func listVersions(c *cobra.Command, cl *client, name string, asJSON bool) error {
	versions, err := list[function](c.Context(), cl, functionPath(name, "/versions"), "Versions")
	if err != nil {
		return err
	}
	if asJSON {
		return json.NewEncoder(c.OutOrStdout()).Encode(versions)
	}
	aliases, err := list[alias](c.Context(), cl, functionPath(name, "/aliases"), "Aliases")
	if err != nil {
		return err
	}
	leading := map[string][]string{}
	for _, a := range aliases {
		rest := 1.0
		weights := a.RoutingConfig.AdditionalVersionWeights
		for _, version := range slices.Sorted(maps.Keys(weights)) {
			rest -= weights[version]
			leading[version] = append(leading[version], share(a.Name, weights[version]))
		}
		leading[a.FunctionVersion] = append(leading[a.FunctionVersion], share(a.Name, rest))
	}
	w := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "VERSION\tALIASES\tMEMORY\tTIMEOUT\tCODE\tMODIFIED")
	for _, v := range versions {
		fmt.Fprintf(w, "%s\t%s\t%d MB\t%d s\t%d bytes\t%s\n", v.Version, strings.Join(leading[v.Version], ", "), v.MemorySize, v.Timeout, v.CodeSize, v.LastModified)
	}
	return w.Flush()
}

// share says which part of an alias's events a version gets.
func share(name string, part float64) string {
	if part == 1 {
		return name
	}
	return fmt.Sprintf("%s %.4g %%", name, 100*part)
}
