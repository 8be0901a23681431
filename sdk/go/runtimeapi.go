//go:build !wasip1

package lambent

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"time"
)

// runtimeAPI is a client of the AWS Lambda Runtime API: it asks for the next
// event, and posts the response or the error.
type runtimeAPI struct {
	base   string
	client *http.Client
}

// newRuntimeAPI makes a client for address, a host and port.
func newRuntimeAPI(address string) *runtimeAPI {
	// The next event may be hours away, so no timeout; and the address is local,
	// so no proxy.
	return &runtimeAPI{
		base:   "http://" + address + "/2018-06-01/runtime/",
		client: &http.Client{Transport: &http.Transport{}},
	}
}

// The headers that come with an event, by their key of ctx_get.
var runtimeHeaders = map[string]string{
	"request_id":     "Lambda-Runtime-Aws-Request-Id",
	"function_arn":   "Lambda-Runtime-Invoked-Function-Arn",
	"trace_id":       "Lambda-Runtime-Trace-Id",
	"client_context": "Lambda-Runtime-Client-Context",
	"identity":       "Lambda-Runtime-Cognito-Identity",
	"tenant":         "Lambda-Runtime-Aws-Tenant-Id",
}

// serve handles events until ctx is done, a handler panics or the API fails,
// and returns the status to exit with. initErr is why there are no handlers.
func (a *runtimeAPI) serve(ctx context.Context, h *handlers, initErr error, stderr io.Writer) int {
	var invoke invoker
	if initErr == nil {
		invoke, initErr = h.find(functionValue("handler"))
	}
	if initErr != nil {
		fmt.Fprintln(stderr, initErr)
		if err := a.postError(ctx, "init/error", initFailure(initErr)); err != nil {
			fmt.Fprintln(stderr, "lambent:", err)
		}
		return 1
	}
	for {
		crash, err := a.serveOne(ctx, invoke)
		switch {
		case err != nil:
			fmt.Fprintln(stderr, "lambent:", err)
			return 1
		case crash != nil:
			stderr.Write(crash)
			return exitPanic
		}
	}
}

// serveOne handles the next event. Its error is one of the API.
func (a *runtimeAPI) serveOne(ctx context.Context, invoke invoker) (crash []byte, err error) {
	inv, err := a.next(ctx)
	if err != nil {
		return nil, err
	}
	// The AWS SDK for Go takes the trace id from here.
	os.Setenv("_X_AMZN_TRACE_ID", inv.value("trace_id"))
	var response bytes.Buffer
	out := run(inv, invoke, func(p []byte) error {
		response.Write(p)
		return nil
	})
	path := "invocation/" + inv.value("request_id") + "/"
	if out.failure != nil {
		return out.crash, a.postError(ctx, path+"error", out.failure)
	}
	return nil, a.post(ctx, path+"response", response.Bytes(), nil)
}

// next waits for an event.
func (a *runtimeAPI) next(ctx context.Context) (invocation, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, a.base+"invocation/next", nil)
	if err != nil {
		return invocation{}, err
	}
	answer, err := a.client.Do(request)
	if err != nil {
		return invocation{}, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return invocation{}, fmt.Errorf("GET %s: %s", request.URL, answer.Status)
	}
	event, err := io.ReadAll(answer.Body)
	if err != nil {
		return invocation{}, err
	}
	if answer.Header.Get(runtimeHeaders["request_id"]) == "" {
		return invocation{}, errors.New("the Runtime API gave an event without a request id")
	}
	inv := invocation{event: event, value: func(key string) string {
		return answer.Header.Get(runtimeHeaders[key])
	}}
	if ms, err := strconv.ParseInt(answer.Header.Get("Lambda-Runtime-Deadline-Ms"), 10, 64); err == nil {
		inv.deadline = time.UnixMilli(ms)
	}
	return inv, nil
}

func (a *runtimeAPI) postError(ctx context.Context, path string, f *failure) error {
	return a.post(ctx, path, f.payload(), http.Header{"Lambda-Runtime-Function-Error-Type": {f.Type}})
}

// post sends JSON. That a response is too large is not an error of the API: it
// has told the caller.
func (a *runtimeAPI) post(ctx context.Context, path string, body []byte, header http.Header) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, a.base+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	for name, values := range header {
		request.Header[name] = values
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := a.client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	io.Copy(io.Discard, answer.Body) // so that the connection is used again
	if answer.StatusCode/100 != 2 && answer.StatusCode != http.StatusRequestEntityTooLarge {
		return fmt.Errorf("POST %s: %s", request.URL, answer.Status)
	}
	return nil
}
