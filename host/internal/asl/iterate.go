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
	if r.test != nil {
		r.test.items = len(items.values)
		if m.reader != nil {
			r.test.items = r.test.readerItems
		} else if failed := r.probeItems(f, input, items); failed != nil {
			return failed
		}
		return r.test.answer(r, f)
	}
	if s.Distributed {
		return r.mapRun(f, e, items, int(min(atOnce, math.MaxInt32)), int(count), percentage)
	}
	if m.reader != nil {
		return runtime("A Map state with an ItemReader must be in DISTRIBUTED mode.")
	}
	fo := &fanout{owner: f, total: len(items.values)}
	fo.start = func(index int, previous int64) *failure {
		item := items.item(index)
		started := r.emit(previous, Event{Type: mapIterationStarted, Index: index, Name: s.Name})
		v, failed := r.evaluator(f, input).itemInput(m, item)
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
	if atOnce == 0 || atOnce > maxInline {
		atOnce = maxInline
	}
	return r.fanOut(f, fo, int(atOnce))
}
