package verify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox"
)

// advice is what to do about a difference.
const advice = "One of them computes wrongly, or the function shows what WebAssembly leaves open, such as the bits of a NaN. " +
	"Name an engine that is right as \"engine\" in lambent.json, or deploy without verification, and report the difference"

// compare gives an event to every candidate. The notes say what they agree on that
// whoever deploys the function should know, and who was left out.
func compare(ctx context.Context, all []candidate, e Event, perTenant bool) (notes []string, err error) {
	request := sandbox.Request{Event: e.Event, ID: sandbox.NewRequestID()}
	if perTenant {
		request.Tenant = "verification"
	}
	recorder := &sandbox.Recorder{}
	var seen []observed
	var compared []candidate
	for i, c := range all {
		var player *sandbox.Player
		if request.Tape = recorder; i > 0 {
			player = &sandbox.Player{Answers: recorder.Answers}
			request.Tape = player
		}
		o, err := c.box.Observe(ctx, request)
		one, err := newObserved(o, err)
		if err != nil {
			return nil, c.unable(e, err)
		}
		if c.shallow && one.failed != nil && overflows(one.failed) {
			notes = append(notes, fmt.Sprintf("sample event %s was not compared on %s: %v", e.Name, c.label, errShallow))
			continue
		}
		if player != nil && !player.Done() && one.left == nil {
			one.ended += ", before it asked the host all that it asked elsewhere"
		}
		seen, compared = append(seen, one), append(compared, c)
	}
	if len(seen) < 2 {
		return nil, failed("sample event %s cannot be compared: calls are nested deeper than %s can, and there is no other engine. Give an event that takes less", e.Name, all[len(all)-1].label)
	}
	for _, a := range aspects {
		if text := a.difference(compared, seen); text != "" {
			return nil, failed("sample event %s: %s. %s", e.Name, text, advice)
		}
	}
	if seen[0].failed != nil {
		notes = append(notes, fmt.Sprintf("sample event %s: the function fails, on all engines alike: %s", e.Name, cut(seen[0].failed.Error())))
	}
	return notes, nil
}

// unable says why an event cannot be compared.
func (c *candidate) unable(e Event, err error) error {
	switch {
	case errors.Is(err, errTimedOut):
		return failed("sample event %s cannot be compared: %s on %s. When a clock stops a function is chance: give an event that takes less, or a longer timeout", e.Name, cut(err.Error()), c.label)
	case errors.Is(err, sandbox.ErrTapeFull):
		return failed("sample event %s cannot be compared: it asks the host for too much on %s: %s. Give a smaller one", e.Name, c.label, cut(err.Error()))
	case errors.Is(err, engine.ErrHostPanic):
		return failed("sample event %s cannot be compared: %s on %s", e.Name, cut(err.Error()), c.label)
	}
	return fmt.Errorf("sample event %s on %s: %w", e.Name, c.label, err)
}

// errTimedOut: the clock stopped the function.
var errTimedOut = errors.New("the function ran out of time")

// observed is an observation, and how it ended.
type observed struct {
	sandbox.Observation
	failed *sandbox.FunctionError
	left   *sandbox.TapeError
	ended  string
}

// newObserved takes apart what Observe returned; what is neither an observation nor
// a difference is an error.
func newObserved(o sandbox.Observation, err error) (seen observed, _ error) {
	seen = observed{Observation: o, ended: "it answers"}
	switch {
	case err == nil:
	case errors.As(err, &seen.failed):
		if errors.Is(seen.failed.Err, engine.ErrTimeout) {
			return seen, fmt.Errorf("%w: %w", errTimedOut, err)
		}
		seen.ended = seen.failed.Error()
	case errors.As(err, &seen.left):
		seen.ended = "it asks the host something else: " + err.Error()
	default:
		return seen, err
	}
	return seen, nil
}

// aspect is something to compare.
type aspect struct {
	name string
	of   func(*observed) string
}

// aspects begin with what says most.
var aspects = []aspect{
	{"how it ends", func(o *observed) string { return o.ended }},
	{"the response", func(o *observed) string { return string(o.Response) }},
	{"the prelude of the response", func(o *observed) string { return string(o.Meta) }},
	{"the error", func(o *observed) string {
		if o.failed == nil {
			return ""
		}
		return string(o.failed.Payload)
	}},
	{"the log", func(o *observed) string { return string(o.Log) }},
	{"fuel", func(o *observed) string { return fmt.Sprintf("%d units", o.Usage.Fuel) }},
	{"what it asked of the host", func(o *observed) string {
		return fmt.Sprintf("%d calls, %d bytes", o.Usage.HostCalls, o.Usage.HostBytes)
	}},
	{"the size of /tmp", func(o *observed) string { return fmt.Sprintf("%d bytes", o.Usage.TmpPeak) }},
	{"the size of the memory", func(o *observed) string { return fmt.Sprintf("%d bytes", o.MemorySize) }},
	{"what is in the memory at the end", func(o *observed) string { return fmt.Sprintf("SHA-256 %x…", o.Memory[:12]) }},
}

// difference says which candidates have another value than the first; "" if none has.
func (a aspect) difference(all []candidate, seen []observed) string {
	var values []string
	having := map[string][]string{}
	at := -1 // where the first two values differ
	for i := range seen {
		value := a.of(&seen[i])
		if len(having[value]) == 0 {
			if values = append(values, value); len(values) == 2 {
				at = firstDifference(values[0], value)
			}
		}
		having[value] = append(having[value], all[i].label)
	}
	if len(values) < 2 {
		return ""
	}
	parts := make([]string, len(values))
	for i, value := range values {
		parts[i] = excerpt(value, at) + " on " + strings.Join(having[value], " and ")
	}
	text := a.name + " differs: " + strings.Join(parts, "; ")
	if slices.ContainsFunc(values, func(v string) bool { return len(v) > shown }) {
		text += fmt.Sprintf(" (they differ from byte %d on)", at)
	}
	return text
}
