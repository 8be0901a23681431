package workflow

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/sandbox"
)

// callFunction does a task whose resource is a function's ARN.
func (s *Service) callFunction(ctx context.Context, task asl.Effect, a answerer) {
	in := function.InvokeInput{RequestID: sandbox.NewRequestID(), InvokedARN: task.Resource, Event: []byte(task.Input)}
	out, ok := s.call(ctx, task, in, task.Resource, "", a)
	if ok {
		a.succeeded(string(jsonText(out.Payload)))
	}
}

// invocation is what arn:aws:states:::lambda:invoke takes.
type invocation struct {
	FunctionName   string
	Qualifier      string
	InvocationType string
	ClientContext  string // base64
	LogType        string // None or Tail
	Payload        json.RawMessage
}

// invokeFunction does a task of the integration with AWS Lambda.
func (s *Service) invokeFunction(ctx context.Context, task asl.Effect, a answerer) {
	var request invocation
	if err := json.Unmarshal([]byte(task.Input), &request); err != nil {
		a.failed("Lambda.SdkClientException", "The parameters are not those of the operation Invoke: "+err.Error())
		return
	}
	if request.InvocationType != "" && request.InvocationType != "RequestResponse" {
		a.failed("Lambda."+string(fault.NotImplemented), "Lambent does not have the invocation type "+request.InvocationType+" yet.")
		return
	}
	in := function.InvokeInput{RequestID: sandbox.NewRequestID(), Event: event(request.Payload), Tail: request.LogType == "Tail"}
	var err error
	if in.ClientContext, err = clientContext(request.ClientContext); err != nil {
		a.failed("Lambda."+string(fault.InvalidRequestContent), err.Error())
		return
	}
	out, ok := s.call(ctx, task, in, request.FunctionName, request.Qualifier, a)
	if !ok {
		return
	}
	length := fmt.Sprint(len(out.Payload))
	answer := map[string]any{
		"ExecutedVersion": out.Version,
		"Payload":         jsonText(out.Payload),
		"SdkHttpMetadata": map[string]any{
			"AllHttpHeaders": map[string][]string{"X-Amz-Executed-Version": {out.Version}, "x-amzn-RequestId": {in.RequestID},
				"Content-Length": {length}, "Content-Type": {"application/json"}},
			"HttpHeaders": map[string]string{"X-Amz-Executed-Version": out.Version, "x-amzn-RequestId": in.RequestID,
				"Content-Length": length, "Content-Type": "application/json"},
			"HttpStatusCode": 200,
		},
		"SdkResponseMetadata": map[string]string{"RequestId": in.RequestID},
		"StatusCode":          200,
	}
	if in.Tail {
		answer["LogResult"] = base64.StdEncoding.EncodeToString(out.LogTail)
	}
	result := encode(answer)
	if strings.HasSuffix(task.Resource, ".waitForTaskToken") {
		a.submitted(result)
		return
	}
	a.succeeded(result)
}

// maxClientContext is how long a client context may be, in bytes of base64.
const maxClientContext = 3583

// clientContext decodes a client context: base64 of a JSON object, or nothing.
func clientContext(text string) (json.RawMessage, error) {
	if text == "" {
		return nil, nil
	}
	if len(text) > maxClientContext {
		return nil, fmt.Errorf("Client context is %d bytes; at most %d are allowed.", len(text), maxClientContext)
	}
	var members map[string]json.RawMessage
	decoded, err := base64.StdEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(decoded, &members) != nil || members == nil {
		return nil, errors.New("Client context must be a valid Base64-encoded JSON object.")
	}
	return decoded, nil
}

// event is what a function gets of the member Payload: a string that is JSON is
// sent as it is, nothing at all as an empty object.
func event(member json.RawMessage) []byte {
	if len(member) == 0 || string(member) == "null" {
		return []byte("{}")
	}
	var text string
	if json.Unmarshal(member, &text) == nil && json.Valid([]byte(text)) {
		return []byte(text)
	}
	return member
}

// call invokes a function, named as AWS allows it, and answers the task if that
// fails. A function that was given a token may end its task with it and go on, one of
// Config.Tasks still: it ends when it does, or the Service.
func (s *Service) call(ctx context.Context, task asl.Effect, in function.InvokeInput, name, qualifier string, a answerer) (out function.InvokeOutput, ok bool) {
	ref, ours := s.ref(name)
	if qualifier != "" {
		ref.Qualifier = qualifier
	}
	in.Ref = ref
	select {
	case s.tasks <- struct{}{}:
		defer func() { <-s.tasks }()
	case <-ctx.Done():
		return out, false // nobody waits for an answer any more
	}
	err := error(fault.New(fault.ResourceNotFound, "Function not found: %s", name))
	if ours {
		if err = s.may(ctx, "lambda:InvokeFunction", s.config.Functions.ARN(ref), &ref); err == nil {
			if task.Token != "" {
				var end context.CancelFunc
				ctx, end = context.WithCancel(context.WithoutCancel(ctx))
				defer end()
				defer context.AfterFunc(s.life, end)()
			}
			out, err = s.config.Functions.Invoke(ctx, in)
		}
	}
	if failed, ok := denied(err); ok {
		a.failed("Lambda.AWSLambdaException", fmt.Sprintf("%s (Service: Lambda, Status Code: 403, Request ID: %s)", failed.Message, in.RequestID))
		return out, false
	}
	if failed, isFault := errors.AsType[*fault.Error](err); isFault {
		a.failed("Lambda."+string(failed.Code), fmt.Sprintf("%s (Service: Lambda, Request ID: %s)", failed.Message, in.RequestID))
		return out, false
	}
	if err != nil {
		a.failed("Lambda.SdkClientException", "The call of the function was cut off.")
		return out, false
	}
	if out.Failed {
		var raised struct {
			ErrorType string `json:"errorType"`
		}
		cause := strings.ToValidUTF8(string(out.Payload), "\uFFFD")
		if json.Unmarshal(out.Payload, &raised) != nil || raised.ErrorType == "" {
			raised.ErrorType = "Lambda.Unknown"
			cause = "The cause could not be determined because Lambda did not return an error type. Returned payload: " + cause
		}
		a.failed(raised.ErrorType, cause)
		return out, false
	}
	return out, true
}

// ref takes the name of a function apart: NAME, ACCOUNT:function:NAME or an ARN,
// each with or without :QUALIFIER. ours is false if it is none, or in another
// account or region.
func (s *Service) ref(name string) (ref function.Ref, ours bool) {
	parts := strings.Split(name, ":")
	switch {
	case len(parts) >= 7 && parts[0] == "arn":
		if parts[1] != "aws" || parts[2] != "lambda" || parts[3] != s.config.Region || parts[4] != s.config.Account || parts[5] != "function" {
			return ref, false
		}
		parts = parts[6:]
	case len(parts) >= 3 && parts[1] == "function":
		if parts[0] != s.config.Account {
			return ref, false
		}
		parts = parts[2:]
	}
	if len(parts) > 2 || parts[0] == "" {
		return ref, false
	}
	ref.Name = parts[0]
	if len(parts) == 2 {
		ref.Qualifier = parts[1]
	}
	return ref, true
}
