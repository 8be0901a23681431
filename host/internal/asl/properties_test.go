package asl_test

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/asl/driver"
)

// whimsical does tasks at random: at once or later, well or badly, or, if they
// time out, not at all.
type whimsical struct {
	*rand.Rand
	clock *driver.Fake
}

func (w whimsical) Do(_ context.Context, task asl.Effect, answer func(asl.Signal)) {
	later := func(s asl.Signal) {
		w.clock.At(w.clock.Now().Add(time.Duration(w.IntN(4))*time.Second), func() { answer(s) })
	}
	name, cause := []string{"E1", "E2", "States.Permissions"}[w.IntN(3)], "a whim"
	switch w.IntN(8) {
	case 0:
		answer(asl.Signal{Kind: asl.TaskRefused})
	case 1, 2:
		answer(asl.Signal{Kind: asl.TaskAccepted})
	case 3, 4, 5:
		answer(asl.Signal{Kind: asl.TaskStarted})
	}
	if w.IntN(3) == 0 {
		answer(asl.Signal{Kind: asl.TaskSubmitted, Output: "{}"})
	}
	switch whim := w.IntN(6); {
	case whim == 0 && task.Timeout > 0:
	case whim == 1:
		later(asl.Signal{Kind: asl.TaskFailed, Error: &name, Cause: &cause})
	case whim == 2:
		later(asl.Signal{Kind: asl.TaskFailed})
	case whim == 3:
		answer(asl.Signal{Kind: asl.TaskSucceeded, Output: `[1,2]`})
		answer(asl.Signal{Kind: asl.TaskSucceeded, Output: `"twice"`})
	case whim == 4:
		later(asl.Signal{Kind: asl.TaskSucceeded, Output: `no JSON`})
	default:
		later(asl.Signal{Kind: asl.TaskSucceeded, Output: task.Input})
	}
}

func seeded(seed uint64) (*rand.Rand, [32]byte) {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], seed)
	sum := sha256.Sum256(b[:])
	return rand.New(rand.NewChaCha8(sum)), sum
}

const randomInput = `{"n":1,"items":[1,"two",{"three":3}]}`

