package asl

import (
	"fmt"
	"iter"

	"github.com/lambent-dev/lambent/host/internal/asl/payload"
	"github.com/lambent-dev/lambent/host/internal/jsonata"
)

// MapRunRequest is what a Map state in distributed mode asks for: an execution
// of Processor for each of the inputs, no more than MaxConcurrency at once.
type MapRunRequest struct {
	// Items are what the run goes over, unless Reader is set: the items of an
	// array, or the values of the members of an object.
	Items []any
	// Reader says where the items are to be read from; nil if they are known.
	Reader *ItemReader
	// Writer says where the results go; nil if they are the state's result.
	Writer *ResultWriter
	// Processor is the machine of the executions.
	Processor *Definition
	// Express says that the executions are of the type EXPRESS.
	Express bool
	// Label is what the names of the executions start with.
	Label string
	// MaxConcurrency is how many executions may run at once; 0 means as many as
	// the driver likes.
	MaxConcurrency int

	toleratedCount      int
	toleratedPercentage float64
	tolerant            bool // one of the two is set
	inputs              func(items []any) iter.Seq2[MapRunInput, error]
}

// MapRunInput is the input of one execution of a map run.
type MapRunInput struct {
	Text  string // JSON
	Items int    // how many items are in it: several in a batch
}

// ItemReader is where the items of a map run come from.
type ItemReader struct {
	Resource  string
	Arguments string         // JSON text
	Config    map[string]any // ReaderConfig
	MaxItems  int            // 0 means all
}

// ResultWriter is where the results of a map run go.
type ResultWriter struct {
	Resource  string
	Arguments string         // JSON text
	Config    map[string]any // WriterConfig
}

// Inputs gives the inputs of the run's executions in order: one for each item,
// or for each batch of items. items are those that were read if there is a
// Reader, otherwise m.Items. An error is that of evaluating the state's
// ItemSelector; nothing follows it.
func (m *MapRunRequest) Inputs(items []any) iter.Seq2[MapRunInput, error] { return m.inputs(items) }

// Exceeded reports whether more items of the total have failed than is
// tolerated; all of a batch have if its execution has. The run then fails with
// [ThresholdExceeded].
func (m *MapRunRequest) Exceeded(failed, total int) bool {
	if failed == 0 {
		return false
	}
	if !m.tolerant {
		return true
	}
	byCount := failed > m.toleratedCount
	byPercentage := float64(failed)*100 > m.toleratedPercentage*float64(total)
	switch {
	case m.toleratedPercentage == 0:
		return byCount
	case m.toleratedCount == 0:
		return byPercentage
	default:
		return byCount || byPercentage
	}
}

// ThresholdExceeded makes the signal that ends a map run of which too many
// executions have failed.
func ThresholdExceeded(effect int64) Signal {
	name, cause := errThreshold, thresholdCause
	return Signal{Kind: MapRunFailed, Effect: effect, Error: &name, Cause: &cause}
}

const thresholdCause = "The specified tolerated failure threshold was exceeded"

// mapRun asks for a map run.
func (r *Run) mapRun(f *frame, e *evaluator, items dataset, atOnce, count int, percentage float64) *failure {
	s, m := f.state, f.state.mapping
	request := &MapRunRequest{
		Items: items.values, Express: m.expressChildren, Label: m.label, MaxConcurrency: atOnce,
		Processor:      &Definition{Branch: *s.Processor, QueryLanguage: r.definition.QueryLanguage},
		toleratedCount: count, toleratedPercentage: percentage, tolerant: m.toleratedCount.set || m.toleratedPercentage.set,
	}
	if failed := e.readerAndWriter(m, request); failed != nil {
		return failed
	}
	batches, failed := e.batches(m.batcher)
	if failed != nil {
		return failed
	}
	w := r.want(f, Effect{Kind: MapRun, MapRun: request})
	id, input, context, scope := w.effect.ID, e.input, e.context(), f.scope
	keys := items.keys // nil if there is a Reader
	request.inputs = func(values []any) iter.Seq2[MapRunInput, error] {
		// The frame may have gone on when the driver asks: everything that an
		// input depends on is taken along.
		at := &frame{state: s, scope: scope, enteredID: f.enteredID, branch: f.branch}
		items := dataset{values: values, keys: keys}
		return batches.over(len(values), func(index int) (any, *failure) {
			item := items.item(index)
			e := &evaluator{run: r, meter: &meter{left: maxWork}, frame: at, input: input, result: jsonata.Undefined, errorOutput: jsonata.Undefined,
				random: random{seed: r.start.Seed, place: -(id<<32 | int64(index))}}
			e.cached = object()
			for name, v := range context.All() {
				e.cached.Set(name, v)
			}
			e.cached.Set("Map", object("Item", item.context()))
			return e.itemInput(m, item)
		})
	}
	w.answer = func(s Signal) { r.answerMapRun(w, s) }
	return nil
}

