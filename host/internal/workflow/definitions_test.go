package workflow

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/asl/driver"
	"github.com/lambent-dev/lambent/host/internal/fault"
)

func machineNamed(name string) string {
	return `{"StartAt":"` + name + `","States":{"` + name + `":{"Type":"Succeed"}}}`
}

// TestDefinitionsAreParsedOnce: a definition was parsed for each execution, and
// each kept what it came to.
func TestDefinitionsAreParsedOnce(t *testing.T) {
	budget := driver.NewBudget(1, 1<<20)
	d := newDefinitions(budget, 1<<20)
	first, err := d.use(machineNamed("a"), false)
	if err != nil {
		t.Fatal(err)
	}
	second, err := d.use(machineNamed("a"), false)
	if err != nil || second != first {
		t.Fatalf("got another definition, error %v", err)
	}
	if express, err := d.use(machineNamed("a"), true); err != nil || express == first {
		t.Errorf("got the definition of another type, error %v", err)
	} else {
		d.release(express)
	}
	if _, bytes := budget.Used(); bytes != first.weight() {
		t.Errorf("%d bytes are taken, want %d", bytes, first.weight())
	}
	d.release(first)
	d.release(second)
	if _, bytes := budget.Used(); bytes != 0 {
		t.Errorf("%d bytes are taken by nobody", bytes)
	}
	if again, err := d.use(machineNamed("a"), false); err != nil || again != first {
		t.Errorf("a definition that was used last is parsed again, error %v", err)
	}
}

func TestIdleDefinitionsAreFew(t *testing.T) {
	d := newDefinitions(driver.NewBudget(1, 1<<30), 20_000)
	for i := range 100 {
		used, err := d.use(machineNamed(fmt.Sprint("state", i)), false)
		if err != nil {
			t.Fatal(err)
		}
		d.release(used)
		if d.size > 20_000 || len(d.parsed) != d.unused.Len() {
			t.Fatalf("%d definitions of %d bytes, %d of them unused", len(d.parsed), d.size, d.unused.Len())
		}
	}
	if len(d.parsed) == 0 {
		t.Error("none is kept")
	}
}

func TestDefinitionsWithoutRoom(t *testing.T) {
	budget := driver.NewBudget(1, 100)
	d := newDefinitions(budget, 1<<20)
	_, err := d.use(machineNamed("a"), false)
	if f, ok := errors.AsType[*fault.Error](err); !ok || f.Code != ExecutionLimitExceeded {
		t.Errorf("got %v, want %s", err, ExecutionLimitExceeded)
	}
	if _, bytes := budget.Used(); bytes != 0 || len(d.parsed) != 0 {
		t.Errorf("%d bytes are taken by %d definitions", bytes, len(d.parsed))
	}
	if _, err := d.use("{}", false); err == nil {
		t.Error("an invalid definition can be used")
	}
}

func TestDefinitionsOfManyGoroutines(t *testing.T) {
	budget := driver.NewBudget(1, 1<<30)
	d := newDefinitions(budget, 4_000)
	var work sync.WaitGroup
	for i := range 8 {
		work.Go(func() {
			for j := range 200 {
				used, err := d.use(machineNamed(fmt.Sprint("s", (i+j)%5)), false)
				if err != nil {
					t.Error(err)
					return
				}
				d.release(used)
			}
		})
	}
	work.Wait()
	if _, bytes := budget.Used(); bytes != 0 || len(d.parsed) != d.unused.Len() {
		t.Errorf("%d bytes are taken, %d of %d definitions are unused", bytes, d.unused.Len(), len(d.parsed))
	}
}
