package sigv4

import (
	"encoding/binary"
	"strings"
	"testing"
	"time"
)

func numbered(n uint64, at time.Time) *Signature {
	s := &Signature{At: at, stamp: stamp(at)}
	binary.LittleEndian.PutUint64(s.value[:], n)
	return s
}

func TestWindow(t *testing.T) {
	var w Window
	call := func(id string) use { return use{invocation: []byte(id)} }
	admit := func(what string, s *Signature, u use, after time.Duration, want bool) {
		t.Helper()
		s.use = u
		err := w.Admit(s, suiteTime.Add(after))
		if (err == nil) != want {
			t.Errorf("%s: %v", what, err)
		}
		if !want && err.(*Error).Kind != Invalid {
			t.Errorf("%s: %+v", what, err)
		}
	}
	one := numbered(1, suiteTime)
	admit("the first", one, call("a"), 0, true)
	admit("the same", one, call("a"), 0, false)
	admit("another signature", numbered(2, suiteTime), call("a"), 0, true)
	admit("another signature of another second", numbered(3, suiteTime.Add(-4*time.Minute)), call("a"), 0, true)
	admit("another call of the same second", one, call("b"), time.Second, true)
	admit("that again", one, call("b"), time.Second, false)
	admit("the next attempt of it", one, use{invocation: []byte("b"), attempt: []byte("attempt=2")}, time.Second, true)
	admit("that again", one, use{invocation: []byte("b"), attempt: []byte("attempt=2")}, time.Second, false)
	admit("the first again", one, call("a"), time.Second, false)
	admit("without an id", one, use{}, time.Second, true)
	admit("that again", one, use{}, time.Second, false)
	admit("another call, too late", one, call("c"), 4*time.Second, false)
	told := numbered(5, suiteTime)
	admit("one whose id is signed", told, use{invocation: []byte("a"), signed: true}, 0, true)
	admit("that with another attempt", told, use{invocation: []byte("a"), attempt: []byte("attempt=2"), signed: true}, 0, false)
	admit("the same later", one, call("a"), 4*time.Minute, false)
	admit("at the end of its time", numbered(6, suiteTime), call("a"), MaxSkew, true)
	admit("after it", numbered(7, suiteTime), call("a"), MaxSkew+1, false)
	presigned := numbered(4, suiteTime)
	presigned.Presigned = true
	admit("presigned", presigned, call(""), 0, true)
	admit("presigned, again", presigned, call(""), time.Minute, true)
}

// TestWindowForgets what the clock refuses anyway.
func TestWindowForgets(t *testing.T) {
	var w Window
	for i := range 1000 {
		now := suiteTime.Add(time.Duration(i) * time.Second)
		if err := w.Admit(numbered(uint64(i), now), now); err != nil {
			t.Fatal(err)
		}
	}
	if want := int(MaxSkew/time.Second) + 1; len(w.seconds) != want || len(w.order) != want || w.count != want {
		t.Errorf("%d seconds, %d in order, %d signatures; want %d", len(w.seconds), len(w.order), w.count, want)
	}
}

// TestUseIsSigned: what Sign makes tells requests apart by itself.
func TestUseIsSigned(t *testing.T) {
	for headers, want := range map[string]bool{"host": false, "amz-sdk-invocation-id;host": true} {
		s, err := Parse(&Request{"GET", "/", "", lines{
			"Host: h", "X-Unrelated: 1", "Amz-Sdk-Invocation-Id: 7",
			"Date: Sun, 30 Aug 2015 12:36:00 GMT",
			"Authorization: " + Algorithm + " Credential=A/20150830/r/s/aws4_request, SignedHeaders=" + headers + ", Signature=" + strings.Repeat("0", 64),
		}})
		if err != nil || s.use.signed != want || string(s.use.invocation) != " 7" {
			t.Errorf("%s: %+v, %v", headers, s, err)
		}
	}
}

// TestWindowLate: a signature that was used, and whose second was forgotten since, is
// refused, even by who looked at the clock before that, or has waited for a body.
func TestWindowLate(t *testing.T) {
	var w Window
	one, in := numbered(1, suiteTime), func(d time.Duration) time.Time { return suiteTime.Add(d) }
	if err := w.Admit(one, in(0)); err != nil {
		t.Fatal(err)
	}
	if err := w.Admit(numbered(2, in(MaxSkew)), in(MaxSkew+time.Second)); err != nil { // forgets
		t.Fatal(err)
	}
	for _, after := range []time.Duration{MaxSkew, MaxSkew + time.Second, MaxSkew + time.Minute} {
		if err := w.Admit(one, in(after)); err == nil {
			t.Errorf("after %v it was admitted again", after)
		}
	}
}

// TestWindowIsBounded: what is forgotten for lack of room is refused, not
// admitted again.
func TestWindowIsBounded(t *testing.T) {
	var w Window
	later := suiteTime.Add(time.Second)
	for i := range maxSeen + 1 {
		at := later
		if i < 1000 {
			at = suiteTime
		}
		if err := w.Admit(numbered(uint64(i), at), later); err != nil {
			t.Fatal(err)
		}
	}
	if w.count > maxSeen {
		t.Errorf("%d signatures are remembered", w.count)
	}
	for _, n := range []uint64{0, 999, 1 << 30} {
		if err := w.Admit(numbered(n, suiteTime), later); err == nil || !strings.HasPrefix(err.Error(), "Signature expired: ") {
			t.Errorf("%d: %v", n, err)
		}
	}
	if err := w.Admit(numbered(1<<30, later), later); err != nil {
		t.Error(err)
	}
}

func BenchmarkAdmit(b *testing.B) {
	var w Window
	n := uint64(0)
	b.ReportAllocs()
	for b.Loop() {
		n += 1 << 20
		at := suiteTime.Add(time.Duration(n>>20/2000) * time.Second)
		s := numbered(n, at)
		s.use = use{invocation: []byte("7"), attempt: []byte("attempt=1")}
		if err := w.Admit(s, at); err != nil {
			b.Fatal(err)
		}
	}
}
