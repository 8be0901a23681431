package asl

import (
	"github.com/lambent-dev/lambent/host/internal/asl/payload"
	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

// probe watches a single state that is tested. A Run that has one does not go
// beyond that state and has no history worth keeping.
type probe struct {
	// context stands for the context object if it is set.
	context *jsonata.Object
	// answer gives the result or error of a Map or Parallel state.
	answer func(*Run, *frame) *failure
	mocked bool // the task, branches or iterations

	data       map[string]any // by stage, as "afterInputPath"
	status     string
	next       string
	output     *payload.Payload
	failure    *failure
	catchIndex int // -1 if none
	retryIndex int
	retryAfter float64 // seconds

	items      int    // of a Map state
	readerData string // what its ItemReader reads; "" if nobody says
}

// probe notes what a stage has made of the data.
func (r *Run) probe(stage string, v any) {
	if r.test != nil {
		r.test.data[stage] = v
	}
}

func (r *Run) forget(stage string) {
	if r.test != nil {
		delete(r.test.data, stage)
	}
}

func (r *Run) probeTolerance(m *mapFields, count, percentage float64) {
	if m.toleratedCount.set {
		r.probe("toleratedFailureCount", count)
	}
	if m.toleratedPercentage.set {
		r.probe("toleratedFailurePercentage", percentage)
	}
}

// testIterations answers a Map state that is tested: none of its iterations
// runs.
func (r *Run) testIterations(f *frame, e *evaluator, items dataset) *failure {
	if f.state.mapping.reader != nil {
		values, failed := r.testReader(f, e)
		if failed != nil {
			return failed
		}
		items = dataset{values: values}
	}
	r.test.items = len(items.values)
	if failed := r.probeItems(f, e, items); failed != nil {
		return failed
	}
	return r.test.answer(r, f)
}

// testReader makes items of what the test says that the ItemReader reads.
func (r *Run) testReader(f *frame, e *evaluator) ([]any, *failure) {
	request := &MapRunRequest{}
	if failed := e.readerAndWriter(f.state.mapping, request); failed != nil || r.test.readerData == "" {
		return nil, failed
	}
	items, err := request.Reader.Parse([]byte(r.test.readerData))
	if err != nil {
		return nil, &failure{name: errItemReader, cause: err.Error()}
	}
	if _, ok := request.Reader.Config["ItemsPointer"]; ok {
		r.probe("afterItemsPointer", items)
	}
	return items, nil
}

// probeItems notes what ItemSelector and ItemBatcher make of the items. Of what is too
// large to be told nothing is kept: a few bytes of a test can make much of it.
func (r *Run) probeItems(f *frame, e *evaluator, items dataset) *failure {
	m, selected, room := f.state.mapping, []any{}, payload.MaxSize
	if m.itemSelector == nil && m.batcher == nil {
		return nil
	}
	for i := range items.values {
		v, failed := r.evaluator(f, e.input).itemInput(m, items.item(i))
		if failed != nil {
			return failed
		}
		p, failed := f.same(v)
		if failed != nil {
			return failed
		}
		if err := r.meter.spend(len(p.Text()) / bytesPerStep); err != nil {
			return runtime("%s", err)
		}
		if room -= len(p.Text()) + 1; room >= 0 {
			selected = append(selected, v)
		}
	}
	if m.itemSelector != nil && room >= 0 {
		r.probe("afterItemSelector", selected)
	}
	batches, failed := e.batches(m.batcher)
	if failed != nil || !batches.on || room < 0 {
		return failed
	}
	batched, room := []any{}, payload.MaxSize
	for input, err := range batches.over(len(selected), func(i int) (any, *failure) { return selected[i], nil }) {
		if err != nil {
			return runtime("%s", err)
		}
		if room -= len(input.Text) + 1; room < 0 {
			return nil
		}
		v, err := payload.Decode([]byte(input.Text))
		if err != nil {
			return runtime("%s", err)
		}
		batched = append(batched, v)
	}
	r.probe("afterItemBatcher", batched)
	return nil
}

func (p *probe) exited(next string, output payload.Payload) {
	p.next, p.output = next, &output
	if p.status == "" {
		p.status = "SUCCEEDED"
	}
}

func (p *probe) failed(f *failure) { p.status, p.failure = "FAILED", f }

func (p *probe) caught(index int, f *failure) {
	p.status, p.failure, p.catchIndex = "CAUGHT_ERROR", f, index
}

func (p *probe) retried(index int, after float64, f *failure) {
	p.status, p.failure, p.retryIndex, p.retryAfter = "RETRIABLE", f, index, after
}
