package driver

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/asl/payload"
)

const (
	// maxChildren is how many executions of one map run are in memory at once.
	maxChildren = 1000
	// maxTurn is how many executions a map run starts before others get their
	// turn: those that end at once might follow each other for days.
	maxTurn = 10
	// maxWritten is how many bytes the results of one map run may take that are
	// to be written elsewhere.
	maxWritten = 64 << 20
)

// mapRun is a distributed map that is running: an execution for each input.
type mapRun struct {
	parent  *Execution
	effect  asl.Effect
	request *asl.MapRunRequest

	// mu guards what is below; it is not held while executions are started.
	mu       sync.Mutex
	items    []any
	next     func() (asl.MapRunInput, error, bool)
	stop     func()
	waiting  *asl.MapRunInput // of an execution that there was no room for
	children []*Execution     // by input
	results  []string         // by input; no more than are of use
	size     int              // of the results, in bytes
	running  int
	failed   int  // items of executions that have failed
	drained  bool // there are no more inputs
	starting bool // somebody starts executions
	over     bool
}

func (e *Execution) mapRun(effect asl.Effect) {
	m := &mapRun{parent: e, effect: effect, request: effect.MapRun}
	if e.onEnd(effect.ID, m.abort) == nil {
		return
	}
	machine := strings.Replace(e.start.StateMachineArn, ":stateMachine:", ":mapRun:", 1)
	e.deliver(asl.Signal{Kind: asl.MapRunStarted, Effect: effect.ID, Output: machine + "/" + m.label() + ":" + m.id(-1)})
	reader := m.request.Reader
	switch {
	case reader == nil:
		m.begin(m.request.Items)
	case reader.MaxItems < 0:
		m.end(failure("States.ItemReaderFailed", "field MaxItems must be positive"))
	case e.config.Reader == nil:
		m.end(failure("States.ItemReaderFailed", "reading items with "+reader.Resource+" is not supported"))
	default:
		e.config.Reader(e.ctx, reader, func(items []any, err error) {
			if err != nil {
				m.end(failure("States.ItemReaderFailed", err.Error()))
				return
			}
			if n := reader.MaxItems; n > 0 && len(items) > n {
				items = items[:n]
			}
			m.begin(items)
		})
	}
}

// begin starts executions for the items.
func (m *mapRun) begin(items []any) {
	m.mu.Lock()
	begun := m.next != nil || m.over
	if !begun {
		m.items = items
		m.next, m.stop = iter.Pull2(m.request.Inputs(items))
	}
	m.mu.Unlock()
	if !begun {
		m.fillSoon()
	}
}

// fillSoon has executions started, but not now: the caller may hold up what
// would end the run.
func (m *mapRun) fillSoon() {
	clock := m.parent.config.Clock
	clock.At(clock.Now(), m.fill)
}

func failure(name, cause string) asl.Signal {
	return asl.Signal{Kind: asl.MapRunFailed, Error: &name, Cause: &cause}
}

func (m *mapRun) label() string {
	if m.request.Label != "" {
		return m.request.Label
	}
	return m.effect.State
}

