//go:build unix

package main

import (
	"bufio"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestStopSaysWhatItWaitsFor stops a server while a function computes without an
// end: it says what it waits for, and a second signal ends it.
func TestStopSaysWhatItWaitsFor(t *testing.T) {
	address, err := freeAddress()
	if err != nil {
		t.Fatal(err)
	}
	lambent, err := exec.LookPath("lambent") // testscript.Main put it there
	if err != nil {
		t.Fatal(err)
	}
	server := exec.CommandContext(t.Context(), lambent, "serve", "--data", t.TempDir(), "--listen", address, "--quiet")
	stderr, err := server.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stderr)
	until := func(what string) {
		t.Helper()
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), what) {
				return
			}
		}
		t.Fatalf("it never said %s: %v", what, lines.Err())
	}
	until("Lambent serves")
	out, err := exec.CommandContext(t.Context(), lambent, "deploy", "../../sandbox/testdata/guests/c/bad.wasm", "--name", "bad", "--timeout", "900", "--endpoint", "http://"+address).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	cl := client{endpoint: "http://" + address}
	one := map[string]int{"ReservedConcurrentExecutions": 1}
	if err := cl.call(t.Context(), http.MethodPut, "/2017-10-31/functions/bad/concurrency", one, nil); err != nil {
		t.Fatal(err)
	}
	invoke := func(event string) error {
		_, _, err := cl.do(t.Context(), http.MethodPost, functionPath("bad", "/invocations"), nil, []byte(event))
		return err
	}
	cut := make(chan error, 1)
	go func() {
		err := invoke(`"spin"`)
		for isCode(err, "TooManyRequestsException") {
			err = invoke(`"spin"`)
		}
		cut <- err
	}()
	for { // until it computes, and nobody else may
		err := invoke(`"trap"`)
		if isCode(err, "TooManyRequestsException") {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	server.Process.Signal(os.Interrupt)
	until("Stopping: requests under way have 30s to end")
	server.Process.Signal(os.Interrupt)
	if err := server.Wait(); err == nil {
		t.Error("it ended as if nothing had been cut off")
	}
	if err := <-cut; err == nil {
		t.Error("who was cut off had an answer")
	}
}
