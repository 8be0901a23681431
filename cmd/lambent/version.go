package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// versions is what lambent version prints.
type versions struct {
	Lambent string `json:"lambent"` // a tag, or "(devel)"
	Commit  string `json:"commit,omitempty"`
	Go      string `json:"go"`
	System  string `json:"system"`
	Engine  string `json:"engine"`

	Wasmtime string `json:"wasmtime,omitempty"` // its version, in programs that have it
}

func versionCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "version",
		Short:   "Print the version of lambent and of what it is built on",
		Example: "  lambent version --json",
		Args:    noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			v := readVersions()
			if asJSON {
				return json.NewEncoder(c.OutOrStdout()).Encode(v)
			}
			if v.Commit != "" {
				v.Lambent += " " + v.Commit
			}
			engines := v.Engine
			if v.Wasmtime != "" {
				engines += ", wasmtime " + v.Wasmtime
			}
			_, err := fmt.Fprintf(c.OutOrStdout(), "lambent %s\n%s %s\nengine %s\n", v.Lambent, v.Go, v.System, engines)
			return err
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON object")
	return c
}

func readVersions() versions {
	v := versions{Lambent: "(devel)", Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH, Engine: "wazero"}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	if info.Main.Version != "" {
		v.Lambent = info.Main.Version
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			v.Commit = s.Value
		}
	}
	for _, m := range info.Deps {
		switch m.Path {
		case "github.com/tetratelabs/wazero":
			v.Engine = "wazero " + m.Version
		case "github.com/bytecodealliance/wasmtime-go/v39":
			v.Wasmtime = m.Version
		}
	}
	return v
}
