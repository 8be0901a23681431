package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
)

// defaultEndpoint is where lambent serve listens.
const defaultEndpoint = "http://" + defaultListen

// client speaks to a running Lambent as AWS's tools do, by AWS's routes.
type client struct {
	endpoint string
	http     http.Client

	opening  sync.Once // of http's transport, by open
	unopened error     // why there is none
}

// addEndpoint adds the flag that says which Lambent a command speaks to.
func addEndpoint(c *cobra.Command) *client {
	endpoint := os.Getenv("LAMBENT_ENDPOINT")
	if endpoint == "" {
		endpoint = defaultEndpoint
	}
	var cl client
	c.Flags().StringVar(&cl.endpoint, "endpoint", endpoint, "the `URL` of the Lambent to speak to; $LAMBENT_ENDPOINT sets the default")
	return &cl
}

// apiError is an error that Lambent answered.
type apiError struct{ Code, Message string }

func (e *apiError) Error() string { return e.Code + ": " + e.Message }

// isCode reports whether err is an apiError of that code.
func isCode(err error, code string) bool {
	answered, ok := errors.AsType[*apiError](err)
	return ok && answered.Code == code
}

// maxAnswer is the largest answer that a client reads: a response of the largest
// size, and then some for headers written as JSON.
const maxAnswer = 16 << 20

// do sends one request and returns the answer's body. An answer that is an
// error is an *apiError.
func (c *client) do(ctx context.Context, method, path string, header http.Header, body []byte) (http.Header, []byte, error) {
	if err := c.open(); err != nil {
		return nil, nil, err
	}
	r, err := http.NewRequestWithContext(ctx, method, c.base()+path, bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	for name, values := range header {
		r.Header[name] = values
	}
	if err := sign(r, body); err != nil {
		return nil, nil, err
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, nil, c.explain(err)
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return nil, nil, err
	}
	if answer.StatusCode >= 300 {
		return nil, nil, answeredError(answer, content)
	}
	return answer.Header, content, nil
}

func answeredError(answer *http.Response, content []byte) error {
	var body struct{ Message string } // encoding/json takes "message" as well
	if json.Unmarshal(content, &body) != nil || body.Message == "" {
		body.Message = answer.Status
	}
	code, _, _ := strings.Cut(answer.Header.Get("X-Amzn-ErrorType"), ":")
	if code == "" {
		code = "HTTP " + answer.Status
	}
	return &apiError{code, body.Message}
}

// call sends in as JSON and decodes the answer into out; either may be nil.
func (c *client) call(ctx context.Context, method, path string, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return err
		}
	}
	_, content, err := c.do(ctx, method, path, http.Header{"Content-Type": {"application/json"}}, body)
	if err != nil || out == nil {
		return err
	}
	return json.Unmarshal(content, out)
}

// functionPath is AWS's path of a function.
func functionPath(name, rest string) string {
	return "/2015-03-31/functions/" + url.PathEscape(name) + rest
}

// function is what the commands need of AWS's FunctionConfiguration.
type function struct {
	FunctionName           string `json:"functionName"`
	FunctionArn            string `json:"functionArn"`
	Version                string `json:"version"`
	RevisionID             string `json:"revisionId"`
	Runtime                string `json:"runtime"`
	Handler                string `json:"handler"`
	MemorySize             int    `json:"memorySize"`
	Timeout                int    `json:"timeout"`
	CodeSize               int64  `json:"codeSize"`
	CodeSha256             string `json:"codeSha256"`
	LastModified           string `json:"lastModified"`
	State                  string `json:"state,omitempty"` // lists do not say, as on AWS
	StateReason            string `json:"stateReason,omitempty"`
	LastUpdateStatus       string `json:"lastUpdateStatus,omitempty"`
	LastUpdateStatusReason string `json:"lastUpdateStatusReason,omitempty"`

	Lambent *ownSettings `json:"lambent,omitempty"`
}

// ownSettings is what AWS does not have.
type ownSettings struct {
	Fuel         uint64        `json:"fuel,omitempty"`
	Verification *verification `json:"verification,omitempty"`
}

// verification returns what engines agreed on, nil if they were not asked.
func (f *function) verification() *verification {
	if f.Lambent == nil {
		return nil
	}
	return f.Lambent.Verification
}

// settle waits until a function is ready to be invoked, and returns it; an error
// if it cannot become so.
func (c *client) settle(ctx context.Context, name string) (function, error) {
	for wait := 20 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		var f function
		if err := c.call(ctx, http.MethodGet, functionPath(name, "/configuration"), nil, &f); err != nil {
			return f, err
		}
		switch {
		case f.State == "Failed":
			return f, fmt.Errorf("%s cannot be started: %s", name, f.StateReason)
		case f.LastUpdateStatus == "Failed":
			return f, fmt.Errorf("%s was not updated, the code before still answers: %s", name, f.LastUpdateStatusReason)
		case f.State == "Active" && f.LastUpdateStatus != "InProgress":
			return f, nil
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return f, ctx.Err()
		}
	}
}
