package image

import "os"

// maxPrivate is how many pages a memory keeps for itself while it is idle. To
// copy a page costs a twenty-fifth of the fault that makes a new one, and the
// next event probably writes where the last one did: an event that writes 1,000
// pages takes 0.1 ms to restore when they are kept, 2 ms and as much for its
// faults when they are not. At 4 KiB a page it is 4 MiB, which only instances of
// guests that write so much in most events come to; see age.
const maxPrivate = 1024

// A page that no event writes any more costs every event a copy. Every ageEvery
// events all pages are compared with the image before they are restored, and one
// that was found unchanged maxIdle times in a row is given back: one that is
// written every ten events has 32 chances to be seen, one of 0.03 to be missed.
const (
	ageEvery = 8
	maxIdle  = 32
)

// private is a page that a memory has for itself.
type private struct {
	page uint32
	idle uint8 // how many times in a row it was found unchanged
}

// copyKnown restores the pages that the memory has for itself.
func (m *Memory) copyKnown() {
	size := uint64(os.Getpagesize())
	for _, p := range m.known {
		at := uint64(p.page) * size
		m.image.fill(m.bytes[at:at+size], at)
	}
}

// age gives back the pages that nobody writes any more.
func (m *Memory) age() {
	size := uint64(os.Getpagesize())
	kept := m.known[:0]
	for _, p := range m.known {
		at := uint64(p.page) * size
		if page := m.bytes[at : at+size]; !m.image.same(page, at) {
			p.idle = 0
		} else if p.idle++; p.idle == maxIdle && m.platform.drop(page) == nil {
			continue
		}
		p.idle %= maxIdle
		kept = append(kept, p)
	}
	m.known = kept
}
