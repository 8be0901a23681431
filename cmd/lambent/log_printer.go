package main

import (
	"bytes"
	"io"
	"sync"

	"github.com/lambent-dev/lambent/host"
	"github.com/lambent-dev/lambent/sandbox"
)

// logPrinter prints the log lines of functions. Lines that others follow at once
// are held back until they do: a write takes longer than what most functions
// take.
type logPrinter struct {
	mu   sync.Mutex
	w    io.Writer
	held []byte // whole lines
}

// maxHeld is what held may keep of memory.
const maxHeld = 64 << 10

func newLogPrinter(w io.Writer) *logPrinter { return &logPrinter{w: w} }

func (p *logPrinter) print(function, _ string, line host.LogLine) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.held = append(append(append(p.held, '['), function...), "] "...)
	p.held = append(append(p.held, line.Message...), '\n')
	if isFollowed(line) && len(p.held) < maxHeld {
		return
	}
	p.w.Write(p.held) // a log that cannot be written stops no function
	if p.held = p.held[:0]; cap(p.held) > maxHeld {
		p.held = nil
	}
}

// isFollowed reports whether there is more to come from the same invocation, and
// soon: START comes with its first line, END with REPORT.
func isFollowed(line host.LogLine) bool {
	return line.Source == sandbox.System &&
		(bytes.HasPrefix(line.Message, []byte("START ")) || bytes.HasPrefix(line.Message, []byte("END ")))
}
