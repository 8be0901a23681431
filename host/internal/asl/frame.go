package asl

import (
	"fmt"
	"strings"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl/payload"
)

// frame is a thread of an execution: the machine itself, a branch of a Parallel
// state, or an iteration of a Map state in inline mode.
type frame struct {
	parent *frame
	fanout *fanout // of the parent, that this frame is part of
	index  int     // in the fanout
	branch *Branch
	scope  *scope
	item   *mapItem

	// next is the state to enter, "" while one is running.
	next  string
	input payload.Payload // of the next or running state
	over  bool

	state     *State
	enteredAt time.Time
	enteredID int64
	// last is the event that led here; beforeState the one that led to the
	// state.
	last, beforeState int64
	attempts          []int // of each retrier
	retries           int   // of all of them
	token             string
	effect            int64   // that the frame waits for, 0 if none
	children          *fanout // of the running Parallel or Map state
	effective         any     // the running state's input after InputPath
	held              int     // bytes of text; see hold
}

// enter enters the frame's next state and runs it until it is over or waits.
func (r *Run) enter(f *frame) {
	s := f.branch.States[f.next]
	f.next = ""
	f.state, f.enteredAt = s, r.now
	f.attempts, f.retries, f.token, f.children = make([]int, len(s.retry)), 0, "", nil
	f.beforeState = f.last
	f.last = r.emit(f.last, Event{Type: s.event("Entered"), Name: s.Name, Input: text(f.input)})
	f.enteredID = f.last
	if r.overflow {
		return
	}
	r.execute(f)
}

// event names an event of the state's type.
func (s *State) event(what string) EventType { return EventType(string(s.Type) + "State" + what) }

// execute runs the frame's state; after an error that is retried, again.
func (r *Run) execute(f *frame) {
	r.hold(f, f.own())
	var failed *failure
	switch f.state.Type {
	case TypePass:
		failed = r.pass(f)
	case TypeTask:
		failed = r.task(f)
	case TypeChoice:
		failed = r.choose(f)
	case TypeWait:
		failed = r.wait(f)
	case TypeSucceed:
		failed = r.succeedState(f)
	case TypeFail:
		failed = r.failState(f)
	case TypeParallel:
		failed = r.parallel(f)
	case TypeMap:
		failed = r.iterate(f)
	}
	if failed != nil {
		r.fail(f, failed)
	}
}

// exit leaves the state with its output and goes on to another, or ends the
// frame if there is none.
func (r *Run) exit(f *frame, next string, output payload.Payload, assigned []Assignment) {
	if r.test != nil {
		r.test.exited(next, output)
		r.status = Succeeded
		return
	}
	r.spendOn(output)
	f.last = r.emit(f.last, Event{Type: f.state.event("Exited"), Name: f.state.Name, Output: text(output), Assigned: assigned})
	f.input, f.effective = output, nil
	r.hold(f, f.own())
	if next != "" {
		f.next = next
		return
	}
	f.over = true
	if f.parent == nil {
		r.succeed(f.last, output)
		return
	}
	r.childSucceeded(f, output)
}

// resume lets a frame go on once the current signal's work is done.
func (r *Run) resume(f *frame) { r.ready = append(r.ready, f) }

// explain completes the cause of a failure that the interpreter found. That an
// expression failed is an event of its own.
func (r *Run) explain(f *frame, failed *failure) {
	if failed.internal && r.test == nil {
		failed.cause = fmt.Sprintf("An error occurred while executing the state '%s' (entered at the event id #%d). %s", f.state.Name, f.enteredID, failed.cause)
	}
	failed.cause = truncate(failed.cause, maxCause)
	failed.internal = false
	if failed.query {
		failed.query = false
		previous := f.last
		if previous == f.enteredID && f.state.Type != TypeWait {
			previous = f.beforeState
		}
		f.last = r.emit(previous, Event{Type: evaluationFailed, State: f.state.Name, Location: failed.location, Error: failed.nameText(), Cause: failed.causeText()})
	}
}

// fail handles an error of the frame's state: it is retried, caught, or ends
// the frame.
func (r *Run) fail(f *frame, failed *failure) {
	if r.overflow {
		return
	}
	r.explain(f, failed)
	if failed.catchable() && r.retry(f, failed) {
		return
	}
	fansOut := f.state.Type == TypeParallel || f.state.Type == TypeMap
	if fansOut && failed.catchable() && r.test == nil {
		f.last = r.emit(f.last, Event{Type: f.state.event("Failed")})
	}
	if failed.catchable() && r.catch(f, failed) {
		return
	}
	r.failUncaught(f, failed)
}

// failUncaught ends the frame with an error.
func (r *Run) failUncaught(f *frame, failed *failure) {
	if r.test != nil {
		r.test.failed(failed)
		r.status = Failed
		return
	}
	f.over = true
	if f.parent == nil {
		r.finish(Failed, executionFailed, f.last, failed)
		return
	}
	if f.state.Type == TypeTask {
		r.emit(f.last, Event{Type: f.state.event("Aborted")})
	}
	r.childFailed(f, failed)
}

// limited makes a payload of a state's value, which must not be too large.
func (f *frame) limited(v any) (payload.Payload, *failure) {
	p, err := payload.New(v, payload.MaxSize)
	if err != nil {
		return p, f.tooLarge()
	}
	return p, nil
}

// spendOn accounts for a payload that was made or parsed.
func (r *Run) spendOn(p payload.Payload) { r.meter.left -= len(p.Text()) / bytesPerStep }

// same returns the frame's input if v is its value, so that its text stays as
// it was written; otherwise a new payload.
func (f *frame) same(v any, known ...payload.Payload) (payload.Payload, *failure) {
	for _, p := range append(known, f.input) {
		if identical(v, p.Value()) {
			if len(p.Text()) > payload.MaxSize {
				return p, f.tooLarge()
			}
			return p, nil
		}
	}
	return f.limited(v)
}

// tooLarge is the failure of a state whose result is too large.
func (f *frame) tooLarge() *failure {
	name := f.state.Resource
	if short, ok := strings.CutPrefix(name, "arn:aws:states:::"); ok {
		name, _, _ = strings.Cut(short, ":")
	}
	if name == "" {
		name = f.state.Name
	}
	return &failure{name: errDataLimit, cause: fmt.Sprintf("The state/task '%s' returned a result with a size exceeding the maximum number of bytes service limit.", name)}
}
