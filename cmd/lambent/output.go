package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/lambent-dev/lambent/sandbox"
)

// output prints an invocation: for people, the result on standard output and
// the log on standard error; for programs, both as one JSON object.
type output struct {
	stdout, stderr io.Writer
	json           bool
	hold           bool // lines, until it is known whether they matter
	lines          []jsonLine
}

func newOutput(c *cobra.Command, asJSON bool) *output {
	return &output{stdout: c.OutOrStdout(), stderr: c.ErrOrStderr(), json: asJSON}
}

// start begins the log of an invocation.
func (o *output) start(r sandbox.Report) {
	if !o.json {
		fmt.Fprintln(o.stderr, r.Start())
	}
}

// log takes a line of the function's.
func (o *output) log(l sandbox.LogLine) {
	if !o.json && !o.hold {
		fmt.Fprintf(o.stderr, "%s\n", l.Message)
		return
	}
	o.lines = append(o.lines, jsonLine{l.Time.UTC(), l.Source.String(), l.Level.String(), string(l.Message)})
}

// end prints how it ended; failed is nil if it succeeded.
func (o *output) end(r sandbox.Report, res sandbox.Result, failed *sandbox.FunctionError) error {
	result := res.Response
	if failed != nil {
		result = failed.Payload
	}
	if !o.json {
		fmt.Fprintln(o.stderr, r.End())
		fmt.Fprintln(o.stderr, r.Report())
		_, err := fmt.Fprintf(o.stdout, "%s\n", bytes.TrimSuffix(result, []byte("\n"))) // a program may end its line itself
		return err
	}
	return o.encode(newJSONInvocation(r, result, failed, o.lines))
}

// unstarted prints that a function failed before it could be given an event. err,
// which failed is the cause of, may say at what.
func (o *output) unstarted(err error, failed *sandbox.FunctionError) error {
	if o.json {
		return o.encode(newJSONInvocation(sandbox.Report{}, failed.Payload, failed, o.lines))
	}
	for _, line := range o.lines {
		fmt.Fprintln(o.stderr, line.Message)
	}
	if init, ok := errors.AsType[*sandbox.InitError](err); ok {
		err = init.Err
	}
	fmt.Fprintf(o.stderr, "The function did not start: %v\n", err)
	_, err = fmt.Fprintf(o.stdout, "%s\n", failed.Payload)
	return err
}

func (o *output) encode(v jsonInvocation) error {
	e := json.NewEncoder(o.stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// newJSONInvocation describes an invocation; result is the response, or the
// error if failed is not nil.
func newJSONInvocation(r sandbox.Report, result []byte, failed *sandbox.FunctionError, lines []jsonLine) jsonInvocation {
	if lines == nil {
		lines = []jsonLine{} // a list, for scripts
	}
	whole := jsonInvocation{RequestID: r.RequestID, Status: "success", Usage: newJSONUsage(r.Usage), Logs: lines}
	switch {
	case failed == nil:
		whole.Response = jsonValue(result)
	case failed.Type == sandbox.TypeTimeout:
		whole.Status, whole.Error = "timeout", result
	default:
		whole.Status, whole.Error = "error", result
	}
	return whole
}

// jsonInvocation is what --json prints.
type jsonInvocation struct {
	RequestID string          `json:"requestId"`
	Status    string          `json:"status"` // success, error, timeout
	Response  json.RawMessage `json:"response,omitempty"`
	Error     json.RawMessage `json:"error,omitempty"`
	Usage     jsonUsage       `json:"usage"`
	Logs      []jsonLine      `json:"logs"`
}

type jsonLine struct {
	Time    time.Time `json:"time"`
	Source  string    `json:"source"`
	Level   string    `json:"level"`
	Message string    `json:"message"`
}

type jsonUsage struct {
	InitMs          float64 `json:"initMs"`
	DurationMs      float64 `json:"durationMs"`
	BilledMs        int64   `json:"billedMs"`
	MemoryPeakBytes uint64  `json:"memoryPeakBytes"`
	Fuel            uint64  `json:"fuel"`
	HostCalls       uint64  `json:"hostCalls"`
	HostBytes       uint64  `json:"hostBytes"`
	EventBytes      int     `json:"eventBytes"`
	ResponseBytes   int     `json:"responseBytes"`
	LogBytes        int     `json:"logBytes"`
	LogBytesDropped int     `json:"logBytesDropped"`
	TmpPeakBytes    int64   `json:"tmpPeakBytes"`
}

func newJSONUsage(u sandbox.Usage) jsonUsage {
	return jsonUsage{
		InitMs:          float64(u.Init.Microseconds()) / 1000,
		DurationMs:      float64(u.Duration.Microseconds()) / 1000,
		BilledMs:        u.Billed().Milliseconds(),
		MemoryPeakBytes: u.MemoryPeak,
		Fuel:            u.Fuel,
		HostCalls:       u.HostCalls,
		HostBytes:       u.HostBytes,
		EventBytes:      u.Event,
		ResponseBytes:   u.Response,
		LogBytes:        u.Logs,
		LogBytesDropped: u.LogsDropped,
		TmpPeakBytes:    u.TmpPeak,
	}
}

// jsonValue returns b if it is JSON, else b as a JSON string.
func jsonValue(b []byte) json.RawMessage {
	if json.Valid(b) {
		return b
	}
	quoted, err := json.Marshal(string(b))
	if err != nil { // a string always marshals
		panic(err)
	}
	return quoted
}
