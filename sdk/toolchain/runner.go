package toolchain

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

const (
	// maxOutput is how much of what a failing tool prints an error holds.
	maxOutput = 64 << 10

	// stopTime is how long a tool may take to stop its own children before it
	// is killed.
	stopTime = 5 * time.Second
)

// runner runs one tool in one folder.
type runner struct {
	command string
	dir     string
	env     []string
	log     io.Writer // nil: nobody listens
}

// run returns what the tool writes to standard output.
func (r *runner) run(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, r.command, args...)
	cmd.Dir, cmd.Env = r.dir, r.env
	cmd.WaitDelay = stopTime
	cmd.Cancel = func() error {
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			return cmd.Process.Kill() // Windows knows no interrupt
		}
		return nil
	}
	var stdout bytes.Buffer
	complaints := &head{}
	cmd.Stdout, cmd.Stderr = &stdout, complaints
	if r.log != nil {
		cmd.Stderr = io.MultiWriter(complaints, r.log)
	}
	err := cmd.Run()
	if err == nil {
		return stdout.String(), nil
	}
	line := strings.Join(append([]string{filepath.Base(r.command)}, args...), " ")
	if ctx.Err() != nil {
		return "", fmt.Errorf("%s: %w", line, context.Cause(ctx))
	}
	return "", &ToolError{Command: line, Output: complaints.String(), Err: err}
}

// head keeps the first maxOutput bytes written to it: the first error of a
// compiler is the one that matters.
type head struct{ bytes.Buffer }

func (h *head) Write(p []byte) (int, error) {
	h.Buffer.Write(p[:min(len(p), maxOutput-h.Len())])
	return len(p), nil
}
