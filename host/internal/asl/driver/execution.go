package driver

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

// Worker does the tasks of executions.
type Worker interface {
	// Do does a task and answers with signals of the kinds TaskAccepted,
	// TaskRefused, TaskStarted, TaskSubmitted, TaskHeartbeat, TaskSucceeded and
	// TaskFailed; Effect and At are filled in.
	// The last one may come at any time, from any goroutine; it is ignored when
	// ctx, which ends with the task, is done. Do should not block.
	Do(ctx context.Context, task asl.Effect, answer func(asl.Signal))
}

// Config is what executions need.
type Config struct {
	// Worker does their tasks. If it is nil, no task is ever done.
	Worker Worker
	// Clock is the time they run in; nil means Real.
	Clock Clock
	// Reader reads the items of a distributed map that has an ItemReader and
	// answers, once, from any goroutine; it should not block. If it is nil such a
	// map fails with States.ItemReaderFailed.
	Reader func(ctx context.Context, reader *asl.ItemReader, answer func(items []any, err error))
	// Writer writes the results of a distributed map that has a ResultWriter and
	// answers with the state's result, JSON text; otherwise as Reader. If it is
	// nil such a map fails with States.ResultWriterFailed.
	Writer func(ctx context.Context, writer *asl.ResultWriter, results []string, answer func(result string, err error))
	// MaxHistory bounds the JSON texts in an execution's history, in bytes; 0
	// means 256 MiB. An execution that goes beyond fails.
	MaxHistory int
	// Budget is what the execution shares with others, those of its distributed
	// maps among them. One for which there is no room does not start, or fails.
	// If it is nil there is no bound.
	Budget *Budget
}

const defaultMaxHistory = 256 << 20

// Execution is an execution that runs in memory. It is safe for concurrent use.
type Execution struct {
	config Config
	start  *asl.Start
	ctx    context.Context
	cancel context.CancelFunc
	done   chan struct{}
	view   atomic.Pointer[view]

	// mu guards everything below, pending effects too. It is never held while a
	// Worker, a timer's function or another execution is called.
	mu      sync.Mutex
	run     *asl.Run
	history []asl.Event
	size    int   // of the history's texts
	taken   int64 // of the budget
	pending map[int64]*pending
	queue   []asl.Signal // not applied yet
	busy    bool         // somebody applies the queue
	after   func()       // called once when the execution is over
}

// view is what others see of an execution: looking at one must not wait for it,
// since a signal may be seconds of work.
type view struct {
	history     []asl.Event
	status      asl.Status
	output      string
	name, cause *string
}

// show lets others see what the execution has come to; mu is held, or nobody else
// knows it yet.
func (e *Execution) show() {
	v := &view{history: e.history[:len(e.history):len(e.history)], status: e.run.Status(), output: e.run.Output()}
	v.name, v.cause = e.run.Failure()
	e.view.Store(v)
}

// pending is an outstanding effect.
type pending struct {
	effect    asl.Effect
	stops     []func() // called when it is over
	heartbeat func()   // stops the heartbeat's timer
}

// Start starts an execution. The error is a *BudgetError if there is no room for
// it.
func Start(config Config, definition *asl.Definition, start *asl.Start) (*Execution, error) {
	if config.Clock == nil {
		config.Clock = Real{}
	}
	e := &Execution{config: config, start: start, done: make(chan struct{}), run: asl.NewRun(definition), pending: map[int64]*pending{}}
	e.taken = bytesPerExecution + int64(len(start.Input))*(1+bytesPerHeld)
	if err := config.Budget.begin(e.taken); err != nil {
		return nil, err
	}
	e.ctx, e.cancel = context.WithCancel(context.Background())
	e.busy = true
	done := config.Budget.turn()
	step, _, err := e.apply(asl.Signal{Kind: asl.Begin, Start: start})
	done()
	if err != nil {
		config.Budget.end(e.taken)
		e.cancel()
		return nil, err
	}
	e.carryOut(step)
	e.drain()
	return e, nil
}

// Done is closed when the execution is over.
func (e *Execution) Done() <-chan struct{} { return e.done }

// History returns the events so far.
func (e *Execution) History() []asl.Event { return e.view.Load().history }

// Status returns how far the execution has got.
func (e *Execution) Status() asl.Status { return e.view.Load().status }

// Result returns what the execution came to once it is Done: its output, JSON
// text, if it succeeded, otherwise its error and cause.
func (e *Execution) Result() (output string, name, cause *string) {
	v := e.view.Load()
	return v.output, v.name, v.cause
}

