package main

import (
	"encoding/json"

	"github.com/spf13/cobra"
)

func sfnCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "sfn",
		Short: "Check, run and test state machines",
		Example: `  lambent sfn check machine.asl.json
  lambent sfn run machine.asl.json --input '{"order":7}'
  lambent sfn test cases.yaml`,
		Args: oneOfItsCommands,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(sfnCheckCommand(), sfnRunCommand(), sfnTestCommand())
	return c
}

// printIndented prints what --json asks for.
func printIndented(c *cobra.Command, v any) error {
	e := json.NewEncoder(c.OutOrStdout())
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
