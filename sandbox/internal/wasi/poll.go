package wasi

import (
	"context"
	"encoding/binary"
	"math"
	"time"

	"github.com/lambent-dev/lambent/engine"
)

const (
	subscriptionSize = 48
	eventSize        = 32
	maxSubscriptions = 1024
)

// What a subscription waits for.
const (
	eventClock = iota
	eventFdRead
	eventFdWrite
)

// forever is a timeout that never comes.
const forever time.Duration = -1

// poll is the room that pollOneoff uses again; no channel stays in it.
type poll struct {
	subs  []subscription
	ready []<-chan struct{}
}

// subscription is one of the guest's, and what is known of it.
type subscription struct {
	userdata uint64
	kind     uint8
	done     bool   // its event is due
	errno    Errno  // of the event
	bytes    uint64 // that can be read at once, as far as known

	after   time.Duration // of a clock: how long until it is due
	channel int           // of a descriptor: which of poll.ready says that it is
}

// pollOneoff waits until at least one subscription is due.
//
//	in             nsubscriptions times 48 bytes
//	out            → up to nsubscriptions times 32 bytes
//	nsubscriptions 1 to 1,024
//	nevents        → u32, how many events were written
//
// A subscription is either to a clock, with flag 1 for an absolute time
//
//	0          8     9  16      20   24        32          40      42  48
//	┌──────────┬─────┬──┬───────┬────┬─────────┬───────────┬───────┬───┐
//	│ userdata │  0  │  │ clock │    │ timeout │ precision │ flags │   │
//	└──────────┴─────┴──┴───────┴────┴─────────┴───────────┴───────┴───┘
//
// or to a descriptor, to be read (1) or written (2)
//
//	0          8     9  16     20                                      48
//	┌──────────┬─────┬──┬──────┬───────────────────────────────────────┐
//	│ userdata │ 1 2 │  │  fd  │                                       │
//	└──────────┴─────┴──┴──────┴───────────────────────────────────────┘
//
// and answered by an event
//
//	0          8       10     11  16       24      26                  32
//	┌──────────┬───────┬──────┬───┬────────┬───────┬───────────────────┐
//	│ userdata │ errno │ type │ 0 │ nbytes │ flags │         0         │
//	└──────────┴───────┴──────┴───┴────────┴───────┴───────────────────┘
//
// with nbytes for files and standard input only, and flags 0. Files, folders
// and standard streams are always ready. If anything is, nothing is waited for.
//
// The subscriptions are read before an event is written: in and out may
// overlap. EINVAL: no subscription, more than 1,024, or one of an unknown type.
// EFAULT. In an event: EBADF, ENOTCAPABLE: the descriptor cannot be read or
// written; EINVAL, ENOTSUP: no such clock, see clockTimeGet, or unknown flags.
func (s *State) pollOneoff(ctx context.Context, m engine.Memory, p []uint64) Errno {
	n, nevents := uint32(p[2]), uint32(p[3])
	if n == 0 || n > maxSubscriptions {
		return EINVAL
	}
	in, ok := m.Slice(uint32(p[0]), n*subscriptionSize)
	if !ok {
		return EFAULT
	}
	out, ok := m.Slice(uint32(p[1]), n*eventSize)
	if !ok {
		return EFAULT
	}
	if _, ok := m.Slice(nevents, 4); !ok {
		return EFAULT
	}
	s.Pay(len(in))
	s.Work(subscriptionWork * int(n))
	defer s.poll.reset()
	if errno := s.subscribe(in); errno != ESUCCESS {
		return errno
	}
	interrupted(ctx)
	s.wait(ctx)
	events := s.poll.putEvents(out)
	s.Pay(int(events) * eventSize)
	m.PutUint32(nevents, events)
	return ESUCCESS
}

func (p *poll) reset() {
	clear(p.ready)
	p.subs, p.ready = p.subs[:0], p.ready[:0]
}

