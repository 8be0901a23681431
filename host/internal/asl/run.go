package asl

import (
	"cmp"
	"fmt"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl/payload"
)

// defaultMaxEvents is how long a history may become.
const defaultMaxEvents = 25_000

// Status is how far an execution has got.
type Status string

// The statuses of an execution.
const (
	Running   Status = "RUNNING"
	Succeeded Status = "SUCCEEDED"
	Failed    Status = "FAILED"
	TimedOut  Status = "TIMED_OUT"
	Aborted   Status = "ABORTED"
)

// Run is an execution in memory: what applying signals to a definition has come
// to. It is not safe for concurrent use.
type Run struct {
	definition *Definition
	start      *Start
	input      payload.Payload
	startedAt  time.Time
	now        time.Time

	status       Status
	output       string
	error, cause *string

	ready       []*frame // frames that can go on
	events      []Event  // of the signal being applied
	silent      []Signal // that have led to no event yet
	lastEvent   int64
	maxEvents   int64
	overflow    bool // there were to be more events than allowed
	evaluations int64
	meter       meter
	yielding    *wait // for the timer after which ready frames go on
	variables   int   // bytes that all variables take
	names       int   // of all variables
	held        int   // bytes of text of what all frames work on

	lastEffect int64
	waiting    map[int64]*wait
	order      []int64 // of effects, as they were asked for
	cancelled  []int64

	test *probe // set while a single state is tested
}

// Step is what one signal led to.
type Step struct {
	// Events are the new events of the history.
	Events []Event
	// Effects are the new effects to carry out.
	Effects []Effect
	// Cancelled are the effects that are no longer wanted. Answering one is
	// harmless.
	Cancelled []int64
}

// NewRun makes an execution that waits for its signal Begin.
func NewRun(definition *Definition) *Run {
	return &Run{definition: definition, waiting: map[int64]*wait{}}
}

// Status returns how far the execution has got; "" before Begin.
func (r *Run) Status() Status { return r.status }

// Output returns the JSON text of the output of an execution that succeeded; of
// others null.
func (r *Run) Output() string { return cmp.Or(r.output, "null") }

// Failure returns error and cause of an execution that did not succeed; nil
// where there is none.
func (r *Run) Failure() (name, cause *string) { return r.error, r.cause }

// Apply applies a signal. A *Stale error means that it came too late; any other
// that it makes no sense. In both cases nothing has changed.
func (r *Run) Apply(s Signal) (Step, error) {
	if err := r.check(&s); err != nil {
		return Step{}, err
	}
	s.Bound()
	before := r.lastEffect
	r.events, r.cancelled = nil, nil
	r.now = s.At
	r.meter.reset()
	r.act(s)
	r.silent = append(r.silent, s)
	if r.status == Running && len(r.events) == 0 && int64(len(r.silent)) >= r.maxEvents {
		r.tooLong()
	}
	if len(r.events) > 0 {
		r.events[0].Signals, r.silent = r.silent, nil
	}
	step := Step{Events: r.events, Effects: r.effectsAfter(before), Cancelled: r.cancelled}
	r.compact()
	return step, nil
}

// act does what a signal leads to. A mistake of this package that shows in one
// execution must not end the process, and with it all others: that execution
// fails.
func (r *Run) act(s Signal) {
	defer func() {
		if p := recover(); p != nil {
			r.status = Running
			r.finish(Failed, executionFailed, r.lastEvent, &failure{name: errRuntime, cause: truncate(fmt.Sprintf("The interpreter failed: %v", p), maxCause)})
			r.forgetAll()
		}
	}()
	switch s.Kind {
	case Begin:
		r.begin(s.Start)
	case Abort:
		r.finish(Aborted, executionAborted, 0, reported(s.Error, s.Cause))
	case Exhaust:
		r.finish(Failed, executionFailed, r.lastEvent, reported(s.Error, s.Cause))
	default:
		w := r.waiting[s.Effect]
		if w.task != nil {
			r.answerTask(w, s)
		} else {
			w.answer(s)
		}
	}
	r.proceed()
}

func (r *Run) begin(start *Start) {
	r.start, r.startedAt, r.status = start, r.now, Running
	r.maxEvents = int64(start.MaxEvents)
	if r.maxEvents <= 0 {
		r.maxEvents = defaultMaxEvents
	}
	r.emit(0, Event{Type: executionStarted, Input: text(r.input), RoleArn: start.RoleArn})
	if seconds := r.definition.TimeoutSeconds; seconds > 0 {
		r.timer(nil, r.now.Add(time.Duration(seconds)*time.Second), func(Signal) {
			r.finish(TimedOut, executionTimedOut, 0, &failure{noName: true, noCause: true})
		})
	}
	root := &frame{branch: &r.definition.Branch, scope: &scope{}, next: r.definition.StartAt, input: r.input}
	r.hold(root, root.own())
	r.ready = append(r.ready, root)
}

// proceed lets frames go on until all of them wait for something.
func (r *Run) proceed() {
	for r.status == Running && !r.overflow && len(r.ready) > 0 {
		f := r.ready[0]
		r.ready = r.ready[1:]
		for r.status == Running && !r.overflow && f.next != "" && !f.over {
			if r.meter.yields() {
				r.ready = append([]*frame{f}, r.ready...)
				r.yield()
				return
			}
			if r.full() {
				r.finish(Failed, executionFailed, r.lastEvent, &failure{name: errRuntime,
					cause: fmt.Sprintf("The values that the execution works on exceed the limit of %d bytes.", maxHeld)})
				break
			}
			r.enter(f)
		}
	}
	if r.yielding != nil && r.status == Running {
		r.cancelled = append(r.cancelled, r.yielding.effect.ID)
		r.done(r.yielding)
		r.yielding = nil
	}
	if r.overflow && r.status == Running {
		r.tooLong()
	}
	r.overflow = false
	if r.status != Running {
		r.forgetAll()
	}
}

// tooLong ends an execution whose history is full, or that has been told as
// many things in a row without an event coming of it.
func (r *Run) tooLong() {
	r.finish(Failed, executionFailed, r.lastEvent, &failure{name: errRuntime,
		cause: fmt.Sprintf("The execution reached the maximum number of history events (%d).", r.maxEvents)})
}

// emit adds an event and returns its ID. The last event a history has room for
// is kept for the end of the execution.
func (r *Run) emit(previous int64, e Event) int64 {
	ends := e.Type == executionFailed || e.Type == executionSucceeded || e.Type == executionAborted || e.Type == executionTimedOut
	if r.lastEvent >= r.maxEvents-1 && !ends {
		r.overflow = true
		return r.lastEvent
	}
	r.lastEvent++
	e.ID, e.PreviousID, e.Time = r.lastEvent, previous, r.now
	r.events = append(r.events, e)
	return e.ID
}

// finish ends the execution without an output.
func (r *Run) finish(status Status, kind EventType, previous int64, f *failure) {
	r.status, r.error, r.cause = status, f.nameText(), f.causeText()
	r.emit(previous, Event{Type: kind, Error: r.error, Cause: r.cause})
	r.dropEffects()
}

func (r *Run) succeed(previous int64, output payload.Payload) {
	r.status, r.output = Succeeded, output.Text()
	r.emit(previous, Event{Type: executionSucceeded, Output: text(output)})
	r.dropEffects()
}

func text(p payload.Payload) *string {
	t := p.Text()
	return &t
}
