//go:build !wasip1

package lambent

import (
	"context"
	"os"
)

// serve hands events to h; err is why the program has no handlers.
func serve(h *handlers, err error) {
	if address := os.Getenv("AWS_LAMBDA_RUNTIME_API"); address != "" {
		os.Exit(newRuntimeAPI(address).serve(context.Background(), h, err, os.Stderr))
	}
	stdout := os.Stdout
	os.Stdout = os.Stderr
	os.Exit(serveStdio(h, err, os.Stdin, stdout, os.Stderr, os.Getenv))
}

// functionValue is the lookup for what does not depend on the event.
func functionValue(key string) string { return environmentLookup(os.Getenv)(key) }

// emitLog writes a line of the structured log.
func emitLog(_ logLevel, line []byte) {
	os.Stderr.Write(append(line, '\n')) // one write: lines of several goroutines must not mix
}

// callHost: there is no host around a native program.
func callHost(context.Context, string, []byte) (int, []byte, error) {
	return 0, nil, ErrUnknownCall
}
