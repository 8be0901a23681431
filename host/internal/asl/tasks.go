package asl

import (
	"math"
	"strings"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl/payload"
	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

// pendingTask is a task that has been scheduled.
type pendingTask struct {
	resource           resource
	started, submitted bool
	// scheduled is the event that a task has been scheduled, of an activity that
	// may not exist; nil once it is in the history.
	scheduled *Event
}

// accepts reports whether a task can have a signal where it is.
func (t *pendingTask) accepts(kind SignalKind) bool {
	switch kind {
	case TaskAccepted, TaskRefused:
		return t.scheduled != nil
	case TaskStarted:
		return !t.started
	case TaskSubmitted:
		return t.started && !t.submitted && t.resource.submits()
	default:
		return true
	}
}

// task runs a Task state up to the point where it waits for its task.
func (r *Run) task(f *frame) *failure {
	s := f.state
	effect := Effect{Kind: Task, Resource: s.task.resource.text}
	// The token is part of the context object while the input is computed.
	if s.task.resource.waits() || s.task.resource.kind == activity {
		effect.Token = token(r.start, r.lastEffect+1)
	}
	if s.task.resource.submits() {
		f.token = token(r.start, r.lastEffect+1)
	}
	input, failed := r.enterData(f)
	if failed != nil {
		return failed
	}
	if s.QueryLanguage == JSONPath {
		r.probe("afterParameters", input)
	}
	p, failed := f.same(input)
	if failed != nil {
		return failed
	}
	effect.Input = p.Text()
	if failed := s.accepts(input, effect.Input); failed != nil && !(r.test != nil && r.test.mocked) {
		return failed
	}
	e := r.evaluator(f, f.effective)
	seconds := bounds{1, 99_999_999, true}
	timeout, failed := e.integer(s.task.timeout, 0, seconds)
	if failed != nil {
		return failed
	}
	heartbeat, failed := e.integer(s.task.heartbeat, 0, seconds)
	if failed != nil {
		return failed
	}
	effect.Timeout, effect.Heartbeat = time.Duration(timeout)*time.Second, time.Duration(heartbeat)*time.Second
	if effect.RoleArn, failed = e.role(s.task.credentials); failed != nil {
		return failed
	}
	event := Event{TimeoutSeconds: int64(timeout), Heartbeat: int64(heartbeat), TaskRole: effect.RoleArn}
	switch s.task.resource.kind {
	case function, activity:
		event.Resource, event.Input = effect.Resource, &effect.Input
	default:
		event.Resource, event.ResourceType = s.task.resource.action, s.task.resource.service
		event.Region, event.Parameters = region(r.start), &effect.Input
	}
	event.Type = s.task.resource.event("Scheduled")
	w := r.want(f, effect)
	w.task = &pendingTask{resource: s.task.resource}
	if s.task.resource.kind == activity {
		w.task.scheduled = &event
		return nil
	}
	f.last = r.emit(f.last, event)
	return nil
}

// role gives the role that Credentials name.
func (e *evaluator) role(t *template) (string, *failure) {
	if t == nil {
		return "", nil
	}
	v, failed := e.fill(t)
	if failed != nil {
		return "", failed
	}
	var role any
	if o, ok := v.(*jsonata.Object); ok {
		role, _ = o.Get("RoleArn")
	}
	s, ok := role.(string)
	if !ok {
		return "", runtime("The Credentials' RoleArn must be a string, but was %s", quoted(role))
	}
	if len(s) > maxRole {
		return "", runtime("The Credentials' RoleArn has %d bytes, at most %d are allowed", len(s), maxRole)
	}
	return s, nil
}

// maxRole is how many bytes the ARN of a role may have.
const maxRole = 2048

// region is the region the execution runs in.
func region(start *Start) string {
	if parts := strings.SplitN(start.ExecutionArn, ":", 5); len(parts) == 5 {
		return parts[3]
	}
	return ""
}

// event names an event of a task.
func (r resource) event(what string) EventType {
	switch r.kind {
	case function:
		return EventType("LambdaFunction" + what)
	case activity:
		return EventType("Activity" + what)
	default:
		return EventType("Task" + what)
	}
}

// about makes an event about a task.
func (t *pendingTask) about(what string) Event {
	e := Event{Type: t.resource.event(what)}
	if t.resource.kind == integration {
		e.Resource, e.ResourceType = t.resource.action, t.resource.service
	}
	return e
}

// answerTask applies a signal to a task.
func (r *Run) answerTask(w *wait, s Signal) {
	f, t := w.frame, w.task
	if s.Kind == TaskRefused {
		r.refuseTask(w, s)
		return
	}
	if t.scheduled != nil {
		f.last = r.emit(f.last, *t.scheduled)
		t.scheduled = nil
	}
	if s.Kind == TaskAccepted {
		return
	}
	if !t.started && (s.Kind != TaskTimedOut || t.resource.kind != activity) {
		// Whoever answers has started, whether it said so or not.
		t.started = true
		event := t.about("Started")
		event.Worker = s.Worker
		f.last = r.emit(f.last, event)
	}
	var failed *failure
	switch s.Kind {
	case TaskStarted:
		return
	case TaskSubmitted:
		t.submitted = true
		event := t.about("Submitted")
		event.Output = &s.Output
		f.last = r.emit(f.last, event)
		return
	case TaskSucceeded:
		var p payload.Payload
		if p, failed = f.result(s); failed == nil {
			event := t.about("Succeeded")
			event.Output = text(p)
			f.last = r.emit(f.last, event)
			r.done(w)
			r.probe("result", p.Value())
			if failed := r.leave(f, p.Value(), p); failed != nil {
				r.fail(f, failed)
			}
			r.resume(f)
			return
		}
	case TaskFailed:
		failed = reported(s.Error, s.Cause)
	case TaskTimedOut:
		failed = &failure{name: errTimeout, noCause: true, heartbeat: s.Heartbeat}
	}
	what := "Failed"
	if s.Kind == TaskTimedOut {
		what = "TimedOut"
	}
	event := t.about(what)
	event.Error, event.Cause = failed.nameText(), failed.causeText()
	f.last = r.emit(f.last, event)
	r.done(w)
	r.fail(f, failed)
	r.resume(f)
}

// refuseTask fails the state of a task that cannot be scheduled.
func (r *Run) refuseTask(w *wait, s Signal) {
	r.done(w)
	failed := &failure{name: errRuntime, internal: true, cause: "The activity " + w.task.resource.text + " does not exist."}
	if s.Cause != nil {
		failed.cause = *s.Cause
	}
	r.fail(w.frame, failed)
	r.resume(w.frame)
}

// result makes a payload of the result that a signal brings.
func (f *frame) result(s Signal) (payload.Payload, *failure) {
	if s.Oversized || len(s.Output) > payload.MaxSize {
		return payload.Payload{}, f.tooLarge()
	}
	p, err := payload.Parse(s.Output)
	if err != nil {
		return payload.Payload{}, &failure{name: errRuntime, cause: "The task's result is not valid JSON."}
	}
	return p, nil
}

// wholeSeconds is a delay in seconds, rounded up.
func wholeSeconds(delay float64) int64 { return int64(math.Ceil(delay)) }
