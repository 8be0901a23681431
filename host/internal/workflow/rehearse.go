package workflow

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	cryptorand "crypto/rand"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/asl/driver"
	"github.com/lambent-dev/lambent/host/internal/asl/payload"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
)

// Rehearsal is an execution of a state machine that is kept nowhere.
type Rehearsal struct {
	Definition, Input string
	Express           bool
	// Mocks are what tasks come to, by the names of their states: one for each
	// time that the state does its task, the last for all that follow.
	Mocks map[string][]asl.Mock
	// Functions does the tasks of functions that have no mock; nil: they fail.
	Functions Functions
	// Account and Region are those of Functions.
	Account, Region string
	// Jump has time jump from timer to timer instead of passing; it begins at
	// At. Functions are then called one after another.
	Jump bool
	At   time.Time
	// Event gets the events of the history as they come, from one goroutine.
	Event func(asl.Event)
}

// rehearsal does the tasks of a Rehearsal.
type rehearsal struct {
	*Rehearsal
	*Service // for its functions

	mocking sync.Mutex // guards used
	used    map[string]int
}

// Rehearse runs an execution to its end; if ctx ends first, it is aborted.
// Errors: InvalidDefinition, InvalidExecutionInput, Validation (a mock of what is
// no task).
func Rehearse(ctx context.Context, r Rehearsal) (Execution, error) {
	definition, err := parse(r.Definition, r.Express)
	if err != nil {
		return Execution{}, err
	}
	if err := r.check(definition); err != nil {
		return Execution{}, err
	}
	config := Config{Functions: r.Functions, Account: r.Account, Region: r.Region}
	config.complete()
	s := &Service{config: config, tasks: make(chan struct{}, config.Tasks)}
	w := &rehearsal{Rehearsal: &r, Service: s, used: map[string]int{}}
	const name = "rehearsal"
	start := &asl.Start{Input: r.Input, Name: name, RoleArn: "arn:aws:iam::" + config.Account + ":role/" + name, StateMachineArn: s.arn("stateMachine:" + name),
		StateMachineName: name, ExecutionArn: s.arn("execution:" + name + ":" + name), Express: r.Express}
	if _, err := cryptorand.Read(start.Seed[:]); err != nil {
		return Execution{}, err
	}
	var clock driver.Clock = driver.Real{}
	var jumping *driver.Fake
	if r.Jump {
		jumping = driver.NewFake(r.At)
		clock = jumping
	}
	began := clock.Now()
	run, err := driver.Start(driver.Config{Worker: w, Clock: clock, MaxHistory: maxHistory}, definition, start)
	if err != nil {
		return Execution{}, fault.New(InvalidExecutionInput, "Invalid State Machine Execution Input: '%v'", err)
	}
	e := &execution{arn: start.ExecutionArn, name: name, machine: Machine{ARN: start.StateMachineArn, Express: r.Express}, input: r.Input, started: began, run: run}
	follow(ctx, run, jumping, r.Event)
	return e.describe(), nil
}

// check refuses an input that is no JSON, and mocks of what is no task: they
// would never be used, and the functions meant to be mocked would be called.
func (r *Rehearsal) check(definition *asl.Definition) error {
	if _, err := payload.Parse(r.Input); err != nil {
		return fault.New(InvalidExecutionInput, "Invalid State Machine Execution Input: '%s'", asl.ExplainJSON(r.Input, err))
	}
	var tasks []string
	definition.Walk(func(b *asl.Branch) {
		for _, name := range b.Names {
			if b.States[name].Type == asl.TypeTask {
				tasks = append(tasks, name)
			}
		}
	})
	slices.Sort(tasks)
	for _, name := range slices.Sorted(maps.Keys(r.Mocks)) {
		if _, there := slices.BinarySearch(tasks, name); !there {
			return fault.New(fault.Validation, "There is a mock of %q, which is no Task state of the machine; its Task states are %q.", name, tasks)
		}
	}
	return nil
}

// follow tells of events until an execution is over.
func follow(ctx context.Context, run *driver.Execution, clock *driver.Fake, tell func(asl.Event)) {
	told := 0
	news := func() {
		history := run.History()
		for ; told < len(history) && tell != nil; told++ {
			tell(history[told])
		}
	}
	defer news()
	if clock != nil {
		for run.Status() == asl.Running && ctx.Err() == nil && clock.Advance() {
			news()
		}
		if run.Status() == asl.Running { // it waits for what never comes
			run.Abort(nil, nil)
		}
		<-run.Done()
		return
	}
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case <-run.Done():
			return
		case <-ctx.Done():
			run.Abort(nil, nil)
			<-run.Done()
			return
		case <-look.C:
			news()
		}
	}
}

// mock returns what a task comes to, if it has a mock.
func (w *rehearsal) mock(state string) (asl.Mock, bool) {
	all := w.Mocks[state]
	if len(all) == 0 {
		return asl.Mock{}, false
	}
	w.mocking.Lock()
	defer w.mocking.Unlock()
	n := min(w.used[state], len(all)-1)
	w.used[state]++
	return all[n], true
}

// Do does a task; see driver.Worker.
func (w *rehearsal) Do(ctx context.Context, task asl.Effect, answer func(asl.Signal)) {
	a := answerer(answer)
	if m, ok := w.mock(task.State); ok {
		a.started()
		if m.Result == nil {
			a(asl.Signal{Kind: asl.TaskFailed, Error: m.Error, Cause: m.Cause})
			return
		}
		if strings.Contains(task.Resource, ".sync") || strings.HasSuffix(task.Resource, ".waitForTaskToken") {
			a.submitted("{}")
		}
		a.succeeded(*m.Result)
		return
	}
	var do func(context.Context, asl.Effect, answerer)
	switch {
	case w.Rehearsal.Functions == nil:
	case strings.HasPrefix(task.Resource, "arn:aws:lambda:"):
		do = w.callFunction
	case task.Resource == "arn:aws:states:::lambda:invoke":
		do = w.invokeFunction
	}
	a.started()
	switch {
	case do == nil:
		a.failed("States.Runtime", "The state "+task.State+" has no mock, and there is nothing here that does "+task.Resource+".")
	case w.Jump:
		do(ctx, task, a)
	default:
		go do(ctx, task, a)
	}
}

// FunctionsFunc is a function as Functions: it is given a name and an event, and
// returns a payload, and whether that is the error of a function that failed.
type FunctionsFunc func(ctx context.Context, name string, event []byte) (payload []byte, failed bool, err error)

// ARN names a function by its name alone.
func (FunctionsFunc) ARN(ref function.Ref) string { return ref.Name }

// Invoke calls the function.
func (f FunctionsFunc) Invoke(ctx context.Context, in function.InvokeInput) (function.InvokeOutput, error) {
	payload, failed, err := f(ctx, in.Ref.Name, in.Event)
	return function.InvokeOutput{Payload: payload, Failed: failed, Version: function.Latest}, err
}
