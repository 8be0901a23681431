package asl

import "time"

// wait is what an execution does when an effect is answered.
type wait struct {
	effect Effect
	frame  *frame
	answer func(Signal) // of effects other than tasks
	task   *pendingTask
	// mapRunStarted says that the map run has its ARN.
	mapRunStarted bool
}

// Effects returns the effects that are outstanding, in the order in which they
// were asked for: what a driver has to carry out after a restart.
func (r *Run) Effects() []Effect {
	return r.effectsAfter(0)
}

// effectsAfter returns the effects that were asked for after one.
func (r *Run) effectsAfter(last int64) []Effect {
	from := len(r.order)
	for from > 0 && r.order[from-1] > last {
		from--
	}
	var all []Effect
	for _, id := range r.order[from:] {
		if w := r.waiting[id]; w != nil {
			all = append(all, w.effect)
		}
	}
	return all
}

// Awaits reports whether an effect is outstanding.
func (r *Run) Awaits(effect int64) bool { return r.waiting[effect] != nil }

// compact forgets the places of effects that are over.
func (r *Run) compact() {
	if len(r.order) < 2*len(r.waiting)+16 {
		return
	}
	kept := r.order[:0]
	for _, id := range r.order {
		if r.waiting[id] != nil {
			kept = append(kept, id)
		}
	}
	r.order = kept
}

func (r *Run) dropEffects() {
	for _, id := range r.order {
		if r.waiting[id] != nil {
			r.cancelled = append(r.cancelled, id)
		}
	}
	clear(r.waiting)
	r.order, r.ready = nil, nil
}

// want asks for an effect.
func (r *Run) want(f *frame, effect Effect) *wait {
	r.lastEffect++
	effect.ID = r.lastEffect
	if f != nil {
		effect.State = f.state.Name
		f.effect = effect.ID
	}
	w := &wait{effect: effect, frame: f}
	r.waiting[effect.ID] = w
	r.order = append(r.order, effect.ID)
	return w
}

// done says that an effect has its final answer.
func (r *Run) done(w *wait) {
	delete(r.waiting, w.effect.ID)
	if w.frame != nil {
		w.frame.effect = 0
	}
}

// timer asks for a timer.
func (r *Run) timer(f *frame, at time.Time, fired func(Signal)) {
	w := r.want(f, Effect{Kind: Timer, At: at})
	w.answer = func(s Signal) {
		r.done(w)
		fired(s)
	}
}

// yield asks for a timer that is due at once: a machine that never waits must
// not keep Apply from returning.
func (r *Run) yield() {
	if r.yielding != nil {
		return
	}
	w := r.want(nil, Effect{Kind: Timer, At: r.now})
	w.answer = func(Signal) {
		r.done(w)
		r.yielding = nil
	}
	r.yielding = w
}