func (e *evaluator) readerAndWriter(m *mapFields, request *MapRunRequest) *failure {
	arguments := func(t *template) (string, *failure) {
		if t == nil {
			return "{}", nil
		}
		v, failed := e.fill(t)
		if failed != nil {
			return "", failed
		}
		p, failed := e.frame.limited(v)
		return p.Text(), failed
	}
	if m.reader != nil {
		text, failed := arguments(m.reader.arguments)
		if failed != nil {
			return failed
		}
		limit, failed := e.integer(m.reader.maxItems, 0, bounds{-1e9, 1e9, true})
		if failed != nil {
			return failed
		}
		request.Reader = &ItemReader{Resource: m.reader.resource, Arguments: text, Config: m.reader.config, MaxItems: int(limit)}
	}
	if m.writer != nil {
		text, failed := arguments(m.writer.arguments)
		if failed != nil {
			return failed
		}
		request.Writer = &ResultWriter{Resource: m.writer.resource, Arguments: text, Config: m.writer.config}
	}
	return nil
}

// answerMapRun applies a signal to a map run.
func (r *Run) answerMapRun(w *wait, s Signal) {
	f := w.frame
	switch s.Kind {
	case MapRunStarted:
		w.mapRunStarted = true
		f.last = r.emit(f.last, Event{Type: mapRunStarted, MapRunArn: s.Output})
		return
	case MapRunSucceeded:
		r.done(w)
		p, failed := f.result(s)
		if failed == nil {
			f.last = r.emit(f.last, Event{Type: mapRunSucceeded})
			r.emit(f.last, Event{Type: f.state.event("Succeeded")})
			failed = r.leave(f, p.Value(), p)
		}
		if failed != nil {
			r.fail(f, failed)
		}
	case MapRunFailed:
		r.done(w)
		failed := reported(s.Error, s.Cause)
		f.last = r.emit(f.last, Event{Type: mapRunFailed, Error: failed.nameText(), Cause: failed.causeText()})
		r.fail(f, failed)
	}
	r.resume(f)
}

// batching is how items are put together; the zero value gives each item its
// own execution.
type batching struct {
	on                 bool
	maxItems, maxBytes int
	input              any
	hasInput           bool
}

func (e *evaluator) batches(b *batcherFields) (batching, *failure) {
	if b == nil {
		return batching{}, nil
	}
	items, failed := e.integer(b.maxItems, 0, bounds{0, 1e9, true})
	if failed != nil {
		return batching{}, failed
	}
	bytes, failed := e.integer(b.maxBytes, 0, bounds{0, payload.MaxSize, true})
	if failed != nil {
		return batching{}, failed
	}
	result := batching{on: true, maxItems: int(items), maxBytes: int(bytes)}
	if result.maxBytes == 0 {
		result.maxBytes = payload.MaxSize
	}
	if b.input != nil {
		result.hasInput = true
		if result.input, failed = e.fill(b.input); failed != nil {
			return batching{}, failed
		}
	}
	return result, nil
}

// over gives the inputs of that many items, one by one or in batches.
func (b batching) over(items int, input func(index int) (any, *failure)) iter.Seq2[MapRunInput, error] {
	return func(yield func(MapRunInput, error) bool) {
		var batch []any
		size := 0
		flush := func() bool {
			if len(batch) == 0 {
				return true
			}
			o := jsonata.NewObject()
			if b.hasInput {
				o.Set("BatchInput", b.input)
			}
			o.Set("Items", batch)
			text, err := payload.Encode(o, payload.MaxSize)
			input := MapRunInput{string(text), len(batch)}
			batch, size = nil, 0
			return yield(input, err) && err == nil
		}
		for i := range items {
			v, failed := input(i)
			if failed != nil {
				yield(MapRunInput{}, fmt.Errorf("%s: %s", failed.name, failed.cause))
				return
			}
			text, err := payload.Encode(v, payload.MaxSize)
			if err != nil {
				yield(MapRunInput{}, fmt.Errorf("%s: the input of item %d is too large", errDataLimit, i))
				return
			}
			if !b.on {
				if !yield(MapRunInput{string(text), 1}, nil) {
					return
				}
				continue
			}
			if full := b.maxItems > 0 && len(batch) == b.maxItems; full || size+len(text)+1 > b.maxBytes {
				if !flush() {
					return
				}
			}
			batch = append(batch, v)
			size += len(text) + 1
		}
		flush()
	}
}
