package api

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/workflow"
)

func (c *statesCall) start() workflow.StartInput {
	return workflow.StartInput{Machine: c.in.text("stateMachineArn"), Name: c.in.text("name"), Input: c.in.text("input")}
}

func (c *statesCall) startExecution() (fields, error) {
	started, err := c.machines.Start(c.ctx, c.start())
	if err != nil {
		return nil, err
	}
	return fields{"executionArn": started.ARN, "startDate": seconds(started.Date)}, nil
}

// execution are the members that describe an execution; with its data, if
// wanted.
func execution(e workflow.Execution, data bool) fields {
	f := fields{"executionArn": e.ARN, "stateMachineArn": e.Machine, "name": e.Name, "status": e.Status, "startDate": seconds(e.Started)}
	if !e.Stopped.IsZero() {
		f["stopDate"] = seconds(e.Stopped)
	}
	if !data {
		return f
	}
	included := fields{"included": true}
	f["input"], f["inputDetails"] = e.Input, included
	if e.Status == asl.Succeeded {
		f["output"], f["outputDetails"] = e.Output, included
	}
	for name, text := range map[string]*string{"error": e.Error, "cause": e.Cause} {
		if text != nil {
			f[name] = *text
		}
	}
	return f
}

func (c *statesCall) startSyncExecution() (fields, error) {
	out, err := c.machines.StartSync(c.ctx, c.start())
	if err != nil {
		return nil, err
	}
	data := c.in.text("includedData") != "METADATA_ONLY"
	f := execution(out.Execution, data)
	if data { // here AWS says so of an output that is not there, too
		f["outputDetails"] = fields{"included": true}
	}
	f["billingDetails"] = fields{"billedDurationInMilliseconds": out.Billed.Milliseconds(), "billedMemoryUsedInMB": 64}
	return f, nil
}

func (c *statesCall) describeExecution() (fields, error) {
	e, err := c.machines.Execution(c.in.text("executionArn"))
	if err != nil {
		return nil, err
	}
	f := execution(e, c.in.text("includedData") != "METADATA_ONLY")
	f["redriveCount"], f["redriveStatus"] = 0, "NOT_REDRIVABLE"
	if e.Status == asl.Running {
		f["redriveStatusReason"] = "Execution is RUNNING and cannot be redriven"
	} else {
		f["redriveStatusReason"] = fmt.Sprintf("Execution is %s and cannot be redriven", e.Status)
	}
	return f, nil
}

func (c *statesCall) listExecutions() (fields, error) {
	for _, lacking := range []string{"mapRunArn", "redriveFilter"} {
		if c.in.given(lacking) != nil {
			return nil, fault.New(fault.NotImplemented, "ListExecutions: Lambent does not have the member %s yet.", lacking)
		}
	}
	if c.in.given("stateMachineArn") == nil {
		return nil, fault.New(fault.Validation, "Either the stateMachineArn or the mapRunArn must be specified")
	}
	m, err := c.machines.Machine(c.ctx, c.in.text("stateMachineArn"))
	if err != nil {
		return nil, err
	}
	page, next, err := c.machines.Executions(m, asl.Status(c.in.text("statusFilter")), c.in.text("nextToken"), c.in.max())
	if err != nil {
		return nil, err
	}
	list := make([]fields, 0, len(page))
	for _, e := range page {
		f := execution(e, false)
		f["redriveCount"] = 0
		list = append(list, f)
	}
	f := fields{"executions": list}
	if next != "" {
		f["nextToken"] = next
	}
	return f, nil
}

func (c *statesCall) getExecutionHistory() (fields, error) {
	skip := 0
	if token := c.in.given("nextToken"); token != nil {
		n, err := strconv.Atoi(strings.TrimPrefix(*token, "after-"))
		if err != nil || n < 0 {
			return nil, workflow.ErrToken
		}
		skip = n
	}
	events, next, err := c.machines.History(c.in.text("executionArn"), c.in.flags["reverseOrder"], skip, c.in.max())
	if err != nil {
		return nil, err
	}
	if with, given := c.in.flags["includeExecutionData"]; given && !with {
		bare := make([]asl.Event, len(events))
		for i, e := range events {
			e.Input, e.Output, e.Parameters, e.Assigned = nil, nil, nil, nil
			bare[i] = e
		}
		events = bare
	}
	f := fields{"events": events}
	if next > 0 {
		f["nextToken"] = "after-" + strconv.Itoa(next)
	}
	return f, nil
}

func (c *statesCall) stopExecution() (fields, error) {
	stopped, err := c.machines.Stop(c.in.text("executionArn"), c.in.given("error"), c.in.given("cause"))
	if err != nil {
		return nil, err
	}
	return fields{"stopDate": seconds(stopped)}, nil
}
