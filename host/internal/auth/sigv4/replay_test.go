package sigv4

import (
	"encoding/binary"
	"fmt"
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
	call := func(id string) *Request { return &Request{Header: lines{"Amz-Sdk-Invocation-Id:" + id}} }
	admit := func(what string, s *Signature, r *Request, after time.Duration, want bool) {
		t.Helper()
		err := w.Admit(s, r, suiteTime.Add(after))
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
	admit("the same later", one, call("a"), 4*time.Minute, false)
	admit("another signature", numbered(2, suiteTime), call("a"), 0, true)
	admit("another signature of another second", numbered(3, suiteTime.Add(-4*time.Minute)), call("a"), 0, true)
	admit("another call of the same second", one, call("b"), time.Second, true)
	admit("that again", one, call("b"), time.Second, false)
	admit("another call, too late", one, call("c"), 4*time.Second, false)
	presigned := numbered(4, suiteTime)
	presigned.Presigned = true
	admit("presigned", presigned, call(""), 0, true)
	admit("presigned, again", presigned, call(""), time.Minute, true)
}

// TestWindowForgets what the clock refuses anyway.
func TestWindowForgets(t *testing.T) {
	var w Window
	r := &Request{Header: lines{}}
	for i := range 1000 {
		now := suiteTime.Add(time.Duration(i) * time.Second)
		if err := w.Admit(numbered(uint64(i), now), r, now); err != nil {
			t.Fatal(err)
		}
	}
	if want := int(MaxSkew/time.Second) + 1; len(w.seconds) != want || len(w.order) != want || w.count != 2*want {
		t.Errorf("%d seconds, %d in order, %d signatures; want %d", len(w.seconds), len(w.order), w.count, want)
	}
}

// TestWindowIsBounded: what is forgotten for lack of room is refused, not
// admitted again.
func TestWindowIsBounded(t *testing.T) {
	var w Window
	r := &Request{Header: lines{}}
	later := suiteTime.Add(time.Second)
	for i := range maxSeen/2 + 1 {
		at := later
		if i < 1000 {
			at = suiteTime
		}
		if err := w.Admit(numbered(uint64(i), at), r, later); err != nil {
			t.Fatal(err)
		}
	}
	if w.count > maxSeen {
		t.Errorf("%d signatures are remembered", w.count)
	}
	for _, n := range []uint64{0, 999, 1 << 30} {
		if err := w.Admit(numbered(n, suiteTime), r, later); err == nil || !strings.HasPrefix(err.Error(), "Signature expired: ") {
			t.Errorf("%d: %v", n, err)
		}
	}
	if err := w.Admit(numbered(1<<30, later), r, later); err != nil {
		t.Error(err)
	}
}

func BenchmarkAdmit(b *testing.B) {
	var w Window
	r := &Request{Header: lines{"Amz-Sdk-Invocation-Id:" + fmt.Sprint(7)}}
	n := uint64(0)
	b.ReportAllocs()
	for b.Loop() {
		n += 1 << 20
		at := suiteTime.Add(time.Duration(n>>20/2000) * time.Second)
		if err := w.Admit(numbered(n, at), r, at); err != nil {
			b.Fatal(err)
		}
	}
}
