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
// first use, and no later.
//
// Memory is bounded: beyond maxSeen signatures the oldest second is forgotten, and
// from then on signatures of that age are refused, as expired, so that what was
// forgotten cannot be used again.
type Window struct {
	mu      sync.Mutex
	seconds map[int64]map[uint64]int64 // the second that was signed → what was seen → when, in ms
	order   []int64                    // the keys of seconds, sorted
	count   int                        // of all that was seen
	floor   int64                      // seconds before this one are refused
	seed    maphash.Seed
}

const (
	maxSeen = 1 << 19
	// sameSecond is a second, and what requests sent in it may be apart on their
	// way.
	sameSecond = 3 * time.Second
)

// Admit remembers a signature that was verified. Errors: Invalid.
func (w *Window) Admit(s *Signature, r *Request, now time.Time) error {
	if s.Presigned {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.seconds == nil {
		w.seconds, w.seed = map[int64]map[uint64]int64{}, maphash.MakeSeed()
	}
	second := s.At.Unix()
	w.forget(now.Add(-MaxSkew).Unix())
	if second < w.floor {
		return refuse(Invalid, "Signature expired: %s is older than this host remembers signatures; it remembers %d.", s.stamp, maxSeen)
	}
	seen := w.seconds[second]
	if seen == nil {
		seen = map[uint64]int64{}
		w.seconds[second] = seen
		at, _ := slices.BinarySearch(w.order, second)
		w.order = slices.Insert(w.order, at, second)
	}
	ms := now.UnixMilli()
	signature := binary.LittleEndian.Uint64(s.value[:]) // as good as random
	whole := w.tell(s, r)
	_, again := seen[whole]
	first, before := seen[signature]
	if again || before && ms-first > sameSecond.Milliseconds() {
		return refuse(Invalid, "The signature was used before: a signed request is served once. Sign it again.")
	}
	for _, fingerprint := range []uint64{signature, whole} {
		if _, ok := seen[fingerprint]; !ok {
			seen[fingerprint] = ms
			w.count++
		}
	}
	for w.count > maxSeen {
		w.floor = max(w.floor, w.order[0]+1)
		w.forget(w.floor)
	}
	return nil
}

// tell is the fingerprint of a signature with what tells its uses apart.
func (w *Window) tell(s *Signature, r *Request) uint64 {
	var h maphash.Hash
	h.SetSeed(w.seed)
	h.Write(s.value[:])
	h.WriteString(r.Header.Get("Amz-Sdk-Invocation-Id"))
	h.WriteString(r.Header.Get("Aws-Sdk-Invocation-Id")) // as AWS's SDK for PHP writes it
	h.WriteByte(0)
	h.WriteString(r.Header.Get("Amz-Sdk-Request"))
	return h.Sum64()
}

// forget drops the seconds before one.
func (w *Window) forget(before int64) {
	n := 0
	for n < len(w.order) && w.order[n] < before {
		w.count -= len(w.seconds[w.order[n]])
		delete(w.seconds, w.order[n])
		n++
	}
	w.order = slices.Delete(w.order, 0, n)
}
