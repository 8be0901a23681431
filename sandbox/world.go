package sandbox

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox/internal/abi"
	"github.com/lambent-dev/lambent/sandbox/internal/wasi"
)

// world answers one invocation's questions about what lies outside of it, as
// wasi.World and abi.World. It alone asks the host, always through the tape if
// there is one.
type world struct {
	config   *Config
	tape     Tape      // nil: none
	start    time.Time // the zero of the monotonic clock
	deadline time.Time // of the phase, by the guest's clock
	calls    *caller   // nil until the guest calls
	block    func()    // called before a wait

	waited []bool // result of the last Wait
	chance []byte // room for fill
	asked  uint32 // calls so far
}

// ask puts one question to the tape; an answer it refuses ends the guest.
func (w *world) ask(kind QuestionKind, ask []byte, live func() []byte) []byte {
	data, err := w.tape.Answer(Question{kind, ask}, live)
	if err != nil {
		engine.Stop(err)
	}
	return data
}

// number asks for an i64.
func (w *world) number(kind QuestionKind, live func() int64) int64 {
	if w.tape == nil {
		return live()
	}
	data := w.ask(kind, nil, func() []byte {
		return binary.LittleEndian.AppendUint64(nil, uint64(live()))
	})
	if len(data) != 8 {
		engine.Stop(fmt.Errorf("tape: the answer to %s has %d bytes, not 8", kind, len(data)))
	}
	return int64(binary.LittleEndian.Uint64(data))
}

// text asks for a string.
func (w *world) text(kind QuestionKind, live func() string) string {
	if w.tape == nil {
		return live()
	}
	return string(w.ask(kind, nil, func() []byte { return []byte(live()) }))
}

func (w *world) Wall() int64 {
	if w.tape == nil { // no closure for what is asked most
		return w.config.Now().UnixNano()
	}
	return w.number(AskWall, func() int64 { return w.config.Now().UnixNano() })
}

func (w *world) Monotonic() int64 {
	return w.number(AskMonotonic, func() int64 { return int64(w.config.Now().Sub(w.start)) })
}

// begins says that a phase of so much time begins now.
func (w *world) begins(now time.Time, limit time.Duration) {
	if w.config.ownClock {
		now = w.config.Now()
	}
	w.deadline = now.Add(limit)
}

func (w *world) Deadline() int64 {
	return w.number(AskDeadline, func() int64 {
		if w.deadline.After(time.Unix(0, math.MaxInt64)) {
			return math.MaxInt64 // Limits.Time may be centuries
		}
		return w.deadline.UnixNano()
	})
}

func (w *world) Random(p []byte) {
	if w.tape == nil {
		w.fill(p)
		return
	}
	n := binary.LittleEndian.AppendUint32(nil, uint32(len(p)))
	data := w.ask(AskRandom, n, func() []byte {
		fresh := make([]byte, len(p))
		w.fill(fresh)
		return fresh
	})
	if copy(p, data) != len(p) {
		engine.Stop(fmt.Errorf("tape: %d random bytes, the guest asked for %d", len(data), len(p)))
	}
}

// fill fills p, which may be guest memory, by way of the host's own: a source
// may have another goroutine fill what it is given, and what another thread
// writes to an instance is not seen when that is restored.
func (w *world) fill(p []byte) {
	if w.chance == nil {
		w.chance = make([]byte, 512)
	}
	for len(p) > 0 {
		part := w.chance[:min(len(p), len(w.chance))]
		if _, err := io.ReadFull(w.config.Random, part); err != nil {
			engine.Stop(fmt.Errorf("source of randomness: %w", err))
		}
		p = p[copy(p, part):]
	}
}

// How a wait ended.
const (
	waitOver     = 0 // something is ready, or the timeout is over
	waitTimeout  = 1 // the invocation's time is over
	waitCanceled = 2 // its caller gave up
)

func (w *world) Wait(ctx context.Context, ready []<-chan struct{}, timeout time.Duration) []bool {
	w.waited = append(w.waited[:0], make([]bool, len(ready))...)
	if w.tape == nil {
		if wait(ctx, ready, timeout, w.waited, w.block) != waitOver {
			engine.Stop(engine.Interrupted(ctx))
		}
		return w.waited
	}
	question := binary.LittleEndian.AppendUint32(nil, uint32(len(ready)))
	question = binary.LittleEndian.AppendUint64(question, uint64(timeout))
	data := w.ask(AskWait, question, func() []byte {
		answer := []byte{wait(ctx, ready, timeout, w.waited, w.block)}
		for _, r := range w.waited {
			if r {
				answer = append(answer, 1)
			} else {
				answer = append(answer, 0)
			}
		}
		return answer
	})
	if len(data) != 1+len(ready) {
		engine.Stop(fmt.Errorf("tape: the answer to a wait for %d things has %d bytes", len(ready), len(data)))
	}
	switch data[0] {
	case waitTimeout:
		engine.Stop(fmt.Errorf("%w: %w", engine.ErrInterrupted, engine.ErrTimeout))
	case waitCanceled:
		engine.Stop(fmt.Errorf("%w: %w", engine.ErrInterrupted, context.Canceled))
	}
	for i := range w.waited {
		w.waited[i] = data[1+i] == 1
	}
	return w.waited
}

// outcome says how a wait ended that ctx cut short.
func outcome(ctx context.Context) byte {
	if errors.Is(context.Cause(ctx), engine.ErrTimeout) {
		return waitTimeout
	}
	return waitCanceled
}

func (w *world) Call(ctx context.Context, name string, in []byte) (abi.Reply, wasi.Errno) {
	w.asked++
	reply := &taped{world: w, number: w.asked}
	if w.tape == nil {
		var errno wasi.Errno
		reply.live, errno = w.caller().start(ctx, name, in)
		return reply, errno
	}
	question := append(append([]byte(name), 0), in...)
	data := w.ask(AskCall, question, func() []byte {
		var errno wasi.Errno
		reply.live, errno = w.caller().start(ctx, name, in)
		return binary.LittleEndian.AppendUint16(nil, uint16(errno))
	})
	if len(data) != 2 {
		engine.Stop(fmt.Errorf("tape: the answer to a call has %d bytes, not 2", len(data)))
	}
	return reply, wasi.Errno(binary.LittleEndian.Uint16(data))
}

// caller returns what starts the embedder's functions.
func (w *world) caller() *caller {
	if w.calls == nil {
		c := w.config
		w.calls = &caller{functions: c.Calls, limit: c.Limits.CallBytes, most: c.Limits.Calls}
	}
	return w.calls
}

// taped is the reply to a call; live is nil when a tape is played.
type taped struct {
	world  *world
	number uint32
	live   *call
}

func (r *taped) Ready() <-chan struct{} {
	if r.live == nil {
		return make(chan struct{}) // the tape says when
	}
	return r.live.done
}

func (r *taped) Answer() (status int, body []byte) {
	if r.world.tape == nil {
		return r.live.status, r.live.body
	}
	n := binary.LittleEndian.AppendUint32(nil, r.number)
	data := r.world.ask(AskReply, n, func() []byte {
		return append(binary.LittleEndian.AppendUint32(nil, uint32(r.live.status)), r.live.body...)
	})
	if len(data) < 4 {
		engine.Stop(fmt.Errorf("tape: the answer to call %d has %d bytes", r.number, len(data)))
	}
	return int(binary.LittleEndian.Uint32(data)), data[4:]
}
