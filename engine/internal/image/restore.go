package image

import (
	"errors"
	"fmt"
	"os"
)

// maxDrops is how many runs of pages are given back one by one: a hostile guest
// writes every other page.
const maxDrops = 64

// Restore makes content and size what they are in the image. Nobody else uses
// the memory meanwhile; any goroutine may call it. After an error the memory is
// in doubt: release it.
func (m *Memory) Restore() error {
	if m.doubt != nil {
		return m.doubt
	}
	if m.window.watched {
		return errors.New("image: restored while it is watched")
	}
	if err := m.restore(); err != nil {
		m.doubt = err
		m.window.void = true
		return err
	}
	m.window.settled, m.window.void = false, false
	return nil
}

func (m *Memory) restore() error {
	if err := m.shrink(); err != nil {
		return err
	}
	switch {
	case !m.shared:
		m.image.fill(m.bytes, 0)
		return nil
	case m.window.held():
	case m.platform.scan != nil:
		if err := m.look(); err != nil {
			return err
		}
	default:
		m.known = nil
		if len(m.bytes) > 0 && m.platform.drop(m.bytes) != nil {
			m.unshare()
		}
	}
	if m.events++; m.events%ageEvery == 0 {
		m.age()
	}
	m.copyKnown()
	return nil
}

// shrink gives back what lies beyond the size in the image.
func (m *Memory) shrink() error {
	size := m.image.size
	switch {
	case m.reach == size && uint64(len(m.bytes)) == size:
		return nil
	case m.reserved == nil || uint64(len(m.reserved)) < m.limit:
		// If it only tried to grow it stays where it is: engines look for another
		// place when they see another size.
		if uint64(len(m.bytes)) != size {
			m.bytes = m.bytes[:size]
			if !m.move(size) {
				return fmt.Errorf("image: no memory of %d bytes can be had", size)
			}
		}
		m.reach = size
		return nil
	}
	beyond := m.reserved[size:m.reach]
	if m.shared && m.platform.drop(beyond) != nil {
		m.shared, m.window.open = false, false
	}
	if !m.shared {
		clear(m.bytes[size:])
	}
	if err := protect(beyond); err != nil {
		return fmt.Errorf("image: %w", os.NewSyscallError("mprotect", err))
	}
	m.bytes, m.reach = m.reserved[:size:size], size
	return nil
}

// unshare makes a memory whose pages cannot be given back, as those of a process
// that locks its memory, one that is restored by copying all of it.
func (m *Memory) unshare() {
	m.shared, m.window.open, m.known = false, false, nil
	m.image.fill(m.bytes, 0)
}
