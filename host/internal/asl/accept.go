package asl

import (
	"errors"
	"fmt"

	"github.com/lambent-dev/lambent/host/internal/asl/payload"
)

// check refuses signals that do not fit.
func (r *Run) check(s *Signal) error {
	switch {
	case s.Kind == Begin:
		if r.status != "" {
			return &Stale{Signal: s.Kind}
		}
		if s.Start == nil {
			return errors.New("asl: Begin without Start")
		}
		if n := len(s.Start.Input); n > payload.MaxSize {
			return fmt.Errorf("asl: the input is %d bytes long, at most %d are allowed", n, payload.MaxSize)
		}
		input, err := payload.Parse(s.Start.Input)
		if err != nil {
			return fmt.Errorf("asl: the input is no JSON: %w", err)
		}
		r.input = input
		return nil
	case r.status == "":
		return fmt.Errorf("asl: %s before Begin", s.Kind)
	case r.status != Running:
		return &Stale{Signal: s.Kind, Effect: s.Effect}
	case s.Kind == Abort, s.Kind == Exhaust:
		return nil
	}
	w := r.waiting[s.Effect]
	if w == nil {
		return &Stale{Signal: s.Kind, Effect: s.Effect}
	}
	fits := false
	switch s.Kind {
	case TimerFired:
		fits = w.effect.Kind == Timer
	case MapRunStarted, MapRunSucceeded, MapRunFailed:
		fits = w.effect.Kind == MapRun
		if fits && (w.mapRunStarted == (s.Kind == MapRunStarted)) {
			return &Stale{Signal: s.Kind, Effect: s.Effect}
		}
	case TaskAccepted, TaskRefused, TaskStarted, TaskSubmitted, TaskSucceeded, TaskFailed, TaskTimedOut:
		fits = w.effect.Kind == Task
		if n := len(s.Output); s.Kind == TaskSubmitted && n > payload.MaxSize {
			return fmt.Errorf("asl: the answer to handing over a task is %d bytes long, at most %d are allowed", n, payload.MaxSize)
		}
		if fits && !w.task.accepts(s.Kind) {
			return &Stale{Signal: s.Kind, Effect: s.Effect}
		}
	}
	if !fits {
		return fmt.Errorf("asl: %s does not answer an effect of kind %s", s.Kind, w.effect.Kind)
	}
	return nil
}