// Abort ends the execution.
func (e *Execution) Abort(name, cause *string) {
	e.deliver(asl.Signal{Kind: asl.Abort, Error: name, Cause: cause})
}

// Answer answers the task with the given token. It reports whether the task was
// waiting for an answer.
func (e *Execution) Answer(token string, s asl.Signal) bool {
	_, effect, err := asl.ParseToken(token)
	if err != nil || !e.holds(effect, token) {
		return false
	}
	s.Effect = effect
	e.deliver(s)
	return true
}

// Heartbeat says that the task with the given token is alive. It reports
// whether the task is waiting for an answer.
func (e *Execution) Heartbeat(token string) bool {
	_, effect, err := asl.ParseToken(token)
	if err != nil || !e.holds(effect, token) {
		return false
	}
	e.mu.Lock()
	p := e.pending[effect]
	e.mu.Unlock()
	if p != nil {
		e.watchHeartbeat(p)
	}
	return true
}

func (e *Execution) holds(effect int64, token string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := e.pending[effect]
	return p != nil && p.effect.Token != "" && p.effect.Token == token
}

// deliver applies a signal; or leaves it to whoever is applying one now, so
// that the stack does not grow with a worker that answers at once.
func (e *Execution) deliver(s asl.Signal) {
	s.Bound()
	e.mu.Lock()
	e.queue = append(e.queue, s)
	if e.busy {
		e.mu.Unlock()
		return
	}
	e.busy = true
	e.mu.Unlock()
	e.drain()
}

// drain applies what is in the queue. The caller has set busy.
func (e *Execution) drain() {
	for {
		e.mu.Lock()
		if len(e.queue) == 0 {
			e.busy = false
			e.mu.Unlock()
			return
		}
		e.mu.Unlock()
		done := e.config.Budget.turn()
		e.mu.Lock()
		next := e.queue[0]
		e.queue = e.queue[1:]
		step, over, err := e.apply(next)
		e.mu.Unlock()
		done()
		// A signal that is refused came too late.
		if err != nil {
			continue
		}
		for _, p := range over {
			p.end()
		}
		e.carryOut(step)
	}
}

// apply applies a signal, keeps its events and returns the effects that are
// over. mu is held, or nobody else knows the execution yet.
func (e *Execution) apply(s asl.Signal) (step asl.Step, over []*pending, err error) {
	s.At = e.config.Clock.Now()
	step, err = e.run.Apply(s)
	if err != nil {
		return step, nil, err
	}
	e.history = append(e.history, step.Events...)
	e.show()
	for _, id := range append(step.Cancelled, s.Effect) {
		if p := e.pending[id]; p != nil && !e.run.Awaits(id) {
			over = append(over, p)
			delete(e.pending, id)
		}
	}
	for _, effect := range step.Effects {
		e.pending[effect.ID] = &pending{effect: effect}
	}
	e.weigh(step.Events)
	return step, over, nil
}

// weigh counts the texts of new events and has an execution fail that takes too
// much memory. A text that two events have in a row is one.
func (e *Execution) weigh(events []asl.Event) {
	var before *string
	for i := range events {
		for _, text := range []*string{events[i].Input, events[i].Output, events[i].Parameters, events[i].Cause} {
			if text != nil && (before == nil || *text != *before) {
				e.size += len(*text)
				before = text
			}
		}
		e.size += len(events[i].TaskRole) + len(events[i].Location)
		for _, a := range events[i].Assigned {
			e.size += len(a.Name) + len(a.Value)
		}
	}
	if e.run.Status() != asl.Running {
		return
	}
	weight := e.weight()
	full := e.config.Budget.Take(weight - e.taken)
	e.taken = weight
	limit := e.config.MaxHistory
	if limit <= 0 {
		limit = defaultMaxHistory
	}
	switch {
	case e.size > limit:
		e.exhaust("States.Runtime", fmt.Sprintf("The history of the execution takes more than %d bytes.", limit))
	case full != nil:
		e.exhaust("ExecutionLimitExceeded", full.Error())
	}
}

// exhaust has the execution fail before anything else happens to it; mu is held.
func (e *Execution) exhaust(name, cause string) {
	e.queue = append([]asl.Signal{{Kind: asl.Exhaust, Error: &name, Cause: &cause}}, e.queue...)
}

// end says, once, that the execution is over.
func (e *Execution) end() {
	e.mu.Lock()
	after := e.after
	e.after = nil
	select {
	case <-e.done:
	default:
		e.cancel()
		close(e.done)
		e.config.Budget.end(e.taken)
		e.taken = 0
	}
	e.mu.Unlock()
	if after != nil {
		after()
	}
}
