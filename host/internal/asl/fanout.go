package asl

import (
	"github.com/lambent-dev/lambent/host/internal/asl/payload"
)

// fanout is the running children of a Parallel or Map state.
type fanout struct {
	owner    *frame
	total    int
	started  int
	finished int
	running  []*frame
	results  []any // as many as there is something to keep of
	size     int   // of the results, in bytes of JSON text
	// start makes the next child; previous is the event that it follows.
	start func(index int, previous int64) *failure
}

// parallel runs a Parallel state up to the point where its branches run.
func (r *Run) parallel(f *frame) *failure {
	s := f.state
	v, failed := r.enterData(f)
	if failed != nil {
		return failed
	}
	input, failed := f.same(v)
	if failed != nil {
		return failed
	}
	if r.test != nil {
		return r.test.answer(r, f)
	}
	f.last = r.emit(f.last, Event{Type: s.event("Started")})
	fo := &fanout{owner: f, total: len(s.Branches)}
	fo.start = func(index int, previous int64) *failure {
		branch := s.Branches[index]
		fo.add(r, &frame{branch: branch, next: branch.StartAt, input: input, last: previous})
		return nil
	}
	return r.fanOut(f, fo, fo.total)
}

// fanOut starts as many children as may run at once.
func (r *Run) fanOut(f *frame, fo *fanout, atOnce int) *failure {
	f.children = fo
	if fo.total == 0 {
		return r.childrenDone(f, f.last)
	}
	for fo.started < min(fo.total, atOnce) && !r.overflow {
		if failed := fo.next(f.last); failed != nil {
			r.abortChildren(f)
			return failed
		}
	}
	return nil
}

func (fo *fanout) next(previous int64) *failure {
	fo.started++
	return fo.start(fo.started-1, previous)
}

func (fo *fanout) add(r *Run, child *frame) {
	child.parent, child.fanout, child.index = fo.owner, fo, fo.started-1
	child.scope = &scope{outer: fo.owner.scope}
	fo.running = append(fo.running, child)
	r.ready = append(r.ready, child)
	r.hold(child, child.own())
}

func (fo *fanout) remove(child *frame) {
	for i, other := range fo.running {
		if other == child {
			fo.running = append(fo.running[:i], fo.running[i+1:]...)
			return
		}
	}
}

// childSucceeded takes the output of a branch or an iteration.
func (r *Run) childSucceeded(child *frame, output payload.Payload) {
	fo, f := child.fanout, child.parent
	last := child.last
	if f.state.Type == TypeMap {
		last = r.emit(child.last, Event{Type: mapIterationSucceeded, Index: child.index, Name: f.state.Name})
	}
	fo.remove(child)
	r.forgetFrame(child)
	fo.finished++
	fo.keep(r, child.index, output)
	var failed *failure
	switch {
	case fo.started < fo.total:
		failed = fo.next(child.last)
		if failed != nil {
			r.abortChildren(f)
			f.last = child.last
		}
	case fo.finished == fo.total:
		failed = r.childrenDone(f, last)
	}
	if failed != nil {
		r.fail(f, failed)
	}
	r.resume(f)
}

// keep takes a result. There is no room for results of children that have not
// begun: of Map states in Map states there may be thousands at once, each with
// thousands of items. What is too large in the end is not kept until then.
func (fo *fanout) keep(r *Run, index int, output payload.Payload) {
	size := len(output.Text()) + 1
	if fo.size += size; fo.size > payload.MaxSize {
		fo.results = nil
		return
	}
	r.hold(fo.owner, fo.owner.held+size)
	for len(fo.results) <= index {
		fo.results = append(fo.results, nil)
	}
	fo.results[index] = output.Value()
}

// childrenDone goes on after all children have succeeded.
func (r *Run) childrenDone(f *frame, last int64) *failure {
	fo := f.children
	f.children = nil
	f.last = last
	if fo.size > payload.MaxSize {
		return f.tooLarge()
	}
	r.emit(f.last, Event{Type: f.state.event("Succeeded")})
	if fo.results == nil {
		fo.results = []any{}
	}
	return r.leave(f, fo.results)
}

// childFailed makes the state of a failed branch or iteration fail.
func (r *Run) childFailed(child *frame, failed *failure) {
	f := child.parent
	child.fanout.remove(child)
	r.forgetFrame(child)
	if f.state.Type == TypeMap {
		r.emit(child.last, Event{Type: mapIterationFailed, Index: child.index, Name: f.state.Name})
	}
	r.abortChildren(f)
	f.last = child.last
	r.fail(f, failed)
	r.resume(f)
}

// abortChildren stops whatever still runs in a state.
func (r *Run) abortChildren(f *frame) {
	if f.children == nil {
		return
	}
	fo := f.children
	f.children = nil
	for _, child := range fo.running {
		child.over = true
		r.abortChildren(child)
		r.forgetFrame(child)
		if child.effect != 0 {
			r.cancelled = append(r.cancelled, child.effect)
			delete(r.waiting, child.effect)
			child.effect = 0
		}
		if child.next == "" && child.state != nil {
			child.last = r.emit(child.last, Event{Type: child.state.event("Aborted")})
		}
		if f.state.Type == TypeMap {
			r.emit(child.last, Event{Type: mapIterationAborted, Index: child.index, Name: f.state.Name})
		}
	}
	fo.running = nil
}
