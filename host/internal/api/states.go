package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/workflow"
)

// This file has the protocol of AWS Step Functions, AWS JSON 1.0: every request
// is a POST to / whose header X-Amz-Target names the operation.

// statesTarget is what comes before the name of an operation.
const statesTarget = "AWSStepFunctions."

// asJSON10 is the media type of requests and answers.
const asJSON10 = "application/x-amz-json-1.0"

// maxStates is the most bytes of a request: a definition of 2^20 characters, in
// a string with escapes, and 1 MiB of other members.
const maxStates = 4 << 20

// FindTarget finds the operation that a header X-Amz-Target names. Errors:
// UnknownOperation.
func (a *API) FindTarget(target string) (Match, *fault.Error) {
	if name, ok := strings.CutPrefix(target, statesTarget); ok && a.machines != nil {
		if o := a.targets[name]; o != nil {
			return Match{Operation: o}, nil
		}
	}
	return Match{}, fault.New(fault.UnknownOperation, "X-Amz-Target is %q, which is not an operation of AWS Step Functions", clip(strings.ToValidUTF8(target, "\uFFFD")))
}

// states are the operations of AWS Step Functions: all of them, so that asking
// for one that is lacking is answered with its name.
var states = []Operation{
	{Name: "CreateActivity", states: (*statesCall).createActivity, required: []string{"name"}},
	{Name: "CreateStateMachine", states: (*statesCall).createStateMachine, required: []string{"name", "definition", "roleArn"}},
	{Name: "CreateStateMachineAlias"},
	{Name: "DeleteActivity", states: (*statesCall).deleteActivity, required: []string{"activityArn"}},
	{Name: "DeleteStateMachine", states: (*statesCall).deleteStateMachine, required: []string{"stateMachineArn"}},
	{Name: "DeleteStateMachineAlias"},
	{Name: "DeleteStateMachineVersion"},
	{Name: "DescribeActivity", states: (*statesCall).describeActivity, required: []string{"activityArn"}},
	{Name: "DescribeExecution", states: (*statesCall).describeExecution, required: []string{"executionArn"}},
	{Name: "DescribeMapRun"},
	{Name: "DescribeStateMachine", states: (*statesCall).describeStateMachine, required: []string{"stateMachineArn"}},
	{Name: "DescribeStateMachineAlias"},
	{Name: "DescribeStateMachineForExecution", states: (*statesCall).describeStateMachineForExecution, required: []string{"executionArn"}},
	{Name: "GetActivityTask", states: (*statesCall).getActivityTask, required: []string{"activityArn"}},
	{Name: "GetExecutionHistory", states: (*statesCall).getExecutionHistory, required: []string{"executionArn"}},
	{Name: "ListActivities", states: (*statesCall).listActivities},
	{Name: "ListExecutions", states: (*statesCall).listExecutions},
	{Name: "ListMapRuns"},
	{Name: "ListStateMachineAliases"},
	{Name: "ListStateMachineVersions"},
	{Name: "ListStateMachines", states: (*statesCall).listStateMachines},
	{Name: "ListTagsForResource", states: (*statesCall).listTagsForResource, required: []string{"resourceArn"}},
	{Name: "PublishStateMachineVersion"},
	{Name: "RedriveExecution"},
	{Name: "SendTaskFailure", states: (*statesCall).sendTaskFailure, required: []string{"taskToken"}},
	{Name: "SendTaskHeartbeat", states: (*statesCall).sendTaskHeartbeat, required: []string{"taskToken"}},
	{Name: "SendTaskSuccess", states: (*statesCall).sendTaskSuccess, required: []string{"taskToken", "output"}},
	{Name: "StartExecution", states: (*statesCall).startExecution, required: []string{"stateMachineArn"}},
	{Name: "StartSyncExecution", states: (*statesCall).startSyncExecution, required: []string{"stateMachineArn"}},
	{Name: "StopExecution", states: (*statesCall).stopExecution, required: []string{"executionArn"}},
	{Name: "TagResource", states: (*statesCall).tagResource, required: []string{"resourceArn", "tags"}},
	{Name: "TestState", states: (*statesCall).testState, required: []string{"definition"}},
	{Name: "UntagResource", states: (*statesCall).untagResource, required: []string{"resourceArn", "tagKeys"}},
	{Name: "UpdateMapRun"},
	{Name: "UpdateStateMachine", states: (*statesCall).updateStateMachine, required: []string{"stateMachineArn"}},
	{Name: "UpdateStateMachineAlias"},
	{Name: "ValidateStateMachineDefinition", states: (*statesCall).validateStateMachineDefinition, required: []string{"definition"}},
}

func newTargets() map[string]*Operation {
	targets := map[string]*Operation{}
	for _, o := range states {
		o.target, o.asks, o.maxBody = true, true, maxStates
		if o.states != nil {
			o.serve = serveStates
		}
		targets[o.Name] = &o
	}
	return targets
}

// statesCall is one request for an operation of AWS Step Functions.
type statesCall struct {
	*call
	machines *workflow.Service
	in       *statesRequest
}

// fields are the members of an answer.
type fields map[string]any

func serveStates(c *call) Response {
	in, err := readStates(c.request.Body, c.operation.required)
	if err != nil {
		return c.fail(err)
	}
	about := c.statesSubject(in)
	if err := c.permit(c.operation.action(), about); err != nil {
		return c.fail(err)
	}
	if err := c.passRole(in.given("roleArn"), "states.amazonaws.com", about.arn); err != nil {
		return c.fail(err)
	}
	answer, failed := c.operation.states(&statesCall{c, c.api.machines, in})
	if failed != nil {
		return c.fail(failed)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(answer); err != nil {
		return c.fail(err)
	}
	return Response{
		Status: 200,
		Header: []Field{{contentType, asJSON10}, {requestID, c.request.ID}},
		Body:   bytes.TrimSuffix(b.Bytes(), []byte("\n")),
	}
}

// Fail is Fail in the protocol of the operation.
func (o *Operation) Fail(id string, err error) Response {
	if o != nil && o.form {
		return failForm(id, formServices[0], err)
	}
	r := Fail(id, err)
	if o == nil || !o.target {
		return r
	}
	f := asFault(err)
	code := f.Code
	if errors.Is(err, errRequest) {
		code = fault.Serialization
	}
	r.Body, _ = json.Marshal(map[string]string{"__type": string(code), "message": f.Message}) // strings encode
	for i := range r.Header {
		if r.Header[i].Name == contentType {
			r.Header[i].Value = asJSON10
		}
	}
	// Every error of a caller is a 400.
	if r.Status >= 400 && r.Status < 500 && r.Status != 429 {
		r.Status = 400
	}
	return r
}

// errRequest marks what is wrong with the JSON of a request.
var errRequest = errors.New("the request is not the JSON that it should be")

// seconds is how a time is answered.
func seconds(t time.Time) json.Number {
	text, _ := json.Marshal(float64(t.UnixMilli()) / 1000) // a finite number encodes
	return json.Number(text)
}
