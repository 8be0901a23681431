package driver

import (
	"context"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

// carryOut starts new effects.
func (e *Execution) carryOut(step asl.Step) {
	for _, effect := range step.Effects {
		switch effect.Kind {
		case asl.Timer:
			e.at(effect.ID, effect.At, asl.Signal{Kind: asl.TimerFired, Effect: effect.ID})
		case asl.Task:
			e.task(effect)
		case asl.MapRun:
			e.mapRun(effect)
		}
	}
	if e.Status() != asl.Running {
		e.end()
	}
}

// at delivers a signal at a time, unless the effect is over by then.
func (e *Execution) at(effect int64, t time.Time, s asl.Signal) {
	stop := e.config.Clock.At(t, func() { e.deliver(s) })
	if e.onEnd(effect, stop) == nil {
		stop()
	}
}

func (e *Execution) task(effect asl.Effect) {
	ctx, cancel := context.WithCancel(e.ctx)
	p := e.onEnd(effect.ID, cancel)
	if p == nil {
		cancel()
		return
	}
	if effect.Timeout > 0 {
		e.at(effect.ID, e.config.Clock.Now().Add(effect.Timeout), asl.Signal{Kind: asl.TaskTimedOut, Effect: effect.ID})
	}
	e.watchHeartbeat(p)
	if e.config.Worker == nil {
		return
	}
	e.config.Worker.Do(ctx, effect, func(s asl.Signal) {
		if s.Kind == asl.TaskHeartbeat {
			e.watchHeartbeat(p)
			return
		}
		s.Effect = effect.ID
		e.deliver(s)
	})
}

// watchHeartbeat starts the time in which a task must give a heartbeat, anew.
func (e *Execution) watchHeartbeat(p *pending) {
	if p.effect.Heartbeat <= 0 {
		return
	}
	stop := e.config.Clock.At(e.config.Clock.Now().Add(p.effect.Heartbeat), func() {
		e.deliver(asl.Signal{Kind: asl.TaskTimedOut, Effect: p.effect.ID, Heartbeat: true})
	})
	e.mu.Lock()
	if e.pending[p.effect.ID] == p { // else end may be reading it
		p.heartbeat, stop = stop, p.heartbeat
	}
	e.mu.Unlock()
	if stop != nil {
		stop()
	}
}

// end stops what belongs to an effect that is no longer outstanding, so that
// nobody changes it any more.
func (p *pending) end() {
	for _, stop := range p.stops {
		stop()
	}
	if p.heartbeat != nil {
		p.heartbeat()
	}
}

// onEnd has a function called when an effect is over, and returns nil if it is.
func (e *Execution) onEnd(effect int64, f func()) *pending {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := e.pending[effect]
	if p != nil {
		p.stops = append(p.stops, f)
	}
	return p
}
