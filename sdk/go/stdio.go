package lambent

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"time"
)

// serveStdio handles the one event on stdin and writes the response, or the
// error, to stdout. It returns the status to exit with.
func serveStdio(h *handlers, err error, stdin io.Reader, stdout, stderr io.Writer, getenv func(string) string) int {
	var response bytes.Buffer // complete, or not written: stdout may end up holding an error
	var out outcome
	if err == nil {
		out = handleStdio(h, stdin, &response, getenv)
	} else {
		out.failure = initFailure(err)
	}
	if out.failure != nil {
		response.Reset()
		response.Write(out.failure.payload())
	}
	if _, err := response.WriteTo(stdout); err != nil {
		fmt.Fprintln(stderr, "lambent: write the result:", err)
		return 1
	}
	switch {
	case out.crash != nil:
		stderr.Write(out.crash)
		return exitPanic
	case out.failure != nil:
		return 1
	}
	return 0
}

// handleStdio reads the event and lets the handler write to response.
func handleStdio(h *handlers, stdin io.Reader, response *bytes.Buffer, getenv func(string) string) outcome {
	value := environmentLookup(getenv)
	invoke, err := h.find(value("handler"))
	if err != nil {
		return outcome{failure: describe(err)}
	}
	event, err := io.ReadAll(stdin)
	if err != nil {
		return outcome{failure: describe(fmt.Errorf("lambent: read the event: %w", err))}
	}
	inv := invocation{event: event, value: value}
	if ms, err := strconv.ParseInt(getenv("LAMBENT_DEADLINE_MS"), 10, 64); err == nil {
		inv.deadline = time.UnixMilli(ms)
	}
	return run(inv, invoke, func(p []byte) error {
		response.Write(p)
		return nil
	})
}