// subscribe reads the subscriptions and finds out which are due.
func (s *State) subscribe(in []byte) Errno {
	for ; len(in) > 0; in = in[subscriptionSize:] {
		sub := subscription{
			userdata: binary.LittleEndian.Uint64(in),
			kind:     in[8],
			channel:  -1,
		}
		switch sub.kind {
		case eventClock:
			s.subscribeClock(&sub, in[16:])
		case eventFdRead, eventFdWrite:
			s.subscribeFd(&sub, binary.LittleEndian.Uint32(in[16:]))
		default:
			return EINVAL
		}
		s.poll.subs = append(s.poll.subs, sub)
	}
	return ESUCCESS
}

// subscribeClock finds out how long it is until a clock's subscription is due.
func (s *State) subscribeClock(sub *subscription, in []byte) {
	const abstime = 1
	id := binary.LittleEndian.Uint32(in)
	timeout := binary.LittleEndian.Uint64(in[8:])
	flags := binary.LittleEndian.Uint16(in[24:])
	sub.errno = checkClock(id)
	if flags&^abstime != 0 {
		sub.errno = EINVAL
	}
	if sub.errno != ESUCCESS {
		sub.done = true
		return
	}
	if flags&abstime != 0 {
		now := uint64(s.now(id))
		timeout -= min(now, timeout)
	}
	sub.after = time.Duration(min(timeout, math.MaxInt64))
	sub.done = sub.after == 0
}

// subscribeFd finds out whether a descriptor's subscription is due, or what
// channel will tell.
func (s *State) subscribeFd(sub *subscription, fd uint32) {
	e, errno := s.table.get(fd)
	if errno == ESUCCESS {
		need := RightFdRead
		if sub.kind == eventFdWrite {
			need = RightFdWrite
		}
		errno = e.can(need)
	}
	if errno != ESUCCESS {
		sub.done, sub.errno = true, errno
		return
	}
	w, ok := e.d.(Waiter)
	if !ok {
		sub.done = true
		if sub.kind == eventFdRead {
			sub.bytes = e.d.Available()
		}
		return
	}
	sub.channel = len(s.poll.ready)
	s.poll.ready = append(s.poll.ready, w.Ready())
}

// wait returns when at least one subscription is due. It asks for the channels
// even if another one is, so that a guest that polls both sees both.
func (s *State) wait(ctx context.Context) {
	timeout := forever
	for i := range s.poll.subs {
		sub := &s.poll.subs[i]
		switch {
		case sub.done:
			timeout = 0
		case sub.kind == eventClock && (timeout == forever || sub.after < timeout):
			timeout = sub.after
		}
	}
	if timeout == 0 && len(s.poll.ready) == 0 {
		return
	}
	closed := s.cfg.World.Wait(ctx, s.poll.ready, timeout)
	woken := false
	for i := range s.poll.subs {
		if sub := &s.poll.subs[i]; sub.channel >= 0 && closed[sub.channel] {
			sub.done, woken = true, true
		}
	}
	if woken {
		return
	}
	// Time is over: for every clock as short as the shortest.
	for i := range s.poll.subs {
		if sub := &s.poll.subs[i]; sub.kind == eventClock && sub.after <= timeout {
			sub.done = true
		}
	}
}

// putEvents writes the event of each subscription that is due, and returns how
// many there are.
func (p *poll) putEvents(out []byte) uint32 {
	var n uint32
	for i := range p.subs {
		sub := &p.subs[i]
		if !sub.done {
			continue
		}
		e := out[n*eventSize:][:eventSize]
		clear(e)
		binary.LittleEndian.PutUint64(e, sub.userdata)
		binary.LittleEndian.PutUint16(e[8:], uint16(sub.errno))
		e[10] = sub.kind
		binary.LittleEndian.PutUint64(e[16:], sub.bytes)
		n++
	}
	return n
}
