package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"github.com/lambent-dev/lambent/host"
)

func sfnTestCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "test FILE...",
		Short: "Test state machines by cases in files of YAML or JSON",
		Long: `Test runs the cases of each FILE and says which fail. Time jumps to the next timer
instead of passing, and no function is called: every task needs a mock, as lambent
sfn run --mocks has them. The exit status is 1 if a case fails, 2 if one cannot
be run.

  machine: machine.asl.json     # beside this file
  type: STANDARD                # or EXPRESS
  cases:
    - name: pays at the second attempt
      input: {order: 7}
      mocks:
        Charge: [{error: Busy}, {result: {paid: true}}]
      expect:
        status: SUCCEEDED       # what is left out is not compared, but for this
        output: {paid: true}
        states: [Charge]        # in the order they are entered
    - name: refused
      mocks:
        Charge: {error: Refused, cause: no money}
      expect: {status: FAILED, error: Refused, cause: no money}`,
		Example: `  lambent sfn test cases.yaml
  lambent sfn test --json cases.yaml | jq '.[] | select(.passed | not)'`,
		Args: someArguments,
		RunE: func(c *cobra.Command, args []string) error {
			failed := 0
			ran := []caseResult{}
			for _, path := range args {
				err := runCases(c, path, func(r caseResult) {
					ran = append(ran, r)
					if !r.Passed {
						failed++
					}
					if !asJSON {
						r.print(c.OutOrStdout())
					}
				})
				if err != nil {
					return err
				}
			}
			if asJSON {
				if err := printIndented(c, ran); err != nil {
					return err
				}
			} else {
				fmt.Fprintf(c.OutOrStdout(), "%d passed, %d failed\n", len(ran)-failed, failed)
			}
			if failed > 0 {
				return errFailed
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON array of the cases and what differs")
	return c
}

// caseResult is what came of a case; --json prints it.
type caseResult struct {
	File        string   `json:"file"`
	Name        string   `json:"name"`
	Passed      bool     `json:"passed"`
	Differences []string `json:"differences"`
}

func (r caseResult) print(w io.Writer) {
	word := "FAIL"
	if r.Passed {
		word = "ok  "
	}
	fmt.Fprintf(w, "%s %s\n", word, oneLine(r.Name, 200))
	for _, d := range r.Differences {
		fmt.Fprintf(w, "     %s\n", oneLine(d, 2000))
	}
}

// caseFile is a file of cases.
type caseFile struct {
	Machine string     `json:"machine"`
	Type    string     `json:"type"`
	Cases   []testCase `json:"cases"`
}

type testCase struct {
	Name    string          `json:"name"`
	Machine string          `json:"machine"` // instead of the file's
	Input   json.RawMessage `json:"input"`
	Mocks   json.RawMessage `json:"mocks"`
	Expect  expectation     `json:"expect"`
}

// expectation is what an execution has to come to.
type expectation struct {
	Status string          `json:"status"`
	Output json.RawMessage `json:"output"`
	Error  *string         `json:"error"`
	Cause  *string         `json:"cause"`
	States []string        `json:"states"`
}

// runCases runs the cases of a file and tells of each.
func runCases(c *cobra.Command, path string, tell func(caseResult)) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	file, err := parseCases(text)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	express := file.Type == "EXPRESS"
	for i, one := range file.Cases {
		name := cmp.Or(one.Name, fmt.Sprintf("case %d", i+1))
		machine := cmp.Or(one.Machine, file.Machine)
		if machine == "" {
			return fmt.Errorf("%s: %s: no machine is named", path, name)
		}
		machine = filepath.Join(filepath.Dir(path), machine)
		definition, err := readDefinition(c.InOrStdin(), machine)
		if err != nil {
			return fmt.Errorf("%s: %s: %w", path, name, err)
		}
		differences, err := one.run(c.Context(), string(definition), express)
		if err != nil {
			return fmt.Errorf("%s: %s: %w", path, name, explainDefinition(machine, string(definition), express, err))
		}
		tell(caseResult{File: path, Name: name, Passed: len(differences) == 0, Differences: differences})
	}
	return nil
}

// run runs a case and says what differs from what it expects. Errors: those of
// mocks and of host.Rehearse.
func (one *testCase) run(ctx context.Context, definition string, express bool) (differences []string, err error) {
	r := host.Rehearsal{Definition: definition, Input: string(one.Input), Express: express, Jump: true}
	if one.Mocks != nil {
		if r.Mocks, err = parseMocks(one.Mocks); err != nil {
			return nil, err
		}
	}
	var states []string
	r.Event = func(e host.HistoryEvent) {
		if strings.HasSuffix(e.Type, "StateEntered") {
			states = append(states, e.State)
		}
	}
	got, err := host.Rehearse(ctx, r)
	if err != nil {
		return nil, err
	}
	return one.Expect.compare(got, states), nil
}

// compare says what of an outcome, and of the states that were entered, differs
// from what was expected.
func (want *expectation) compare(got host.Rehearsed, states []string) []string {
	differences := []string{}
	differ := func(what, got, want string) {
		differences = append(differences, fmt.Sprintf("%s is %s, want %s", what, cmp.Or(got, "absent"), want))
	}
	if wanted := cmp.Or(want.Status, "SUCCEEDED"); got.Status != wanted {
		status := got.Status
		if reason := reasonOf(got.Error, got.Cause); reason != "" {
			status += " (" + reason + ")"
		}
		differ("status", status, wanted)
	}
	if want.Output != nil && !sameJSON([]byte(got.Output), want.Output) {
		differ("output", got.Output, string(want.Output))
	}
	for _, t := range []struct {
		what      string
		got, want *string
	}{{"error", got.Error, want.Error}, {"cause", got.Cause, want.Cause}} {
		if t.want != nil && (t.got == nil || *t.got != *t.want) {
			differ(t.what, reasonOf(t.got, nil), *t.want)
		}
	}
	if want.States != nil && !slices.Equal(states, want.States) {
		differ("the sequence of states", strings.Join(states, ", "), strings.Join(want.States, ", "))
	}
	return differences
}

func sameJSON(a, b []byte) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

// parseCases reads a file of cases.
func parseCases(text []byte) (file caseFile, err error) {
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return file, err
	}
	if document.Kind != yaml.DocumentNode || len(document.Content) != 1 {
		return file, fmt.Errorf("it has no document")
	}
	value, err := jsonOf(document.Content[0])
	if err != nil {
		return file, err
	}
	d := json.NewDecoder(bytes.NewReader(value))
	d.DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		return file, fmt.Errorf("%w; a file has machine, type and cases; a case has name, machine, input, mocks and expect; expect has status, output, error, cause and states", err)
	}
	if file.Type != "" && file.Type != "STANDARD" && file.Type != "EXPRESS" {
		return file, fmt.Errorf("type is %q, allowed are STANDARD and EXPRESS", file.Type)
	}
	if len(file.Cases) == 0 {
		return file, fmt.Errorf("it has no cases")
	}
	return file, nil
}
