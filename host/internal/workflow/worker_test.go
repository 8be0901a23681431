package workflow_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

func TestFunctions(t *testing.T) {
	s := open(t, t.TempDir(), true)
	const arn, invoke = "arn:aws:lambda:us-east-1:000000000000:function:", "arn:aws:states:::lambda:invoke"
	for i, c := range []struct{ definition, want string }{
		{task(arn+"echo", ""), `SUCCEEDED {"a":1}`},
		{task(arn+"echo:$LATEST", ""), `SUCCEEDED {"a":1}`},
		{task(arn+"text", ""), `SUCCEEDED "no JSON"`},
		{task(arn+"fail", ""), `FAILED Odd {"errorType":"Odd","errorMessage":"an odd number"}`},
		{task(arn+"odd", ""), `FAILED Lambda.Unknown The cause could not be determined because Lambda did not return an error type. Returned payload: {"message":"no type"}`},
		{task(arn+"absent", ""), `FAILED Lambda.ResourceNotFoundException Function not found: absent`},
		{task("arn:aws:lambda:eu-west-1:000000000000:function:echo", ""), `FAILED Lambda.ResourceNotFoundException Function not found: arn:aws:lambda:eu-west-1`},
		{task(arn+"hang", `"TimeoutSeconds":1,`), `FAILED States.Timeout`},
		{task(invoke, `"Parameters":{"FunctionName":"echo","Payload":{"b":2}},"OutputPath":"$.Payload",`), `SUCCEEDED {"b":2}`},
		{task(invoke, `"Parameters":{"FunctionName":"echo"},"OutputPath":"$.Payload",`), `SUCCEEDED {}`},
		{task(invoke, `"Parameters":{"FunctionName":"context","ClientContext":"eyJhIjoxfQ==","LogType":"Tail"},"ResultSelector":{"p.$":"$.Payload","l.$":"$.LogResult"},`), `SUCCEEDED {"p":{"a":1},"l":"YSBsb2c="}`},
		{task(invoke, `"Parameters":{"FunctionName":"context","ClientContext":"e30"},`), `FAILED Lambda.InvalidRequestContentException Client context must be`},
		{task(invoke, `"Parameters":{"FunctionName":"echo","InvocationType":"Event"},`), `FAILED Lambda.NotImplementedException Lambent does not have`},
		{task("arn:aws:states:::sqs:sendMessage", `"Parameters":{"QueueUrl":"u","MessageBody":"b"},`), `FAILED States.Runtime Lambent does not have the integration arn:aws:states:::sqs:sendMessage yet.`},
	} {
		e := finish(t, s, create(t, s, fmt.Sprintf("m%d", i), c.definition, false), `{"a":1}`)
		got := string(e.Status) + " " + e.Output
		for _, text := range []*string{e.Error, e.Cause} {
			if text != nil {
				got = strings.TrimSpace(got) + " " + *text
			}
		}
		if !strings.HasPrefix(strings.TrimSpace(got), c.want) {
			t.Errorf("%s\n got %s\nwant %s", c.definition, got, c.want)
		}
	}
}

func TestNested(t *testing.T) {
	s := open(t, t.TempDir(), true)
	inner := create(t, s, "inner", pass(`{"x":1}`), false)
	outer := create(t, s, "outer", task("arn:aws:states:::states:startExecution.sync:2", `"Parameters":{"StateMachineArn":"`+inner.ARN+`","Input":{"y":2}},`), false)
	e := finish(t, s, outer, "")
	var answer struct{ Input, Output map[string]int }
	if err := json.Unmarshal([]byte(e.Output), &answer); err != nil || e.Status != asl.Succeeded || answer.Output["x"] != 1 || answer.Input["y"] != 2 {
		t.Errorf("got %+v, %v", e, err)
	}
	absent := create(t, s, "absent", task("arn:aws:states:::states:startExecution", `"Parameters":{"StateMachineArn":"`+inner.ARN+`x"},`), false)
	if e = finish(t, s, absent, ""); e.Error == nil || *e.Error != "StepFunctions.StateMachineDoesNotExistException" {
		t.Errorf("got %+v", e)
	}
}
