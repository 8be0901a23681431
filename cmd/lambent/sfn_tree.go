package main

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/lambent-dev/lambent/host"
)

// sfnTree shows an execution as it goes: states that are entered and left,
// those in branches and iterations indented below theirs.
type sfnTree struct {
	w       io.Writer
	level   map[int64]int               // of what follows an event
	inside  map[int64]host.HistoryEvent // how the state was entered that an event is in
	entered map[string]host.HistoryEvent
	// iteration is that of the innermost Map state an event is in, as " [2]".
	iteration map[int64]string
}

func newSFNTree(w io.Writer) *sfnTree {
	return &sfnTree{w: w, level: map[int64]int{}, inside: map[int64]host.HistoryEvent{}, entered: map[string]host.HistoryEvent{}, iteration: map[int64]string{}}
}

func (t *sfnTree) event(e host.HistoryEvent) {
	level, inside, iteration := t.level[e.Previous], t.inside[e.Previous], t.iteration[e.Previous]
	switch {
	case strings.HasSuffix(e.Type, "StateEntered"):
		t.entered[e.State], inside = e, e
		t.print(level, "→ %s%s", e.State, iteration)
	case strings.HasSuffix(e.Type, "StateExited"):
		if inside.State != e.State { // what came before was in a branch or iteration
			inside = t.entered[e.State]
		}
		level, iteration = t.level[inside.ID], t.iteration[inside.ID]
		t.print(level, "✓ %s%s (%v)%s", e.State, iteration, e.Time.Sub(inside.Time).Round(time.Millisecond), shortOutput(e.Output))
	case e.Type == "ParallelStateStarted", e.Type == "MapStateStarted":
		level++
	case e.Type == "MapIterationStarted":
		iteration = fmt.Sprintf(" [%d]", e.Iteration)
	case strings.HasPrefix(e.Type, "Execution"): // end says it
	case e.Error != nil:
		t.print(level, "  ✗ %s", reasonOf(e.Error, e.Cause))
	}
	t.level[e.ID], t.inside[e.ID], t.iteration[e.ID] = level, inside, iteration
}

func (t *sfnTree) end(ended host.Rehearsed) {
	text := ended.Status
	if reason := reasonOf(ended.Error, ended.Cause); reason != "" {
		text += " " + reason
	}
	t.print(0, "%s", text)
}

func (t *sfnTree) print(level int, format string, args ...any) {
	fmt.Fprintf(t.w, "%s%s\n", strings.Repeat("  ", level), oneLine(fmt.Sprintf(format, args...), 240))
}

func reasonOf(name, cause *string) string {
	switch {
	case name == nil && cause == nil:
		return ""
	case cause == nil:
		return *name
	case name == nil:
		return *cause
	}
	return *name + ": " + *cause
}

func shortOutput(output *string) string {
	if output == nil {
		return ""
	}
	return " " + oneLine(*output, 80)
}

// oneLine makes a text safe to print on one line of a terminal, and at most so
// many characters long.
func oneLine(s string, max int) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r == utf8.RuneError {
			return ' '
		}
		return r
	}, s)
	if utf8.RuneCountInString(s) > max {
		s = string([]rune(s)[:max-1]) + "…"
	}
	return s
}
