package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// progress shows on a terminal what takes long, and nothing elsewhere.
type progress struct {
	w    io.Writer // nil if not a terminal
	stop chan struct{}
	over chan struct{}
}

// showAfter is how long a step takes before it is shown.
const showAfter = 300 * time.Millisecond

func newProgress(w io.Writer) *progress {
	if !isTerminal(w) {
		w = nil
	}
	return &progress{w: w}
}

// step ends the step before and begins another.
func (p *progress) step(what string) {
	p.done()
	if p.w == nil {
		return
	}
	p.stop, p.over = make(chan struct{}), make(chan struct{})
	go p.show(what, p.stop, p.over)
}

// done ends the current step, and wipes its line.
func (p *progress) done() {
	if p.stop != nil {
		close(p.stop)
		<-p.over
		p.stop = nil
	}
}

func (p *progress) show(what string, stop, over chan struct{}) {
	defer close(over)
	begin := time.Now()
	tick := time.NewTimer(showAfter)
	defer tick.Stop()
	for shown := false; ; shown = true {
		select {
		case <-tick.C:
			fmt.Fprintf(p.w, "\r\x1b[K%s … %.1f s", what, time.Since(begin).Seconds())
			tick.Reset(100 * time.Millisecond)
		case <-stop:
			if shown {
				fmt.Fprint(p.w, "\r\x1b[K")
			}
			return
		}
	}
}

// isTerminal reports whether f, a reader or writer, is a terminal.
func isTerminal(f any) bool {
	file, ok := f.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
