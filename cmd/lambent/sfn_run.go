package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"

	"github.com/spf13/cobra"

	"github.com/lambent-dev/lambent/host"
)

// sfnRun are the flags of lambent sfn run.
type sfnRun struct {
	input, inputFile, mocks string
	express, jump, json     bool
	client                  *client
}

func sfnRunCommand() *cobra.Command {
	var o sfnRun
	c := &cobra.Command{
		Use:   "run FILE",
		Short: "Run a state machine once, without deploying it",
		Long: `Run runs one execution of the state machine in FILE, a definition in Amazon
States Language, and prints its output. States are shown as they are entered and
left, on standard error. The exit status is 1 if the execution did not succeed, 2
if it could not be run.

Tasks come to what --mocks says of their states; functions without a mock are
called on a running Lambent (--endpoint). The file of mocks is a JSON object of
states' names, with one of these for each, or a list: one for each time that the
state does its task, the last for all that follow.

  {"result": {"any": "JSON"}}
  {"error": "Name", "cause": "text"}`,
		Example: `  lambent sfn run machine.asl.json --input '{"order":7}'
  lambent sfn run machine.asl.json --input-file order.json --mocks mocks.json --jump
  lambent sfn run machine.asl.json --json | jq .events`,
		Args: oneArgument,
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, args[0]) },
	}
	f := c.Flags()
	f.StringVar(&o.input, "input", "{}", "the input, a `JSON` value")
	f.StringVar(&o.inputFile, "input-file", "", "the `file` that holds the input; - is standard input")
	f.StringVar(&o.mocks, "mocks", "", "the `file` that says what tasks come to")
	f.BoolVar(&o.express, "express", false, "run it as a machine of type EXPRESS")
	f.BoolVar(&o.jump, "jump", false, "do not wait: let time jump to the next timer")
	f.BoolVar(&o.json, "json", false, "print one JSON object: status, output and the history's events")
	exclusive(c, "input", "input-file")
	o.client = addEndpoint(c)
	return c
}

func (o *sfnRun) run(c *cobra.Command, path string) error {
	definition, err := readDefinition(c.InOrStdin(), path)
	if err != nil {
		return err
	}
	if o.inputFile != "" {
		input, err := readDefinition(c.InOrStdin(), o.inputFile)
		if err != nil {
			return err
		}
		o.input = string(input)
	}
	r := host.Rehearsal{Definition: string(definition), Input: o.input, Express: o.express, Jump: o.jump, Call: o.client.rehearse}
	if o.mocks != "" {
		text, err := os.ReadFile(o.mocks)
		if err != nil {
			return err
		}
		if r.Mocks, err = parseMocks(text); err != nil {
			return fmt.Errorf("%s: %w", o.mocks, err)
		}
	}
	events := []json.RawMessage{}
	shown := newSFNTree(c.ErrOrStderr())
	r.Event = func(e host.HistoryEvent) {
		if o.json {
			events = append(events, e.JSON)
		} else {
			shown.event(e)
		}
	}
	ended, err := host.Rehearse(c.Context(), r)
	if err != nil {
		return explainDefinition(path, string(definition), o.express, err)
	}
	if o.json {
		err = printIndented(c, sfnOutcome{ended.Status, json.RawMessage(ended.Output), ended.Error, ended.Cause, events})
	} else {
		shown.end(ended)
		if ended.Output != "" {
			_, err = fmt.Fprintln(c.OutOrStdout(), ended.Output)
		}
	}
	if err == nil && ended.Status != "SUCCEEDED" {
		return errFailed
	}
	return err
}

// sfnOutcome is what --json prints.
type sfnOutcome struct {
	Status string            `json:"status"`
	Output json.RawMessage   `json:"output,omitempty"`
	Error  *string           `json:"error,omitempty"`
	Cause  *string           `json:"cause,omitempty"`
	Events []json.RawMessage `json:"events"`
}

// rehearse calls a function of a running Lambent for a state machine.
func (c *client) rehearse(ctx context.Context, name string, event []byte) (payload []byte, failed bool, err error) {
	header, payload, err := c.do(ctx, http.MethodPost, functionPath(name, "/invocations"), http.Header{"X-Amz-Log-Type": {"None"}}, event)
	if answered, ok := err.(*apiError); ok {
		return nil, false, &host.Error{Code: host.Code(answered.Code), Message: answered.Message}
	}
	if err != nil {
		return nil, false, &host.Error{Code: "SdkClientException", Message: err.Error()}
	}
	return payload, header.Get("X-Amz-Function-Error") != "", nil
}
