package image

import (
	"fmt"
	"os"
	"unsafe"
)

// look finds the pages that the memory has for itself and gives back those that
// it does not keep.
func (m *Memory) look() error {
	if m.scanner == nil {
		m.scanner = new(scanner)
	}
	before := m.known
	m.known, m.spare = m.spare[:0], m.known
	drops := 0
	for at, size := uint64(0), uint64(len(m.bytes)); at < size; {
		spans, end, err := m.scan(at, size)
		if err != nil {
			return err
		}
		for _, s := range spans {
			from := m.keep(s, &before)
			if from == s.to {
				continue
			}
			if drops++; drops > maxDrops {
				s.to, end = size, size
			}
			if m.platform.drop(m.bytes[from:s.to]) != nil {
				m.unshare()
				return nil
			}
			if s.to == size {
				break
			}
		}
		at = end
	}
	return nil
}

// scan looks for private pages from offset at on. It returns them and where it
// stopped, which is size unless there are more of them than it has room for.
// Anything else is an error: pages that it did not see may have changed.
func (m *Memory) scan(at, size uint64) ([]span, uint64, error) {
	base := uint64(uintptr(unsafe.Pointer(unsafe.SliceData(m.bytes))))
	n, stop, err := m.platform.scan(m.scanner, base+at, base+size)
	if err != nil {
		return nil, 0, fmt.Errorf("image: scan for changed pages: %w", err)
	}
	end := stop - base
	if n < 0 || n > len(m.scanner.spans) || end <= at || end > size || end < size && n < len(m.scanner.spans) {
		return nil, 0, fmt.Errorf("image: the scan of bytes %d to %d for changed pages stopped at %d with %d runs", at, size, end, n)
	}
	spans := m.scanner.spans[:n]
	for i := range spans {
		s := &spans[i]
		s.from, s.to = s.from-base, s.to-base
		if s.from < at || s.from >= s.to || s.to > end {
			return nil, 0, fmt.Errorf("image: the scan of bytes %d to %d for changed pages found %d to %d", at, end, s.from, s.to)
		}
	}
	return spans, end, nil
}

// keep adds pages to those that the memory knows to be its own while there is
// room. It returns where it stopped: what follows is to be given back. Pages that
// it knew before stay as old as they were: they are at the beginning of before.
func (m *Memory) keep(s span, before *[]private) uint64 {
	if s.zero() && s.from >= m.image.backed {
		return s.to // the guest read what it never wrote
	}
	size := uint64(os.Getpagesize())
	for ; s.from < s.to && len(m.known) < maxPrivate; s.from += size {
		p := private{page: uint32(s.from / size)}
		for len(*before) > 0 && (*before)[0].page <= p.page {
			if (*before)[0].page == p.page {
				p.idle = (*before)[0].idle
			}
			*before = (*before)[1:]
		}
		m.known = append(m.known, p)
	}
	return s.from
}
