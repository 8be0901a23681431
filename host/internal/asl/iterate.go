package asl

import (
	"math"
)

// maxInline is how many iterations of a Map state in inline mode run at once.
const maxInline = 40

// iterate runs a Map state up to the point where its iterations run.
func (r *Run) iterate(f *frame) *failure {
	s, m := f.state, f.state.mapping
	input, failed := r.enterData(f)
	if failed != nil {
		return failed
	}
	e := r.evaluator(f, input)
	var items dataset
	if m.reader == nil {
		if items, failed = e.dataset(m); failed != nil {
			return failed
		}
		r.holdItems(f, m, items)
	}
	atOnce, failed := e.integer(m.maxConcurrency, 0, bounds{0, math.MaxInt64, true})
	if failed != nil {
		return failed
	}
	r.probe("maxConcurrency", atOnce)
	if r.test == nil {
		f.last = r.emit(f.last, Event{Type: s.event("Started"), Length: len(items.values)})
	}
	count, failed := e.integer(m.toleratedCount, 0, bounds{0, math.MaxInt32, true})
	if failed != nil {
		return failed
	}
	percentage, failed := e.integer(m.toleratedPercentage, 0, bounds{0, 100, false})
	if failed != nil {
		return failed
	}
	r.probeTolerance(m, count, percentage)
	switch {
	case r.test != nil:
		return r.testIterations(f, e, items)
	case s.Distributed:
		return r.mapRun(f, e, items, int(min(atOnce, math.MaxInt32)), int(count), percentage)
	case m.reader != nil:
		return runtime("A Map state with an ItemReader must be in DISTRIBUTED mode.")
	}
	if atOnce == 0 || atOnce > maxInline {
		atOnce = maxInline
	}
	return r.inline(f, input, items, int(atOnce))
}

// inline runs the iterations of a Map state in inline mode: each is a frame.
func (r *Run) inline(f *frame, input any, items dataset, atOnce int) *failure {
	s := f.state
	fo := &fanout{owner: f, total: len(items.values)}
	fo.start = func(index int, previous int64) *failure {
		item := items.item(index)
		started := r.emit(previous, Event{Type: mapIterationStarted, Index: index, Name: s.Name})
		v, failed := r.evaluator(f, input).itemInput(s.mapping, item)
		if failed != nil {
			return failed
		}
		p, failed := f.same(v)
		if failed != nil {
			return failed
		}
		fo.add(r, &frame{branch: s.Processor, next: s.Processor.StartAt, input: p, last: started, item: item})
		return nil
	}
	return r.fanOut(f, fo, atOnce)
}
