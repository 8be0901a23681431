package abi

import (
	"context"
	"encoding/json"

	"github.com/lambent-dev/lambent/sandbox/internal/wasi"
)

// Limits bounds what crosses the border; every field must be set.
type Limits struct {
	Response  int // bytes of a response
	Calls     int // calls under way at once
	CallBytes int // bytes of one call's argument, and of its answer
}

// Bounds of what a guest may say beside its response; fixed, since nobody has
// a reason to change them.
const (
	MaxMeta        = 64 << 10  // bytes of response_meta
	MaxError       = 256 << 10 // bytes of response_error
	MaxHandlers    = 1000      // names given to register
	MaxHandlerName = 128       // bytes of one of them, as on AWS Lambda
	MaxCallName    = 256       // bytes of the name of an embedder's function
)

// World is where the answers come from that are not a function of the event
// and the function's configuration.
type World interface {
	wasi.World

	// Deadline returns when the invocation's time ends, in nanoseconds since
	// the Unix epoch.
	Deadline() int64

	// Call starts the embedder's function of that name. It answers ENOSYS if
	// there is none. It must not keep in after it returns.
	Call(ctx context.Context, name string, in []byte) (Reply, wasi.Errno)
}

// Reply is the answer to a call that is under way.
type Reply interface {
	// Ready is closed when the answer is there.
	Ready() <-chan struct{}
	// Answer returns the status, as of HTTP, and the body. It is called once,
	// when World.Wait has said that the reply is ready.
	Answer() (status int, body []byte)
}

// State is the guest's side of one event. It is used by one goroutine.
type State struct {
	WASI   *wasi.State
	World  World
	Limits Limits
	Log    func(level int32, line []byte)

	// Context answers ctx_get; it knows no other keys than those it returns true
	// for.
	Context func(key string) (string, bool)
	Event   []byte

	// What the guest said.
	Handlers []string // names registered during init
	Response []byte
	Meta     json.RawMessage
	Error    json.RawMessage // the last response_error
	TooLarge bool            // the response exceeded its limit
	Exited   bool            // it ended itself: it cannot go on

	ready bool // init is over
	calls int  // under way
	held  int  // bytes of answers not yet read
	peak  int  // most of held
}

// InitDone ends the init phase: from here on register fails.
func (s *State) InitDone() { s.ready = true }

// Idle says whether the guest has said nothing and waits for nothing: a State
// that is made anew would not be missed.
func (s *State) Idle() bool {
	return s.Response == nil && s.Meta == nil && s.Error == nil && !s.TooLarge && s.calls == 0
}

// Forget drops what the guest said for one event.
func (s *State) Forget() {
	s.Event, s.Response, s.Meta, s.Error, s.TooLarge = nil, nil, nil, nil, false
}

// PeakHeld returns the most bytes that the host held for the guest at once in
// answers of calls.
func (s *State) PeakHeld() int { return s.peak }
