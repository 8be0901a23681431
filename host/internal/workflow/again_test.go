package workflow

import (
	"testing"
	"testing/synctest"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/store"
)

// TestNameOfWhatDidNotBegin starts an execution under the name of another, for which
// there turns out to be no room: it was said to be there already, and many take that
// for success.
func TestNameOfWhatDidNotBegin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := New(Config{Store: struct{ store.Store }{}, Functions: struct{ Functions }{}, Ephemeral: true})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		m := Machine{Name: "m", ARN: s.arn("stateMachine:m"), Definition: `{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}`}
		first := &execution{arn: s.arn("execution:m:e"), name: "e", machine: m, begun: make(chan struct{})}
		if there, err := s.executions.admit(first); there != nil || err != nil {
			t.Fatal(there, err)
		}
		go func() {
			e, err := s.begin(m, StartInput{Name: "e"})
			if err != nil {
				t.Error(err)
				return
			}
			if <-e.run.Done(); e.run.Status() != asl.Succeeded {
				t.Errorf("it is %s", e.run.Status())
			}
		}()
		synctest.Wait() // until it waits for the first
		s.executions.release(first, false)
		close(first.begun)
		synctest.Wait()
	})
}
