package asl

import (
	"math"

	"github.com/lambent-dev/lambent/host/internal/asl/path"
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
	var items []any
	if m.reader == nil {
		if items, failed = e.items(m); failed != nil {
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
		f.last = r.emit(f.last, Event{Type: s.event("Started"), Length: len(items)})
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
		r.test.items = len(items)
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
	fo := &fanout{owner: f, total: len(items)}
	fo.start = func(index int, previous int64) *failure {
		item := &mapItem{index: index, value: items[index]}
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

// items gives the items of a Map state without an ItemReader.
func (e *evaluator) items(m *mapFields) ([]any, *failure) {
	v := e.input
	if e.frame.state.QueryLanguage == JSONata {
		if m.items == nil {
			items, ok := v.([]any)
			if !ok {
				return nil, queryFailure("", "Map state input must be an array but was: %s", quoted(v))
			}
			return items, nil
		}
		v, failed := e.fill(m.items)
		if failed != nil {
			return nil, failed
		}
		items, ok := v.([]any)
		switch {
		case ok:
			return items, nil
		case m.items.expr != nil:
			return nil, m.items.expr.unexpected("array", v)
		default:
			return nil, queryFailure("Items", "The field 'Items' must be an array but was: %s", quoted(v))
		}
	}
	name := "$"
	if m.itemsPath != nil {
		name = m.itemsPath.String()
		found, err := e.find(m.itemsPath)
		if err != nil {
			if _, ok := err.(*path.NotFoundError); ok {
				return nil, runtime("Invalid path '%s' : %s", name, err)
			}
			return nil, runtime("%s", err)
		}
		v = found
		e.run.probe("afterItemsPath", v)
	}
	items, ok := v.([]any)
	if !ok {
		return nil, runtime("Reference path \"%s\" must point to array.", name)
	}
	return items, nil
}

// itemInput gives the input of an iteration: the item, or what ItemSelector makes
// of it.
func (e *evaluator) itemInput(m *mapFields, item *mapItem) (any, *failure) {
	if m.itemSelector == nil {
		return item.value, nil
	}
	e.item = item
	return e.fill(m.itemSelector)
}
