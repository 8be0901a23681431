package driver

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/asl"
)

// answers is a Worker that keeps what its tasks are answered with.
type answers chan func(asl.Signal)

func (w answers) Do(_ context.Context, _ asl.Effect, answer func(asl.Signal)) { w <- answer }

// TestHeartbeatsAtTheEnd gives heartbeats while the task ends: no timer stays.
func TestHeartbeatsAtTheEnd(t *testing.T) {
	definition, err := asl.Parse(`{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:eu-west-1:1:activity:a","HeartbeatSeconds":10,"End":true}}}`, asl.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		clock, tasks := NewFake(time.Unix(0, 0)), make(answers, 1)
		e, err := Start(Config{Clock: clock, Worker: tasks}, definition, &asl.Start{Input: "{}"})
		if err != nil {
			t.Fatal(err)
		}
		answer := <-tasks
		var beating sync.WaitGroup
		for range 4 {
			beating.Go(func() {
				for range 10 {
					answer(asl.Signal{Kind: asl.TaskHeartbeat})
				}
			})
		}
		answer(asl.Signal{Kind: asl.TaskSucceeded, Output: "1"})
		beating.Wait()
		if <-e.Done(); clock.Advance() || e.Status() != asl.Succeeded {
			t.Fatalf("it is %s, or a timer is left", e.Status())
		}
	}
}
