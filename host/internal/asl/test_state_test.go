package asl_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/asl/driver"
)

// testState does what the API does with a TestState request.
func testState(s *scenario, p map[string]any) (map[string]any, error) {
	if name, ok := p["stateName"]; ok && name == "" {
		return nil, errors.New("stateName must have length greater than or equal to 1")
	}
	text := func(key string) string {
		if v, ok := p[key]; ok {
			return s.resolve(wire(v))
		}
		return ""
	}
	const id = "11111111-1111-4111-8111-111111111111"
	machine := "arn:aws:states:" + region + ":" + account + ":stateMachine:" + id
	name := "22222222-2222-4222-8222-222222222222"
	request := asl.TestRequest{
		Definition: text("definition"), StateName: text("stateName"), Input: text("input"), Context: text("context"),
		Variables: text("variables"), RoleArn: text("roleArn"), Now: s.clock.Now(),
		Start: asl.Start{ExecutionArn: strings.Replace(machine, ":stateMachine:", ":express:", 1) + ":" + name, Name: name, StateMachineArn: machine, StateMachineName: id},
		Call: func(effect asl.Effect) asl.Signal {
			var final asl.Signal
			functions{s.clock}.Do(nil, effect, func(s asl.Signal) { final = s })
			return final
		},
	}
	request.RevealSecrets, _ = p["revealSecrets"].(bool)
	if mock, ok := p["mock"].(map[string]any); ok {
		request.Mock = &asl.Mock{}
		request.Mock.Validation, _ = mock["fieldValidationMode"].(string)
		if result, ok := mock["result"]; ok {
			resolved := s.resolve(wire(result))
			request.Mock.Result = &resolved
		}
		if output, ok := mock["errorOutput"].(map[string]any); ok {
			request.Mock.Error, request.Mock.Cause = member(output, "error"), member(output, "cause")
		}
	}
	if c, ok := p["stateConfiguration"].(map[string]any); ok {
		request.ErrorCausedByState, _ = c["errorCausedByState"].(string)
		request.MapItemReaderData, _ = c["mapItemReaderData"].(string)
		if n, ok := c["retrierRetryCount"].(float64); ok {
			request.RetrierRetryCount = int(n)
		}
		if n, ok := c["mapIterationFailureCount"].(float64); ok {
			count := int(n)
			request.MapIterationFailureCount = &count
		}
	}
	result, err := asl.TestState(request)
	if err != nil {
		return nil, err
	}
	got := map[string]any{"status": result.Status}
	for key, v := range map[string]*string{"output": result.Output, "error": result.Error, "cause": result.Cause} {
		if v != nil {
			got[key] = *v
		}
	}
	if result.NextState != "" {
		got["nextState"] = result.NextState
	}
	if level := p["inspectionLevel"]; level == "DEBUG" || level == "TRACE" {
		encoded, err := json.Marshal(result.Data)
		if err != nil {
			return nil, err
		}
		var data any
		if err := json.Unmarshal(encoded, &data); err != nil {
			return nil, err
		}
		got["inspectionData"] = data
	}
	return got, nil
}

func member(m map[string]any, key string) *string {
	if s, ok := m[key].(string); ok {
		return &s
	}
	return nil
}

func TestTestStateConformance(t *testing.T) {
	cases := runnable(loadCases(t, "test-state"))
	conform(t, cases, 95, nil, func(c conformanceCase) error {
		s := &scenario{clock: driver.NewFake(time.Date(2026, 11, 22, 13, 30, 33, 0, time.UTC))}
		u := newUnifier(s.resolve)
		for _, step := range c.Steps {
			got, err := testState(s, params(step))
			if refused, ok := step["error"].(map[string]any); ok {
				if err == nil {
					return fmt.Errorf("want %v, got %v", refused, got)
				}
				code := "ValidationException"
				if errors.As(err, new(*asl.InvalidDefinition)) {
					code = "InvalidDefinition"
				}
				if want := refused["code"]; want != "ParamValidationError" && (want != code || refused["message"] != err.Error()) {
					return fmt.Errorf("want %v, got %s: %v", refused, code, err)
				}
				continue
			}
			if err != nil {
				return err
			}
			if err := u.walk(step["expect"], got, "", "", false); err != nil {
				return fmt.Errorf("%w in %s", err, short(got))
			}
			if len(u.soft) > 0 {
				return errors.New(u.soft[0])
			}
		}
		return nil
	})
}