// runRandom runs a definition with whims until it is over.
func runRandom(definition *asl.Definition, seed uint64, maxEvents int) (*driver.Execution, error) {
	source, sum := seeded(seed)
	clock := driver.NewFake(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	execution, err := driver.Start(driver.Config{Worker: whimsical{source, clock}, Clock: clock}, definition, &asl.Start{
		Input: randomInput, Name: "e", RoleArn: role, StateMachineName: "m", StateMachineArn: "arn:aws:states:us-east-1:000000000000:stateMachine:m",
		ExecutionArn: "arn:aws:states:us-east-1:000000000000:execution:m:e", Seed: sum, MaxEvents: maxEvents,
	})
	if err != nil {
		return nil, err
	}
	for steps := 0; execution.Status() == asl.Running; steps++ {
		if steps > 100*maxEvents {
			return nil, fmt.Errorf("no end after %d timers", steps)
		}
		if !clock.Advance() {
			return nil, fmt.Errorf("deadlock after %v", last(execution.History()))
		}
	}
	return execution, nil
}

// checkHistory checks what holds of every history that is over.
func checkHistory(history []asl.Event, maxEvents int) error {
	if len(history) > maxEvents {
		return fmt.Errorf("%d events, at most %d are allowed", len(history), maxEvents)
	}
	depth := map[string]int{}
	for i, e := range history {
		if e.ID != int64(i+1) || e.PreviousID >= e.ID || e.PreviousID < 0 {
			return fmt.Errorf("event %d follows %d and is number %d", e.ID, e.PreviousID, i+1)
		}
		kind := string(e.Type)
		over := strings.HasPrefix(kind, "Execution") && kind != "ExecutionStarted"
		if over != (i == len(history)-1) {
			return fmt.Errorf("event %d of %d is %s", e.ID, len(history), kind)
		}
		if state, ok := strings.CutSuffix(kind, "StateEntered"); ok {
			depth[state]++
		}
		if state, ok := strings.CutSuffix(kind, "StateExited"); ok {
			if depth[state]--; depth[state] < 0 {
				return fmt.Errorf("event %d leaves a state that was not entered", e.ID)
			}
		}
	}
	if end := history[len(history)-1]; end.Cause != nil && strings.Contains(*end.Cause, "The interpreter failed") {
		return errors.New(*end.Cause)
	}
	if history[0].Type != "ExecutionStarted" {
		return fmt.Errorf("the first event is %s", history[0].Type)
	}
	return nil
}

// checkReplay replays prefixes of a history: each gives the same events, and
// what a prefix lacks comes out as missing; doing it again changes nothing.
func checkReplay(definition *asl.Definition, history []asl.Event, stride int) error {
	if err := checkSignals(definition, history); err != nil {
		return err
	}
	for n := 0; n <= len(history); n += stride {
		run, missing, err := asl.Resume(definition, history[:n])
		if err != nil {
			return fmt.Errorf("prefix of %d: %w", n, err)
		}
		whole := append(history[:n:n], missing...)
		if len(whole) > len(history) || !sameEvents(whole, history[:len(whole)]) {
			return fmt.Errorf("prefix of %d: the missing events differ", n)
		}
		if len(whole) < len(history) && len(history[len(whole)].Signals) == 0 {
			return fmt.Errorf("prefix of %d: event %d is missing", n, history[len(whole)].ID)
		}
		again, missing, err := asl.Resume(definition, whole)
		if err != nil || len(missing) > 0 {
			return fmt.Errorf("prefix of %d, completed: %d events missing, %v", n, len(missing), err)
		}
		if held := run.Held(); held < 0 || held != again.Held() || (run.Status() == asl.Running) != (held > 0) && n > 0 {
			return fmt.Errorf("prefix of %d: %s, but holds %d bytes", n, run.Status(), held)
		}
		if !reflect.DeepEqual(plain(run.Effects()), plain(again.Effects())) || run.Status() != again.Status() {
			return fmt.Errorf("prefix of %d: other effects when replayed again", n)
		}
		// What was answered before is answered for good.
		if n > 0 {
			if _, err := run.Apply(history[0].Signals[0]); err == nil {
				return fmt.Errorf("prefix of %d: a second Begin is accepted", n)
			}
		}
	}
	return nil
}

// checkSignals replays the signals of a history after they have been written
// as JSON and read again, as a driver does that keeps them.
func checkSignals(definition *asl.Definition, history []asl.Event) error {
	var signals []asl.Signal
	for _, e := range history {
		signals = append(signals, e.Signals...)
	}
	text, err := json.Marshal(signals)
	if err != nil {
		return err
	}
	signals = nil
	if err := json.Unmarshal(text, &signals); err != nil {
		return err
	}
	_, again, err := asl.Replay(definition, signals)
	if err != nil || len(again) != len(history) || !sameEvents(history, again) {
		return fmt.Errorf("the signals lead to %d events, not %d, when replayed: %v", len(again), len(history), err)
	}
	return nil
}

// plain are effects without what cannot be compared.
func plain(effects []asl.Effect) []asl.Effect {
	for i := range effects {
		effects[i].MapRun = nil
	}
	return effects
}

func sameEvents(a, b []asl.Event) bool {
	for i := range a {
		x, y := a[i], b[i]
		x.Signals, y.Signals = nil, nil
		if !reflect.DeepEqual(x, y) {
			return false
		}
	}
	return true
}

func TestRandomMachines(t *testing.T) {
	seeds := uint64(10_000)
	if testing.Short() {
		seeds = 500
	}
	const maxEvents = 200
	ends := map[asl.Status]int{}
	for seed := range seeds {
		source, _ := seeded(seed)
		text := (&machineMaker{Rand: source}).machine()
		definition, err := asl.Parse(text, asl.Options{})
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, text)
		}
		execution, err := runRandom(definition, seed, maxEvents)
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, text)
		}
		history := execution.History()
		if err := checkHistory(history, maxEvents); err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, text)
		}
		ends[execution.Status()]++
		// Replaying everything always would take most of the time.
		stride := len(history)
		switch {
		case seed%100 == 0:
			stride = 1
		case seed%4 == 0:
			stride = max(1, len(history)/4)
		}
		if err := checkReplay(definition, history, stride); err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, text)
		}
	}
	t.Logf("%v", ends)
	for _, status := range []asl.Status{asl.Succeeded, asl.Failed, asl.TimedOut} {
		if ends[status] == 0 {
			t.Errorf("no machine ended %s: the machines are not random enough", status)
		}
	}
}

