package driver_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/asl/driver"
)

var midnight = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func parse(t *testing.T, text string) *asl.Definition {
	t.Helper()
	definition, err := asl.Parse(text, asl.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return definition
}

func start(input string) *asl.Start {
	return &asl.Start{Input: input, Name: "e", StateMachineArn: "arn:aws:states:eu-west-1:1:stateMachine:m", ExecutionArn: "arn:aws:states:eu-west-1:1:execution:m:e"}
}

// workerFunc is a function as a Worker.
type workerFunc func(ctx context.Context, task asl.Effect, answer func(asl.Signal))

func (f workerFunc) Do(ctx context.Context, task asl.Effect, answer func(asl.Signal)) {
	f(ctx, task, answer)
}

// finish advances the clock until the execution is over.
func finish(t *testing.T, clock *driver.Fake, e *driver.Execution) {
	t.Helper()
	for e.Status() == asl.Running {
		if !clock.Advance() {
			t.Fatal("the execution waits for nothing")
		}
	}
	<-e.Done()
}

func outcome(e *driver.Execution) string {
	output, name, cause := e.Result()
	text := string(e.Status())
	if e.Status() == asl.Succeeded {
		text += " " + output
	}
	for _, s := range []*string{name, cause} {
		if s != nil {
			text += " " + *s
		}
	}
	return text
}

const waitForToken = `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","HeartbeatSeconds":10,"Parameters":{"t.$":"$$.Task.Token"},"End":true}}}`

// tokens is a Worker that keeps the tokens of tasks.
type tokens struct{ seen []string }

func (w *tokens) Do(_ context.Context, task asl.Effect, answer func(asl.Signal)) {
	w.seen = append(w.seen, task.Token)
	answer(asl.Signal{Kind: asl.TaskStarted})
	answer(asl.Signal{Kind: asl.TaskSubmitted, Output: "{}"})
}

func TestHeartbeats(t *testing.T) {
	clock, worker := driver.NewFake(midnight), &tokens{}
	e, err := driver.Start(driver.Config{Clock: clock, Worker: worker}, parse(t, waitForToken), start("{}"))
	if err != nil {
		t.Fatal(err)
	}
	if e.Heartbeat("bm9uZQ==") || e.Answer("bm9uZQ==", asl.Signal{Kind: asl.TaskSucceeded, Output: "1"}) {
		t.Error("a token that is none of ours is accepted")
	}
	// Each heartbeat gives ten seconds more.
	for i := range 3 {
		clock.At(midnight.Add(time.Duration(8*(i+1))*time.Second), func() {
			if !e.Heartbeat(worker.seen[0]) {
				t.Error("a heartbeat comes too late")
			}
		})
	}
	finish(t, clock, e)
	if got := outcome(e); got != "FAILED States.Timeout" {
		t.Errorf("got %s", got)
	}
	if waited := clock.Now().Sub(midnight); waited != 34*time.Second {
		t.Errorf("the task timed out after %v, want 34 s", waited)
	}
	if e.Heartbeat(worker.seen[0]) {
		t.Error("a heartbeat for a task that is over is accepted")
	}
}

func TestAnswerByToken(t *testing.T) {
	clock, worker := driver.NewFake(midnight), &tokens{}
	e, err := driver.Start(driver.Config{Clock: clock, Worker: worker}, parse(t, waitForToken), start("{}"))
	if err != nil {
		t.Fatal(err)
	}
	if !e.Answer(worker.seen[0], asl.Signal{Kind: asl.TaskSucceeded, Output: `"thanks"`}) {
		t.Error("the answer is refused")
	}
	if got := outcome(e); got != `SUCCEEDED "thanks"` {
		t.Errorf("got %s", got)
	}
	if e.Answer(worker.seen[0], asl.Signal{Kind: asl.TaskSucceeded, Output: `"again"`}) {
		t.Error("a second answer is accepted")
	}
	if clock.Advance() {
		t.Error("a timer is left")
	}
}

func TestAbort(t *testing.T) {
	clock := driver.NewFake(midnight)
	var ended context.Context
	worker := workerFunc(func(ctx context.Context, _ asl.Effect, _ func(asl.Signal)) { ended = ctx })
	e, err := driver.Start(driver.Config{Clock: clock, Worker: worker}, parse(t, `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:eu-west-1:1:function:f","End":true}}}`), start("{}"))
	if err != nil {
		t.Fatal(err)
	}
	name, cause := "Stopped", "by hand"
	e.Abort(&name, &cause)
	<-e.Done()
	if got := outcome(e); got != "ABORTED Stopped by hand" {
		t.Errorf("got %s", got)
	}
	if ended.Err() == nil {
		t.Error("the task goes on")
	}
}

func TestTasksOfManyGoroutines(t *testing.T) {
	var running sync.WaitGroup
	worker := workerFunc(func(_ context.Context, task asl.Effect, answer func(asl.Signal)) {
		running.Add(1)
		go func() {
			defer running.Done()
			answer(asl.Signal{Kind: asl.TaskStarted})
			answer(asl.Signal{Kind: asl.TaskSucceeded, Output: task.Input})
		}()
	})
	e, err := driver.Start(driver.Config{Worker: worker}, parse(t, `{"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:eu-west-1:1:function:f","End":true}}},"End":true}}}`),
		start("["+strings.TrimSuffix(strings.Repeat("1,", 200), ",")+"]"))
	if err != nil {
		t.Fatal(err)
	}
	<-e.Done()
	running.Wait()
	if e.Status() != asl.Succeeded {
		t.Errorf("got %s", outcome(e))
	}
}

func distributed(fields string) string {
	return `{"StartAt":"M","States":{"M":{"Type":"Map",` + fields + `"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"T",
		"States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:eu-west-1:1:function:f","TimeoutSeconds":60,"End":true}}},"End":true}}}`
}

// counting does tasks a second after they were asked for and counts how many
// there are at once. One whose input has the text "fail" fails.
type counting struct {
	clock     *driver.Fake
	now, most int
	inputs    []string
}

func (w *counting) Do(_ context.Context, task asl.Effect, answer func(asl.Signal)) {
	w.now++
	w.most = max(w.most, w.now)
	w.inputs = append(w.inputs, task.Input)
	w.clock.At(w.clock.Now().Add(time.Second), func() {
		w.now--
		if strings.Contains(task.Input, `"fail"`) {
			name := "Failure"
			answer(asl.Signal{Kind: asl.TaskFailed, Error: &name})
			return
		}
		answer(asl.Signal{Kind: asl.TaskSucceeded, Output: task.Input})
	})
}

func TestMapRuns(t *testing.T) {
	for _, test := range []struct{ name, fields, input, want string }{
		{"all", ``, `[1,2,3,4,5]`, `SUCCEEDED [1,2,3,4,5]`},
		{"none", ``, `[]`, `SUCCEEDED []`},
		{"concurrency", `"MaxConcurrency":2,`, `[1,2,3,4,5]`, `SUCCEEDED [1,2,3,4,5]`},
		{"selector", `"ItemSelector":{"v.$":"$$.Map.Item.Value","i.$":"$$.Map.Item.Index"},`, `["a"]`, `SUCCEEDED [{"v":"a","i":0}]`},
		{"object", ``, `{"b":1,"a":{"x":2}}`, `SUCCEEDED [{"Key":"b","Value":1},{"Key":"a","Value":{"x":2}}]`},
		{"empty object", ``, `{}`, `SUCCEEDED []`},
		{"nested object", `"ItemsPath":"$.of","ItemSelector":{"k.$":"$$.Map.Item.Key","v.$":"$$.Map.Item.Value","i.$":"$$.Map.Item.Index"},`, `{"of":{"b":1,"a":2}}`,
			`SUCCEEDED [{"k":"b","v":1,"i":0},{"k":"a","v":2,"i":1}]`},
		{"object by an expression", `"QueryLanguage":"JSONata","Items":"{% $states.input.of %}","ItemSelector":"{% $states.context.Map.Item.(Key & Value) %}",`, `{"of":{"b":1,"a":2}}`,
			`SUCCEEDED ["b1","a2"]`},
		{"object in batches", `"ItemBatcher":{"MaxItemsPerBatch":2},`, `{"a":1,"b":2,"c":3}`,
			`SUCCEEDED [{"Items":[{"Key":"a","Value":1},{"Key":"b","Value":2}]},{"Items":[{"Key":"c","Value":3}]}]`},
		{"no key of an array", `"ItemSelector":{"k.$":"$$.Map.Item.Key"},`, `[1]`, ``},
		{"batches", `"ItemBatcher":{"MaxItemsPerBatch":2,"BatchInput":{"k":1}},`, `[1,2,3]`, `SUCCEEDED [{"BatchInput":{"k":1},"Items":[1,2]},{"BatchInput":{"k":1},"Items":[3]}]`},
		{"small batches", `"ItemBatcher":{"MaxInputBytesPerBatch":12},`, `["aaaa","bbbb","c"]`, `SUCCEEDED [{"Items":["aaaa"]},{"Items":["bbbb","c"]}]`},
		{"one failure", ``, `[1,"fail",3]`, `FAILED States.ExceedToleratedFailureThreshold The specified tolerated failure threshold was exceeded`},
		{"tolerated", `"ToleratedFailureCount":1,`, `[1,"fail"]`, `SUCCEEDED [1,{"Cause":null,"Error":"Failure","Status":"FAILED"}]`},
		{"not tolerated", `"ToleratedFailurePercentage":30,`, `[1,"fail","fail"]`, `FAILED States.ExceedToleratedFailureThreshold The specified tolerated failure threshold was exceeded`},
		// All items of a batch fail with it.
		{"batch not tolerated", `"ItemBatcher":{"MaxItemsPerBatch":2},"ToleratedFailureCount":1,`, `[1,"fail",3]`, `FAILED States.ExceedToleratedFailureThreshold The specified tolerated failure threshold was exceeded`},
		{"batch tolerated", `"ItemBatcher":{"MaxItemsPerBatch":2},"ToleratedFailurePercentage":70,`, `[1,"fail",3]`, `SUCCEEDED [{"Cause":null,"Error":"Failure","Status":"FAILED"},{"Items":[3]}]`},
		{"bad selector", `"ItemSelector":{"v.$":"$$.Map.Item.Value.x"},`, `[{"x":1},2]`, ``},
		{"no reader", `"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{}},`, `{}`, `FAILED States.ItemReaderFailed reading items with arn:aws:states:::s3:getObject is not supported`},
		{"no writer", `"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{}},`, `[1]`, `FAILED States.ResultWriterFailed writing results with arn:aws:states:::s3:putObject is not supported`},
	} {
		t.Run(test.name, func(t *testing.T) {
			clock := driver.NewFake(midnight)
			worker := &counting{clock: clock}
			e, err := driver.Start(driver.Config{Clock: clock, Worker: worker}, parse(t, distributed(test.fields)), start(test.input))
			if err != nil {
				t.Fatal(err)
			}
			finish(t, clock, e)
			got := outcome(e)
			if test.want == "" {
				if !strings.HasPrefix(got, "FAILED States.Runtime") {
					t.Errorf("got %s", got)
				}
				return
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			if strings.Contains(test.fields, `"MaxConcurrency":2`) && worker.most != 2 {
				t.Errorf("%d executions at once, want 2", worker.most)
			}
		})
	}
}

func TestReaderAndWriter(t *testing.T) {
	clock := driver.NewFake(midnight)
	config := driver.Config{Clock: clock, Worker: &counting{clock: clock},
		Reader: func(_ context.Context, reader *asl.ItemReader, answer func([]any, error)) {
			if reader.Arguments != `{"Bucket":"b"}` || reader.Config["InputType"] != "JSON" {
				answer(nil, fmt.Errorf("asked for %+v", reader))
				return
			}
			// It takes a while, and is answered twice.
			clock.At(midnight.Add(time.Minute), func() { answer([]any{1.0, 2.0, 3.0}, nil) })
			clock.At(midnight.Add(time.Minute), func() { answer(nil, nil) })
		},
		Writer: func(_ context.Context, writer *asl.ResultWriter, results []string, answer func(string, error)) {
			if strings.Join(results, " ") != "1 2" || writer.Arguments != `{"Bucket":"out"}` {
				answer("", errors.New("asked to write "+strings.Join(results, " ")))
				return
			}
			answer(`{"written":2}`, nil)
		},
	}
	e, err := driver.Start(config, parse(t, distributed(`"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket.$":"$.b"},"ReaderConfig":{"InputType":"JSON","MaxItems":2}},
		"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"out"}},`)), start(`{"b":"b"}`))
	if err != nil {
		t.Fatal(err)
	}
	finish(t, clock, e)
	if got := outcome(e); got != `SUCCEEDED {"written":2}` {
		t.Errorf("got %s", got)
	}
}

func TestAbortedMapRun(t *testing.T) {
	clock := driver.NewFake(midnight)
	worker := &counting{clock: clock}
	e, err := driver.Start(driver.Config{Clock: clock, Worker: worker}, parse(t, distributed("")), start(`[1,2,3]`))
	if err != nil {
		t.Fatal(err)
	}
	clock.Advance() // to where the executions are started
	e.Abort(nil, nil)
	<-e.Done()
	for clock.Advance() {
	}
	if got := outcome(e); got != "ABORTED" || len(worker.inputs) != 3 {
		t.Errorf("got %s after %d tasks", got, len(worker.inputs))
	}
}

func TestHistoriesTakeBoundedMemory(t *testing.T) {
	clock := driver.NewFake(midnight)
	e, err := driver.Start(driver.Config{Clock: clock, MaxHistory: 1 << 20}, parse(t, `{"StartAt":"A","States":{
		"A":{"Type":"Pass","Parameters":{"s.$":"$.s","n.$":"States.MathRandom(0, 9999)"},"Next":"B"},"B":{"Type":"Choice","Choices":[{"Variable":"$.end","IsPresent":true,"Next":"C"}],"Default":"A"},"C":{"Type":"Succeed"}}}`),
		start(`{"s":"`+strings.Repeat("x", 100_000)+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	finish(t, clock, e)
	if got := outcome(e); !strings.HasPrefix(got, "FAILED States.Runtime The history of the execution takes more than") {
		t.Errorf("got %.200s", got)
	}
}
