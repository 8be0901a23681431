package workflow

import (
	"container/list"
	"runtime"
	"sync"

	"github.com/lambent-dev/lambent/host/internal/asl"
	"github.com/lambent-dev/lambent/host/internal/asl/driver"
	"github.com/lambent-dev/lambent/host/internal/fault"
)

// definitions are those that executions run by, parsed: each once, however many
// executions it has. Those in use are part of the budget; of those that are not,
// the ones used last are kept.
type definitions struct {
	budget *driver.Budget
	idle   int64 // bytes that those not in use may take

	// parsing has one element for each definition that is being parsed: on the
	// way that takes more memory than in the end.
	parsing chan struct{}

	mu     sync.Mutex // guards what follows
	parsed map[definitionKey]*definition
	unused list.List // of *definition; the one used last is in front
	size   int64     // of those unused
}

// definitionKey is a definition's text. The type of a state machine matters to
// what is valid.
type definitionKey struct {
	text    string
	express bool
}

// definition is one that is parsed.
type definition struct {
	*asl.Definition
	key   definitionKey
	users int
	place *list.Element // in unused
}

func (d *definition) weight() int64 { return int64(d.Weight()) }

func newDefinitions(budget *driver.Budget, idle int64) *definitions {
	return &definitions{budget: budget, idle: idle, parsing: make(chan struct{}, runtime.GOMAXPROCS(0)), parsed: map[definitionKey]*definition{}}
}

// parse runs something that parses a definition.
func (d *definitions) parse(f func()) {
	d.parsing <- struct{}{}
	defer func() { <-d.parsing }()
	f()
}

// check says what is wrong with a definition.
func (d *definitions) check(text string, express bool) (err error) {
	d.parse(func() { _, err = parse(text, express) })
	return err
}

// use returns a definition for an execution, which gives it back with release.
// Errors: InvalidDefinition, ExecutionLimitExceeded.
func (d *definitions) use(text string, express bool) (used *definition, err error) {
	key := definitionKey{text, express}
	if used, err = d.take(key, nil); used != nil || err != nil {
		return used, err
	}
	d.parse(func() {
		if used, err = d.take(key, nil); used != nil || err != nil {
			return // somebody else has parsed it meanwhile
		}
		var parsed *asl.Definition
		if parsed, err = parse(text, express); err == nil {
			used, err = d.take(key, parsed)
		}
	})
	return used, err
}

// take takes a definition that is there, or the one that was parsed if it is
// not; used is nil if there is neither.
func (d *definitions) take(key definitionKey, parsed *asl.Definition) (used *definition, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	used = d.parsed[key]
	if used == nil {
		if parsed == nil {
			return nil, nil
		}
		used = &definition{Definition: parsed, key: key}
	}
	if used.users == 0 {
		if err := d.budget.Take(used.weight()); err != nil {
			_ = d.budget.Take(-used.weight()) // giving back cannot fail
			return nil, fault.New(ExecutionLimitExceeded, "%v", err)
		}
	}
	if used.place != nil {
		d.unused.Remove(used.place)
		d.size -= used.weight()
		used.place = nil
	}
	used.users++
	d.parsed[key] = used
	return used, nil
}

// release gives a definition back.
func (d *definitions) release(used *definition) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if used.users--; used.users > 0 {
		return
	}
	_ = d.budget.Take(-used.weight())
	used.place = d.unused.PushFront(used)
	d.size += used.weight()
	for d.size > d.idle {
		oldest := d.unused.Remove(d.unused.Back()).(*definition)
		d.size -= oldest.weight()
		delete(d.parsed, oldest.key)
	}
}

// parse reads a definition.
func parse(definition string, express bool) (*asl.Definition, error) {
	parsed, err := asl.Parse(definition, asl.Options{Express: express})
	if err != nil {
		return nil, fault.New(InvalidDefinition, "%v", err)
	}
	return parsed, nil
}
