package host_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host"
)

// guest reads a module of package sandbox's guests: "echo", "bad".
func guest(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("../sandbox/testdata/guests/c", name+".wasm"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// openHost opens a Host that is closed with the test. Unless config says
// otherwise, its directory is new and its patience long.
func openHost(t testing.TB, config host.Config) *host.Host {
	t.Helper()
	if config.Dir == "" {
		config.Dir = t.TempDir()
	}
	if config.Limits.Patience == 0 {
		config.Limits.Patience = 10 * time.Minute
	}
	h, err := host.Open(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

// patient is how long a guest of a test may take that is not about time.
const patient = 15 * time.Minute

func deploy(t testing.TB, h *host.Host, d host.Deployment) host.Function {
	t.Helper()
	if d.Timeout == 0 {
		d.Timeout = patient
	}
	f, err := h.Deploy(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func invoke(t testing.TB, h *host.Host, name, event string) string {
	t.Helper()
	res, err := h.Invoke(t.Context(), host.Invocation{Function: name, Event: []byte(event)})
	if err != nil {
		t.Fatal(err)
	}
	if res.Failed {
		t.Fatalf("%s failed: %s", name, res.Payload)
	}
	return string(res.Payload)
}

// wantError checks that err is a *host.Error of that code whose message holds
// text.
func wantError(t testing.TB, what string, err error, code host.Code, text string) {
	t.Helper()
	said, ok := errors.AsType[*host.Error](err)
	if !ok || said.Code != code || !strings.Contains(said.Message, text) {
		t.Errorf("%s: got %v\nwant %s: %s", what, err, code, text)
	}
}

func TestDeployAndInvoke(t *testing.T) {
	dir := t.TempDir()
	h := openHost(t, host.Config{Dir: dir})
	ctx := t.Context()

	first := deploy(t, h, host.Deployment{Name: "f", Module: guest(t, "echo"), Description: "one"})
	if first.State.Is != host.Active || first.Description != "one" || first.ARN != "arn:aws:lambda:us-east-1:000000000000:function:f" {
		t.Errorf("deployed: %+v", first)
	}
	if got := invoke(t, h, "f", `[1,2]`); got != `[1,2]` {
		t.Errorf("it answered %s", got)
	}
	if again := deploy(t, h, host.Deployment{Name: "f", Module: guest(t, "echo"), Description: "one"}); again.RevisionID != first.RevisionID {
		t.Errorf("deploying the same changed it: %+v", again)
	}
	// Code and settings at once.
	second := deploy(t, h, host.Deployment{Name: "f", Module: guest(t, "json"), Memory: 256, Timeout: time.Minute})
	if second.Description != "" || second.MemorySize != 256 || second.Timeout != 60 || second.CodeSHA256 == first.CodeSHA256 {
		t.Errorf("deployed again: %+v", second)
	}
	if got := invoke(t, h, "f", `{"name":"Ada","n":41}`); got != `{"message":"Hello, Ada!","n":42}` {
		t.Errorf("it answered %s", got)
	}
	// What cannot become ready changes nothing.
	_, err := h.Deploy(ctx, host.Deployment{Name: "f", Module: guest(t, "handlers"), Handler: "nobody"})
	wantError(t, "handler that is not there", err, host.CodeInvalidParameterValue, `The deployment failed: invalid configuration: Handler is "nobody"`)
	if f, err := h.Function(ctx, "f"); err != nil || f.CodeSHA256 != second.CodeSHA256 || f.Update.Is != "Failed" || f.State.Is != host.Active {
		t.Errorf("after a deployment that failed: %+v, %v", f, err)
	}
	if got := invoke(t, h, "f", `{"name":"Bob","n":1}`); got != `{"message":"Hello, Bob!","n":2}` {
		t.Errorf("after a deployment that failed it answered %s", got)
	}
	_, err = h.Deploy(ctx, host.Deployment{Name: "f", Module: []byte("no module")})
	wantError(t, "no module", err, host.CodeInvalidParameterValue, "holds no WebAssembly module")
	_, err = h.Deploy(ctx, host.Deployment{Name: "f", Module: guest(t, "echo"), Zip: []byte("PK")})
	wantError(t, "zip and module", err, host.CodeInvalidParameterValue, "give one of them")
	_, err = h.Deploy(ctx, host.Deployment{Name: "f", Module: guest(t, "echo"), Timeout: 1500 * time.Millisecond})
	wantError(t, "half a second", err, host.CodeInvalidParameterValue, "whole seconds")

	// It is all still there afterwards.
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = h.Invoke(ctx, host.Invocation{Function: "f"})
	wantError(t, "closed", err, host.CodeServiceUnavailable, "shutting down")
	h = openHost(t, host.Config{Dir: dir})
	if all, err := h.List(ctx); err != nil || len(all) != 1 || all[0].RevisionID == "" || all[0].Name != "f" {
		t.Errorf("after opening again: %+v, %v", all, err)
	}
	if got := invoke(t, h, "f", `{"name":"Eve","n":2}`); got != `{"message":"Hello, Eve!","n":3}` {
		t.Errorf("after opening again it answered %s", got)
	}
	if err := h.Delete(ctx, "f"); err != nil {
		t.Fatal(err)
	}
	_, err = h.Invoke(ctx, host.Invocation{Function: "f"})
	wantError(t, "deleted", err, host.CodeResourceNotFound, "Function not found")
}

// TestOpenRefuses wants errors that say what is wrong.
func TestOpenRefuses(t *testing.T) {
	if _, err := host.Open(host.Config{}); err == nil || !strings.Contains(err.Error(), "Config.Dir is empty") {
		t.Errorf("without a directory: %v", err)
	}
	limits := reflect.TypeFor[host.Limits]()
	for i := range limits.NumField() {
		config, field := host.Config{Dir: t.TempDir()}, limits.Field(i).Name
		reflect.ValueOf(&config.Limits).Elem().Field(i).SetInt(-1)
		h, err := host.Open(config)
		if err == nil {
			h.Close()
		}
		if err == nil || !strings.HasPrefix(err.Error(), "host: Limits."+field+" is -1") {
			t.Errorf("with a negative limit %s: %v", field, err)
		}
	}
	dir := t.TempDir()
	openHost(t, host.Config{Dir: dir})
	if _, err := host.Open(host.Config{Dir: dir}); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("with a directory in use: %v", err)
	}
}

// TestCloseEndsInvocations closes a Host under an invocation that would never end.
func TestCloseEndsInvocations(t *testing.T) {
	running := make(chan struct{}, 100)
	h := openHost(t, host.Config{Limits: host.Limits{Drain: time.Nanosecond}, Log: func(string, string, host.LogLine) {
		select {
		case running <- struct{}{}:
		default:
		}
	}})
	deploy(t, h, host.Deployment{Name: "bad", Module: guest(t, "bad")})
	ended := make(chan error)
	go func() {
		_, err := h.Invoke(context.Background(), host.Invocation{Function: "bad", Event: []byte(`"flood-forever"`)})
		ended <- err
	}()
	<-running
	if err := h.Close(); err != nil {
		t.Error(err)
	}
	wantError(t, "ended by Close", <-ended, host.CodeServiceUnavailable, "shutting down")
}

// BenchmarkOpen opens a directory of 100 functions.
func BenchmarkOpen(b *testing.B) {
	for _, functions := range []int{0, 100} {
		b.Run(fmt.Sprintf("functions=%d", functions), func(b *testing.B) {
			dir := b.TempDir()
			h, err := host.Open(host.Config{Dir: dir})
			if err != nil {
				b.Fatal(err)
			}
			for i := range functions {
				if _, err := h.Deploy(b.Context(), host.Deployment{Name: fmt.Sprintf("f%d", i), Module: guest(b, "echo")}); err != nil {
					b.Fatal(err)
				}
			}
			if err := h.Close(); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				h, err := host.Open(host.Config{Dir: dir})
				if err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				if err := h.Close(); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
		})
	}
}