// id makes the name of an execution, or with -1 of the run: random to everybody
// else, but always the same.
func (m *mapRun) id(index int) string {
	mac := hmac.New(sha256.New, m.parent.start.Seed[:])
	fmt.Fprintf(mac, "map run %s %d %d", m.parent.start.ExecutionArn, m.effect.ID, index)
	b := mac.Sum(nil)
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// fill starts executions until as many run as may, or have been started in one
// turn, and ends the run when all are done.
func (m *mapRun) fill() {
	m.mu.Lock()
	if m.starting {
		m.mu.Unlock()
		return
	}
	m.starting = true
	limit := maxChildren
	if n := m.request.MaxConcurrency; n > 0 && n < limit {
		limit = n
	}
	alone, started := false, 0
	for !m.over && !m.drained && m.running < limit && started < maxTurn {
		input, err, ok := m.input()
		switch {
		case !ok:
			m.drained = true
			continue
		case err != nil:
			m.starting = false
			m.mu.Unlock()
			name, cause, _ := strings.Cut(err.Error(), ": ")
			m.end(failure(name, cause))
			return
		}
		index := len(m.children)
		m.children = append(m.children, nil)
		m.results = append(m.results, "")
		m.running++
		m.mu.Unlock()
		err = m.startChild(index, input)
		m.mu.Lock()
		if full, ok := errors.AsType[*BudgetError](err); ok {
			// There may be room once another one is over.
			m.children, m.results = m.children[:index], m.results[:index]
			m.waiting = &input
			if m.running--; m.running > 0 {
				break
			}
			if !alone { // the last one may just have ended
				alone = true
				continue
			}
			m.starting = false
			m.mu.Unlock()
			m.end(failure("ExecutionLimitExceeded", full.Error()))
			return
		}
		alone = false
		started++
	}
	m.starting = false
	finished := m.drained && m.running == 0 && !m.over
	m.mu.Unlock()
	switch {
	case finished:
		m.succeed()
	case started == maxTurn:
		m.fillSoon()
	}
}

// input returns the next input; mu is held.
func (m *mapRun) input() (input asl.MapRunInput, err error, ok bool) {
	if waiting := m.waiting; waiting != nil {
		m.waiting = nil
		return *waiting, nil, true
	}
	defer m.parent.config.Budget.turn()()
	return m.next()
}

// startChild starts an execution. Its error is a *BudgetError.
func (m *mapRun) startChild(index int, input asl.MapRunInput) error {
	parent := m.parent.start
	name := m.id(index)
	start := *parent
	start.Input, start.Name, start.Express = input.Text, name, m.request.Express
	start.ExecutionArn = strings.Replace(parent.StateMachineArn, ":stateMachine:", ":execution:", 1) + "/" + m.label() + ":" + name
	start.Seed = sha256.Sum256(append(parent.Seed[:], start.ExecutionArn...))
	child, err := Start(m.parent.config, m.request.Processor, &start)
	if errors.As(err, new(*BudgetError)) {
		return err
	}
	if err != nil {
		m.finish(index, input.Items, nil)
		return nil
	}
	m.mu.Lock()
	m.children[index] = child
	over := m.over
	m.mu.Unlock()
	if over {
		child.Abort(nil, nil)
		return nil
	}
	child.whenDone(func() { m.finish(index, input.Items, child) })
	return nil
}

// whenDone calls f once the execution is over, and has given back what it took: at once
// if that is so already.
func (e *Execution) whenDone(f func()) {
	e.mu.Lock()
	select {
	case <-e.done: // which end closes under mu
		e.mu.Unlock()
		f()
	default:
		e.after = f
		e.mu.Unlock()
	}
}

// finish takes the result of an execution, of so many items; nil if it could not
// start.
func (m *mapRun) finish(index, items int, child *Execution) {
	result, failed := `{"Cause":"The execution could not be started.","Error":"States.Runtime","Status":"FAILED"}`, true
	if child != nil {
		output, name, cause := child.Result()
		if failed = child.Status() != asl.Succeeded; failed {
			status := string(child.Status())
			text, _ := json.Marshal(map[string]*string{"Error": name, "Cause": cause, "Status": &status})
			output = string(text)
		}
		result = output
	}
	m.mu.Lock()
	m.running--
	m.children[index] = nil
	// Of results that are too large together, enough are kept to show it.
	limit := payload.MaxSize
	if m.request.Writer != nil {
		limit = maxWritten
	}
	if m.size <= limit {
		m.results[index] = result
		m.size += len(result) + 1
	}
	unwritable := m.request.Writer != nil && m.size > limit
	if failed {
		m.failed += items
	}
	exceeded := !m.over && m.request.Exceeded(m.failed, len(m.items))
	m.mu.Unlock()
	switch {
	case exceeded:
		m.end(asl.ThresholdExceeded(m.effect.ID))
	case unwritable:
		m.end(failure("States.ResultWriterFailed", fmt.Sprintf("The results take more than %d bytes.", maxWritten)))
	default:
		m.fill()
	}
}

func (m *mapRun) succeed() {
	if writer := m.request.Writer; writer != nil {
		if m.parent.config.Writer == nil {
			m.end(failure("States.ResultWriterFailed", "writing results with "+writer.Resource+" is not supported"))
			return
		}
		m.parent.config.Writer(m.parent.ctx, writer, m.results, func(result string, err error) {
			if err != nil {
				m.end(failure("States.ResultWriterFailed", err.Error()))
				return
			}
			m.end(asl.Signal{Kind: asl.MapRunSucceeded, Output: result})
		})
		return
	}
	m.end(asl.Signal{Kind: asl.MapRunSucceeded, Output: "[" + strings.Join(m.results, ",") + "]"})
}

// end answers the effect and stops what still runs.
func (m *mapRun) end(s asl.Signal) {
	if m.abortChildren() {
		s.Effect = m.effect.ID
		m.parent.deliver(s)
	}
}

func (m *mapRun) abort() { m.abortChildren() }

// abortChildren reports whether the run was not over before.
func (m *mapRun) abortChildren() bool {
	m.mu.Lock()
	if m.over {
		m.mu.Unlock()
		return false
	}
	m.over = true
	var running []*Execution
	for _, child := range m.children {
		if child != nil {
			running = append(running, child)
		}
	}
	stop := m.stop
	m.mu.Unlock()
	if stop != nil {
		defer stop()
	}
	for _, child := range running {
		child.Abort(nil, nil)
	}
	return true
}
