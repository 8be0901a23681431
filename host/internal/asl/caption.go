package asl

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

// Caption says in at most 200 characters what a drawing shows below the state's
// name: what a Task calls, how long a Wait state waits, the error of a Fail
// state. It is "" if there is nothing to say.
func (s *State) Caption() string {
	switch {
	case s.task != nil:
		return shorten(s.task.resource.caption())
	case s.wait != nil:
		return shorten(s.wait.caption())
	case s.fail != nil && s.fail.error != nil:
		return shorten(s.fail.error.caption())
	case s.Distributed:
		return "distributed"
	}
	return ""
}

// Retries says of each retrier which errors are retried and how often, as
// "States.Timeout: 3 times".
func (s *State) Retries() []string {
	var all []string
	for _, r := range s.retry {
		times := "never"
		if r.maxAttempts == 1 {
			times = "once"
		} else if r.maxAttempts > 1 {
			times = strconv.Itoa(r.maxAttempts) + " times"
		}
		all = append(all, shorten(strings.Join(r.errorEquals, ", "))+": "+times)
	}
	return all
}

func (r resource) caption() string {
	switch r.kind {
	case integration:
		if r.service != "" {
			return strings.TrimPrefix(r.service, "aws-sdk:") + ":" + r.action
		}
		return r.text
	case activity:
		return r.text[strings.LastIndexByte(r.text, ':')+1:]
	}
	if _, name, ok := strings.Cut(r.text, ":function:"); ok {
		return name
	}
	return r.text
}

func (w *waitFields) caption() string {
	switch {
	case w.seconds.path != nil:
		return w.seconds.path.String() + " s"
	case w.seconds.expr != nil:
		return w.seconds.expr.source + " s"
	case w.seconds.set:
		return period(int64(min(w.seconds.number, maxWait)))
	case w.timestampPath != nil:
		return "until " + w.timestampPath.String()
	case w.timestampExpr != nil:
		return "until " + w.timestampExpr.source
	}
	return "until " + w.timestamp
}

// period writes seconds in the largest unit that needs no fraction.
func period(seconds int64) string {
	for _, unit := range []struct {
		seconds int64
		name    string
	}{{24 * 60 * 60, "d"}, {60 * 60, "h"}, {60, "min"}} {
		if seconds > 0 && seconds%unit.seconds == 0 {
			return fmt.Sprintf("%d %s", seconds/unit.seconds, unit.name)
		}
	}
	return fmt.Sprintf("%d s", seconds)
}

func (t *textField) caption() string {
	switch {
	case t.value == nil:
		return t.literal
	case t.value.path != nil:
		return t.value.path.String()
	case t.value.expr != nil:
		return t.value.expr.source
	}
	return t.name
}

// shorten bounds what a drawing has to show.
func shorten(s string) string {
	if runes := []rune(s); len(runes) > 200 {
		return string(runes[:199]) + "…"
	}
	return s
}

// signs are what stands for an operator in a label, by what its name ends with;
// the longer endings come first.
var signs = []struct{ suffix, sign string }{
	{"LessThanEquals", "≤"}, {"GreaterThanEquals", "≥"}, {"LessThan", "<"}, {"GreaterThan", ">"}, {"Equals", "="}, {"Matches", "matches"},
}

// label says in a few words what the comparison asks.
func (c *comparison) label(depth int) string {
	if c == nil || depth > 3 {
		return "…"
	}
	switch c.op {
	case "And", "Or":
		var parts []string
		for _, inner := range c.inner {
			parts = append(parts, inner.label(depth+1))
		}
		all := strings.Join(parts, " "+strings.ToLower(c.op)+" ")
		if depth > 0 && len(parts) > 1 {
			return "(" + all + ")"
		}
		return all
	case "Not":
		if len(c.inner) != 1 {
			return "not …"
		}
		inner := *c.inner[0]
		if is, ok := inner.value.(bool); ok && strings.HasPrefix(inner.op, "Is") {
			inner.value = !is
			return inner.label(depth + 1)
		}
		return "not " + inner.label(depth+1)
	}
	variable, value := "…", ""
	if c.variable != nil {
		variable = c.variable.String()
	}
	if c.other != nil {
		value = c.other.String()
	} else if text, err := jsonata.Encode(c.value); err == nil {
		value = string(text)
	}
	op := strings.TrimSuffix(c.op, "Path")
	if property, ok := strings.CutPrefix(op, "Is"); ok {
		if c.value == false {
			return variable + " is not " + strings.ToLower(property)
		}
		return variable + " is " + strings.ToLower(property)
	}
	for _, s := range signs {
		if strings.HasSuffix(op, s.suffix) {
			return variable + " " + s.sign + " " + value
		}
	}
	return variable + " " + op + " " + value
}