func TestTestStateDetails(t *testing.T) {
	lambda := func(fields string) string {
		return `{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke",` + fields + `"End":true}`
	}
	text := func(s string) *string { return &s }
	for _, test := range []struct {
		name    string
		request asl.TestRequest
		want    string // status and what is particular, or the error after "!"
	}{
		{"second attempt", asl.TestRequest{Definition: lambda(`"Retry":[{"ErrorEquals":["E"],"IntervalSeconds":3,"MaxAttempts":2}],`), RetrierRetryCount: 1, Mock: &asl.Mock{Error: text("E")}},
			`RETRIABLE {"retryBackoffIntervalSeconds":6,"retryIndex":0}`},
		{"no more attempts", asl.TestRequest{Definition: lambda(`"Retry":[{"ErrorEquals":["E"],"MaxAttempts":2}],`), RetrierRetryCount: 2, Mock: &asl.Mock{Error: text("E")}}, `FAILED null`},
		{"cause elsewhere", asl.TestRequest{Definition: lambda(""), Mock: &asl.Mock{Error: text("E")}, ErrorCausedByState: "X"}, `!State 'X'`},
		{"both", asl.TestRequest{Definition: lambda(""), Mock: &asl.Mock{Error: text("E"), Result: text("1")}}, `!either`},
		{"mode", asl.TestRequest{Definition: lambda(""), Mock: &asl.Mock{Result: text("1"), Validation: "LAX"}}, `!LAX`},
		{"no mode", asl.TestRequest{Definition: lambda(""), Mock: &asl.Mock{Result: text("1"), Validation: "NONE"}}, `SUCCEEDED null`},
		{"variables", asl.TestRequest{Definition: `{"Type":"Pass","Parameters":{"v.$":"$v"},"Assign":{"w":1},"End":true}`, Variables: `{"v":[1]}`}, `SUCCEEDED null`},
		{"bad variables", asl.TestRequest{Definition: `{"Type":"Pass","End":true}`, Variables: `[]`}, `!variables`},
		{"bad input", asl.TestRequest{Definition: `{"Type":"Pass","End":true}`, Input: `nope`}, `!Unrecognized token 'nope'`},
		{"bad context", asl.TestRequest{Definition: lambda(""), Context: `[]`, Mock: &asl.Mock{Error: text("E")}}, `!must be a JSON object`},
		{"context without mock", asl.TestRequest{Definition: `{"Type":"Pass","End":true}`, Context: `{}`}, `!Context object can only`},
		{"empty mock", asl.TestRequest{Definition: lambda(""), Mock: &asl.Mock{}}, `!must have a result`},
		{"cause without error", asl.TestRequest{Definition: lambda(""), Mock: &asl.Mock{Cause: text("C")}}, `!must have a result`},
		{"token without mock", asl.TestRequest{Definition: `{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","End":true}`, RoleArn: role}, `!when a mock is not specified`},
		{"job without mock", asl.TestRequest{Definition: `{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2","End":true}`, RoleArn: role}, `!when a mock is not specified`},
		{"activity without mock", asl.TestRequest{Definition: `{"Type":"Task","Resource":"arn:aws:states:us-east-1:000000000000:activity:a","End":true}`, RoleArn: role}, `!when a mock is not specified`},
		{"map without mock", asl.TestRequest{Definition: `{"Type":"Map","ItemProcessor":{"StartAt":"A","States":{"A":{"Type":"Succeed"}}},"End":true}`}, `!'Map' is not supported when a mock is not specified`},
		{"nobody", asl.TestRequest{Definition: lambda(""), RoleArn: role}, `FAILED null`},
		{"which state", asl.TestRequest{Definition: `{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Succeed"}}}`}, `!StateName`},
	} {
		result, err := asl.TestState(test.request)
		if part, fails := strings.CutPrefix(test.want, "!"); fails {
			if err == nil || !strings.Contains(err.Error(), part) {
				t.Errorf("%s: got %v, %v, want an error with %q", test.name, result, err, part)
			}
			continue
		}
		details, encodeErr := json.Marshal(result.Data["errorDetails"])
		if err != nil || encodeErr != nil || result.Status+" "+string(details) != test.want {
			t.Errorf("%s: got %+v %s, %v, want %s", test.name, result, details, err, test.want)
		}
	}
}
