package peers

import (
	"bytes"
	"context"
	"os/exec"
)

// process is the handler as native code, a process for each event: what an
// instance is compared with when isolation is left to the operating system. A
// process alone is no sandbox: it may open files and connect.
type process struct{ path string }

// Process is a program that reads an event and writes its answer.
func Process(path string) Peer { return process{path} }

func (p process) Answer(ctx context.Context, event []byte) ([]byte, error) {
	cmd := exec.CommandContext(ctx, p.path)
	cmd.Env = []string{}
	cmd.Stdin = bytes.NewReader(event)
	return cmd.Output()
}

func (process) Close() error { return nil }
