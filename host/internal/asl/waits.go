package asl

import (
	"math"
	"time"
)

// maxWait is how long a Wait state may wait, in seconds.
const maxWait = math.MaxInt32

// wait runs a Wait state. Its output is computed when the time has come.
func (r *Run) wait(f *frame) *failure {
	s := f.state
	e, failed := r.filtered(f)
	if failed != nil {
		return failed
	}
	until, failed := e.until(s.wait)
	if failed != nil {
		return failed
	}
	if until.Sub(r.now) > maxWait*time.Second {
		return runtime("Wait state delay is too long.")
	}
	if !until.After(r.now) || r.test != nil {
		return r.waited(f)
	}
	r.timer(f, until, func(Signal) {
		if failed := r.waited(f); failed != nil {
			r.fail(f, failed)
		}
		r.resume(f)
	})
	return nil
}

func (r *Run) waited(f *frame) *failure {
	e, output, failed := r.through(f, f.state.output)
	if failed != nil {
		return failed
	}
	return r.leaveWith(f, e, f.state.assign, output, f.state.Next)
}

// until gives the time to wait for.
func (e *evaluator) until(w *waitFields) (time.Time, *failure) {
	now := e.run.now
	switch {
	case w.seconds.path != nil:
		return e.secondsPath(w.seconds)
	case w.seconds.set:
		seconds, failed := e.integer(w.seconds, 0, bounds{0, math.MaxFloat64, true})
		if failed == nil && seconds > maxWait {
			failed = runtime("Wait state delay is too long.")
		}
		if failed != nil {
			return now, failed
		}
		return now.Add(time.Duration(seconds) * time.Second), nil
	case w.timestampPath != nil:
		v, err := e.find(w.timestampPath)
		if err != nil {
			return now, e.missing(w.timestampPath, "TimestampPath", err)
		}
		s, _ := v.(string)
		t, ok := parseTimestamp(s)
		if !ok {
			return now, runtime("The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: %s == %s", w.timestampPath, plainText(v))
		}
		return t, nil
	}
	s := w.timestamp
	if w.timestampExpr != nil {
		v, failed := e.expression(w.timestampExpr)
		if failed != nil {
			return now, failed
		}
		text, ok := v.(string)
		if !ok {
			return now, w.timestampExpr.unexpected("string", v)
		}
		s = text
	}
	t, ok := parseTimestamp(s)
	if !ok {
		return now, queryFailure("Timestamp", "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: %s", s)
	}
	return t, nil
}

func (e *evaluator) secondsPath(n numberField) (time.Time, *failure) {
	now := e.run.now
	v, err := e.find(n.path)
	if err != nil {
		return now, e.missing(n.path, n.name, err)
	}
	seconds, ok := v.(float64)
	switch {
	case !ok || seconds != math.Trunc(seconds):
		return now, runtime("The SecondsPath parameter cannot be parsed as a long value: %s == %s", n.path, plainText(v))
	case seconds < 0:
		return now, runtime("The SecondsPath parameter references a negative value: %s == %s", n.path, plainText(v))
	case seconds > maxWait:
		return now, runtime("Wait state delay is too long.")
	}
	return now.Add(time.Duration(seconds) * time.Second), nil
}
