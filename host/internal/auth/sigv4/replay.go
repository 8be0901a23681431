package sigv4

import (
	"encoding/binary"
	"hash/maphash"
	"slices"
	"sync"
	"time"
)

// Window remembers the signatures that were used, for as long as CheckTime lets
// them through, and refuses those that come again. It is safe for concurrent use;
// the zero value is ready.
//
// Presigned requests are meant to be used again and are not remembered. Of others,
// a signature is used once, with one exception: clients that sign to the second,
// as botocore does, sign two requests alike if they ask for the same within one.
// They tell them apart by a field that they do not sign, Amz-Sdk-Invocation-Id;
// with another value in it, a signature is taken again within sameSecond of its
// first use, and no later. Where they do sign it, as most do, there is no exception:
// who can alter a field that is not signed could have one request served many times.
//
// Time goes on between CheckTime and Admit, while a body arrives; what has grown too
// old by then is refused, as nobody knows any more whether it was used. So is what was
// forgotten before the clock was set back.
//
// Memory is bounded: beyond maxSeen uses the oldest second is forgotten, and from
// then on signatures of that age are refused, as expired, so that what was forgotten
// cannot be used again.
type Window struct {
	mu      sync.Mutex
	seconds map[int64]*second // by the second that was signed
	order   []int64           // the keys of seconds, sorted
	count   int               // uses in all of them
	floor   int64             // seconds before this one are forgotten, and refused
	seed    maphash.Seed
}

// second is what was seen of one: the first use of each signature and, of the few
// that were used again, the others.
type second struct {
	first map[uint64]seen
	again map[again]struct{}
}

// seen is the first use of a signature: when, in milliseconds from the second that
// was signed, and by which call.
type seen struct {
	after int32
	call  uint32
}

// again is another use.
type again struct {
	signature uint64
	call      uint32
}

const (
	maxSeen = 1 << 19
	// sameSecond is a second, and what requests sent in it may be apart on their
	// way.
	sameSecond = 3 * time.Second
)

// Admit remembers a signature that was verified. Errors: Invalid.
func (w *Window) Admit(s *Signature, now time.Time) error {
	if s.Presigned {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.seconds == nil {
		w.seconds, w.seed = map[int64]*second{}, maphash.MakeSeed()
	}
	signed := s.At.Unix()
	if err := s.CheckTime(now); err != nil {
		return err
	}
	w.forget(now.Add(-MaxSkew).Unix())
	if signed < w.floor {
		return refuse(Invalid, "Signature expired: %s is older than this host remembers signatures; it remembers %d.", s.stamp, maxSeen)
	}
	of := w.seconds[signed]
	if of == nil {
		of = &second{first: map[uint64]seen{}}
		w.seconds[signed] = of
		at, _ := slices.BinarySearch(w.order, signed)
		w.order = slices.Insert(w.order, at, signed)
	}
	// CheckTime keeps it within minutes.
	use := seen{int32(now.Sub(s.At).Milliseconds()), w.call(&s.use)}
	signature := binary.LittleEndian.Uint64(s.value[:]) // as good as random
	first, before := of.first[signature]
	if before {
		other := again{signature, use.call}
		_, known := of.again[other]
		if known || s.use.signed || use.call == first.call || use.after-first.after > int32(sameSecond.Milliseconds()) {
			return refuse(Invalid, "The signature was used before: a signed request is served once. Sign it again.")
		}
		if of.again == nil {
			of.again = map[again]struct{}{}
		}
		of.again[other] = struct{}{}
	} else {
		of.first[signature] = use
	}
	for w.count++; w.count > maxSeen; {
		w.forget(w.order[0] + 1)
	}
	return nil
}

// call is the fingerprint of what tells the uses of a signature apart.
func (w *Window) call(u *use) uint32 {
	if u.invocation == nil && u.attempt == nil {
		return 0
	}
	var h maphash.Hash
	h.SetSeed(w.seed)
	h.Write(u.invocation)
	h.WriteByte(0)
	h.Write(u.attempt)
	return uint32(h.Sum64())
}

// forget drops the seconds before one, and has them refused.
func (w *Window) forget(before int64) {
	w.floor = max(w.floor, before)
	n := 0
	for n < len(w.order) && w.order[n] < before {
		of := w.seconds[w.order[n]]
		w.count -= len(of.first) + len(of.again)
		delete(w.seconds, w.order[n])
		n++
	}
	w.order = slices.Delete(w.order, 0, n)
}
