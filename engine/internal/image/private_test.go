package image

import (
	"errors"
	"testing"
)

// TestPagesAge has one event write many pages and all later ones few, with the
// gate and where every event is looked at.
func TestPagesAge(t *testing.T) {
	if !Supported().Gate || !Supported().Scan {
		t.Skipf("here is only: %v", Supported())
	}
	testPagesAge(t, detect())
	testPagesAge(t, without(func(p *platform) { p.faults = nil }))
}

func testPagesAge(t *testing.T, p *platform) {
	content := make([]byte, 8<<20)
	content[0], content[4<<20] = 1, 1
	i, err := freeze(p, content)
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	m, err := i.within(Room{}, i.Size())
	if err != nil {
		t.Fatal(err)
	}
	defer m.Release()
	const events = 6 * ageEvery * maxIdle
	held, many := 0, 0
	for n := range events {
		m.Watch()
		b := m.Bytes()
		if n == 0 {
			for at := 0; at < 200*5*blockSize; at += 5 * blockSize {
				b[at]++
			}
		}
		b[5*blockSize]++
		if n%3 == 0 {
			b[4<<20]++
		}
		if m.Settle() >= 0 {
			held++
		}
		if err := errors.Join(m.Restore(), m.Verify()); err != nil {
			t.Fatalf("event %d: %v", n, err)
		}
		if n == events/100 {
			many = m.Private()
		}
	}
	if many < 100 || m.Private() > 2 {
		t.Errorf("it kept %d pages early, %d at last", many, m.Private())
	}
	if gate := p.faults != nil; gate && held < events/2 || !gate && held > 0 {
		t.Errorf("the gate held in %d events of %d", held, events)
	}
}
