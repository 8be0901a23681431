package asl_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/asl/driver"
)

// functions stands in for the deployed functions of functions.json.
type functions struct{ clock *driver.Fake }

func (w functions) Do(_ context.Context, task asl.Effect, answer func(asl.Signal)) {
	answer(asl.Signal{Kind: asl.TaskStarted})
	switch {
	case strings.HasPrefix(task.Resource, "arn:aws:lambda:"):
		w.call(functionName(task.Resource), task.Input, answer, func(output string) string { return output })
	case task.Resource == "arn:aws:states:::lambda:invoke":
		var request struct {
			FunctionName string
			Payload      json.RawMessage
		}
		if err := json.Unmarshal([]byte(task.Input), &request); err != nil {
			answer(failed("Lambda.SdkClientException", err.Error()))
			return
		}
		// A text is sent as it is, nothing at all as an empty object.
		event := string(request.Payload)
		var text string
		switch {
		case event == "" || event == "null":
			event = "{}"
		case json.Unmarshal(request.Payload, &text) == nil && json.Valid([]byte(text)):
			event = text
		}
		w.call(functionName(request.FunctionName), event, answer, func(output string) string {
			return `{"ExecutedVersion":"$LATEST","Payload":` + output + `,"SdkHttpMetadata":{"AllHttpHeaders":{},"HttpHeaders":{},"HttpStatusCode":200},"SdkResponseMetadata":{"RequestId":"00000000-0000-4000-8000-000000000000"},"StatusCode":200}`
		})
	default:
		answer(failed("States.Runtime", "there is no "+task.Resource+" here"))
	}
}

func functionName(arn string) string {
	parts := strings.Split(arn, ":")
	return parts[min(6, len(parts)-1)]
}

func failed(name, cause string) asl.Signal {
	return asl.Signal{Kind: asl.TaskFailed, Error: &name, Cause: &cause}
}

func raised(kind, message string) asl.Signal {
	cause, err := json.Marshal(map[string]any{"errorMessage": message, "errorType": kind, "requestId": "00000000-0000-4000-8000-000000000000", "stackTrace": []string{}})
	if err != nil {
		panic(err)
	}
	return failed(kind, string(cause))
}

func (w functions) call(name, event string, answer func(asl.Signal), wrap func(string) string) {
	result := func(output string) { answer(asl.Signal{Kind: asl.TaskSucceeded, Output: wrap(output)}) }
	name, _, _ = strings.Cut(name, "-")
	switch name {
	case "id_function":
		result(event)
	case "echo_function":
		result(`{"Return":"HelloWorld"}`)
	case "raise_exception":
		answer(raised("Exception", "Some exception was raised."))
	case "raise_custom_exception":
		answer(raised("CustomException", ""))
	case "return_bytes_str":
		result(`"HelloWorld!"`)
	case "return_decorated_input":
		result(fmt.Sprintf("%q", "input-event-"+event))
	case "large_output_string":
		result(`"` + strings.Repeat("a", 257*1024) + `"`)
	case "wait_60_seconds":
		w.clock.At(w.clock.Now().Add(time.Minute), func() { result(event) })
	default:
		answer(failed("Lambda.ResourceNotFoundException", "Function not found: "+name))
	}
}
