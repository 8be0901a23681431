package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lambent-dev/lambent/host"
)

func sfnCheckCommand() *cobra.Command {
	var express, asJSON bool
	c := &cobra.Command{
		Use:   "check FILE...",
		Short: "Say what is wrong with definitions, without running them",
		Long: `Check reads each FILE, a definition in Amazon States Language, and says what AWS
Step Functions would refuse and what it would warn of. Nothing is run. The exit
status is 1 if there are errors.`,
		Example: `  lambent sfn check machine.asl.json
  lambent sfn check --json machine.asl.json | jq '.[].findings'`,
		Args: someArguments,
		RunE: func(c *cobra.Command, args []string) error {
			errors := 0
			checked := []checkedFile{}
			for _, path := range args {
				definition, err := readDefinition(c.InOrStdin(), path)
				if err != nil {
					return err
				}
				findings := host.CheckMachine(string(definition), express)
				checked = append(checked, checkedFile{path, findings})
				for _, f := range findings {
					if f.Severity == "ERROR" {
						errors++
					}
					if !asJSON {
						fmt.Fprintln(c.OutOrStdout(), describeFinding(path, f))
					}
				}
			}
			if asJSON {
				if err := printIndented(c, checked); err != nil {
					return err
				}
			}
			if errors > 0 {
				return errFailed
			}
			return nil
		},
	}
	c.Flags().BoolVar(&express, "express", false, "check them as machines of type EXPRESS")
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON array of the files with their findings")
	return c
}

// checkedFile is what --json prints for a file.
type checkedFile struct {
	File     string         `json:"file"`
	Findings []host.Finding `json:"findings"`
}

func describeFinding(path string, f host.Finding) string {
	severity, location := "error", ""
	if f.Severity == "WARNING" {
		severity = "warning"
	}
	message, quoted, _ := strings.Cut(f.Message, "\n at [Source: ") // the text, which is in the file
	switch at := strings.LastIndex(quoted, "; line: "); {
	case at >= 0:
		location = strings.TrimSuffix(quoted[at+2:], "]") + ": "
	case f.Location != "":
		location = f.Location + ": "
	}
	return oneLine(fmt.Sprintf("%s: %s: %s%s (%s)", path, severity, location, message, f.Code), 2000)
}

// explainDefinition is the error of a definition that cannot be used, with a
// line for each finding; any other error is told as it is.
func explainDefinition(path, definition string, express bool, err error) error {
	var lines []string
	for _, f := range host.CheckMachine(definition, express) {
		if f.Severity == "ERROR" {
			lines = append(lines, "\n  "+describeFinding(path, f))
		}
	}
	if lines == nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return fmt.Errorf("%s: InvalidDefinition:%s", path, strings.Join(lines, ""))
}
