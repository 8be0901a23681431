package asl

import "github.com/lambent-dev/lambent/host/internal/asl/payload"

const (
	// maxHeld is how many bytes of JSON text the values may have that an execution
	// works on at a time: the inputs of states that run, the items and results of
	// Map and Parallel states. What is shared with the frame around counts once.
	// The values of variables have a bound of their own.
	maxHeld = 32 << 20
	// bytesPerName is what a variable takes besides the text of its value, and
	// stepsPerName what it costs to assign one.
	bytesPerName = 64
	stepsPerName = 16
)

// Held says how many bytes of JSON text the values have that the execution
// works on now. In memory they may take sixteen times as much, or more if they
// are many small ones.
func (r *Run) Held() int { return r.held + r.variables + r.names*bytesPerName }

// full reports whether an execution works on more than it may. The texts of
// variables do not count.
func (r *Run) full() bool { return r.held+r.names*bytesPerName > maxHeld }

// hold notes what a frame works on, in bytes of text, in place of what was noted
// before.
func (r *Run) hold(f *frame, bytes int) {
	r.held += bytes - f.held
	f.held = bytes
}

// own is the size of a frame's input, 0 if it is that of the frame around it.
func (f *frame) own() int {
	if f.parent != nil && identical(f.input.Value(), f.parent.input.Value()) {
		return 0
	}
	return len(f.input.Text())
}

// holdItems notes the items of a Map state if they are not those of its input,
// and the names of members, which do not share the object that they are of.
func (r *Run) holdItems(f *frame, m *mapFields, items dataset) {
	bytes := 0
	if m.items != nil {
		bytes = payload.Size(items.values, maxHeld)
	}
	for _, key := range items.keys {
		bytes += len(key)
	}
	r.hold(f, f.held+bytes)
}

// forgetFrame notes that a frame and its variables are gone.
func (r *Run) forgetFrame(f *frame) {
	r.hold(f, 0)
	r.variables -= f.scope.size()
	r.names -= len(f.scope.variables)
}

// forgetAll lets go of everything but the execution's output once it is over.
func (r *Run) forgetAll() {
	r.ready, r.held, r.variables, r.names = nil, 0, 0, 0
	r.input, r.definition = payload.Payload{}, nil
}
