package image

import (
	"bytes"
	"fmt"
	"os"
)

// Verify compares content and size with the image, after Restore and before
// Watch. It returns an error that says the first address that differs.
//
// It looks at no page that the memory does not have: to look would map it, and
// what happens on the first write to a page would not be seen any more. A page
// that is neither in the page table nor swapped out is the image's. Where the
// page table cannot be read it looks at everything.
func (m *Memory) Verify() error {
	if m.image == nil {
		return errReleased
	}
	size := m.image.size
	if uint64(len(m.bytes)) != size {
		return fmt.Errorf("image: the memory has %d bytes, the image has %d", len(m.bytes), size)
	}
	if !m.shared || m.platform.present == nil {
		return m.image.compare(m.bytes, 0)
	}
	page := uint64(os.Getpagesize())
	pages := make([]bool, 512)
	for at := uint64(0); at < m.top; {
		part := m.reserved[at:min(at+uint64(len(pages))*page, m.top)]
		list := pages[:uint64(len(part))/page]
		if err := m.platform.present(part, list); err != nil {
			return err
		}
		for _, present := range list {
			switch {
			case !present:
			case at >= size:
				return fmt.Errorf("image: the memory of %d bytes holds a page at address %#x", size, at)
			default:
				if err := m.image.compare(m.bytes[at:at+page], at); err != nil {
					return err
				}
			}
			at += page
		}
	}
	return nil
}

// compare says where b, which lies offset bytes into the memory, differs.
func (i *Image) compare(b []byte, offset uint64) error {
	for len(b) > 0 {
		n := min(uint64(len(b)), blockSize)
		if !i.same(b[:n], offset) {
			for at, got := range b[:n] {
				if want := i.at(offset + uint64(at)); got != want {
					return fmt.Errorf("image: the byte at address %#x is %#02x, in the image %#02x", offset+uint64(at), got, want)
				}
			}
		}
		b, offset = b[n:], offset+n
	}
	return nil
}

// same says whether b, which lies offset bytes into the memory, is as in the
// image. Both are in whole blocks.
func (i *Image) same(b []byte, offset uint64) bool {
	for len(b) > 0 {
		n, data := i.run(offset, min(uint64(len(b)), blockSize))
		want := zeroBlock[:n]
		if data {
			want = i.content[offset : offset+n]
		}
		if !bytes.Equal(b[:n], want) {
			return false
		}
		b, offset = b[n:], offset+n
	}
	return true
}

// at returns one byte of the image.
func (i *Image) at(address uint64) byte {
	if !i.data.has(address / blockSize) {
		return 0
	}
	return i.content[address]
}