func TestRecordedHistoriesReplay(t *testing.T) {
	for _, class := range []string{"exec-pure", "exec-lambda"} {
		for _, c := range runnable(loadCases(t, class)) {
			s := newScenario()
			for _, step := range c.Steps {
				switch step["op"] {
				case "CreateStateMachine":
					if err := s.create(step); err != nil {
						t.Fatalf("%s: %v", c.ID, err)
					}
				case "StartExecution", "StartSyncExecution":
					execution, _, err := s.run(step)
					if err != nil {
						t.Fatalf("%s: %v", c.ID, err)
					}
					history := execution.History()
					if err := checkReplay(s.definition, history, max(1, len(history)/8)); err != nil {
						t.Errorf("%s: %v", c.ID, err)
					}
				}
			}
		}
	}
}

func FuzzDefinition(f *testing.F) {
	for seed := range uint64(20) {
		source, _ := seeded(seed)
		f.Add((&machineMaker{Rand: source}).machine(), seed)
	}
	f.Add(`{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"A"},"B":{"Type":"Succeed"}}}`, uint64(1))
	f.Add(`{"StartAt":"A","QueryLanguage":"JSONata","States":{"A":{"Type":"Map","Items":"{% [1..3] %}","ItemProcessor":{"StartAt":"B","States":{"B":{"Type":"Fail"}}},"End":true}}}`, uint64(1))
	for _, class := range []string{"lint", "exec-pure", "exec-s3"} {
		for _, c := range loadCases(f, class) {
			for _, step := range c.Steps {
				if definition, ok := params(step)["definition"]; ok {
					f.Add(wire(definition), uint64(len(c.ID)))
				}
			}
		}
	}
	f.Fuzz(func(t *testing.T, text string, seed uint64) {
		report := asl.Validate(text, asl.Options{Warnings: true})
		definition, err := asl.Parse(text, asl.Options{})
		if report.Valid != (err == nil) {
			t.Fatalf("valid is %v, but parsing gives %v", report.Valid, err)
		}
		if err != nil {
			return
		}
		const maxEvents = 100
		execution, err := runRandom(definition, seed, maxEvents)
		if err != nil {
			t.Fatal(err)
		}
		if err := checkHistory(execution.History(), maxEvents); err != nil {
			t.Fatal(err)
		}
		if err := checkReplay(definition, execution.History(), 10); err != nil {
			t.Fatal(err)
		}
		result, failure := `[1]`, "E"
		definition.Walk(func(branch *asl.Branch) {
			for _, name := range branch.Names {
				for _, mock := range []*asl.Mock{nil, {Result: &result}, {Error: &failure}} {
					tested, err := asl.TestState(asl.TestRequest{Definition: text, StateName: name, Input: randomInput, RoleArn: role, Mock: mock, Now: time.Unix(0, 0)})
					if err == nil && tested.Status == "" {
						t.Fatalf("testing %q comes to nothing", name)
					}
				}
			}
		})
	})
}
