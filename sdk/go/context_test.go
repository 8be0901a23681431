package lambent

import (
	"context"
	"reflect"
	"testing"
	"time"
)

func TestContextOfAnInvocation(t *testing.T) {
	values := map[string]string{
		"request_id":     "id-1",
		"function_arn":   "arn:aws:lambda:us-east-1:000000000000:function:f:live",
		"trace_id":       "Root=1-2-3",
		"tenant":         "blue",
		"identity":       `{"cognitoIdentityId":"me","cognitoIdentityPoolId":"pool"}`,
		"client_context": `{"client":{"installation_id":"i","app_title":"t"},"env":{"locale":"fr"},"custom":{"s":"x","n":7}}`,
	}
	want := &Context{
		AwsRequestID:       "id-1",
		InvokedFunctionArn: values["function_arn"],
		TraceID:            "Root=1-2-3",
		TenantID:           "blue",
		Identity:           CognitoIdentity{"me", "pool"},
		ClientContext: ClientContext{
			Client: ClientApplication{InstallationID: "i", AppTitle: "t"},
			Env:    map[string]string{"locale": "fr"},
			Custom: map[string]string{"s": "x", "n": "7"},
		},
	}
	deadline := time.UnixMilli(time.Now().Add(time.Hour).UnixMilli())
	asked := 0
	value := func(key string) string { asked++; return values[key] }

	var late context.Context
	h, err := newInvoker(func(ctx context.Context) {
		derived, cancel := context.WithCancel(ctx)
		defer cancel()
		got, ok := FromContext(derived)
		if !ok || !reflect.DeepEqual(got, want) {
			t.Errorf("context %+v, %v; want %+v", got, ok, want)
		}
		if again, _ := FromContext(ctx); again != got {
			t.Error("asked twice, got two contexts")
		}
		if d, ok := ctx.Deadline(); !ok || !d.Equal(deadline) {
			t.Errorf("deadline %v, %v; want %v", d, ok, deadline)
		}
		late = ctx
	})
	if err != nil {
		t.Fatal(err)
	}
	out := run(invocation{deadline: deadline, value: value}, h, func([]byte) error { return nil })
	if out.failure != nil || asked != 6 {
		t.Errorf("failure %v, %d values asked for; want 6", out.failure, asked)
	}
	if late.Err() == nil {
		t.Error("the context outlives the invocation")
	}
	if c, ok := FromContext(late); !ok || c.AwsRequestID != "id-1" {
		t.Error("what was loaded is gone after the invocation")
	}
}

// Loading after the end would give what belongs to another invocation.
func TestContextAskedForTooLate(t *testing.T) {
	var late context.Context
	h, err := newInvoker(func(ctx context.Context) { late = ctx })
	if err != nil {
		t.Fatal(err)
	}
	value := func(key string) string {
		t.Errorf("asked for %s", key)
		return ""
	}
	run(invocation{value: value}, h, func([]byte) error { return nil })
	if c, ok := FromContext(late); ok {
		t.Errorf("context %+v", c)
	}
}

func TestNewContext(t *testing.T) {
	if _, ok := FromContext(context.Background()); ok {
		t.Error("a context without an invocation has one")
	}
	want := &Context{AwsRequestID: "x"}
	if got, ok := FromContext(NewContext(context.Background(), want)); !ok || got != want {
		t.Errorf("got %+v, %v", got, ok)
	}
}

func TestUnreadableCallerContext(t *testing.T) {
	c := loadContext(func(key string) string {
		return map[string]string{"request_id": "id", "identity": "{", "client_context": `{"client":[]}`}[key]
	})
	if !reflect.DeepEqual(c, &Context{AwsRequestID: "id"}) {
		t.Errorf("context %+v", c)
	}
}

func TestFunctionValues(t *testing.T) {
	t.Setenv("AWS_LAMBDA_FUNCTION_NAME", "f")
	t.Setenv("AWS_LAMBDA_FUNCTION_VERSION", "7")
	t.Setenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
	t.Setenv("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/f")
	t.Setenv("AWS_LAMBDA_LOG_STREAM_NAME", "s")
	if FunctionName() != "f" || FunctionVersion() != "7" || MemoryLimitInMB() != 128 || LogGroupName() != "/aws/lambda/f" || LogStreamName() != "s" {
		t.Error(FunctionName(), FunctionVersion(), MemoryLimitInMB(), LogGroupName(), LogStreamName())
	}
	t.Setenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "much")
	if MemoryLimitInMB() != 0 {
		t.Error("a size that is no number")
	}
}
