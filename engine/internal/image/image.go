package image

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"os"
	"sync"
	"sync/atomic"
)

// pageSize is the size of a page of WebAssembly: memories come in multiples.
const pageSize = 64 << 10

// blockSize is the unit in which an image tells zeros from data, whatever the
// system's pages are: image files are the same everywhere.
const blockSize = 4 << 10

var errClosed = errors.New("image: it is closed")

// Image is frozen linear memory: immutable, safe for concurrent use.
//
// Where the system can, the content lies in a sealed memfd, in which blocks of
// zeros are holes; elsewhere in bytes of Go's. What follows the last block that
// is not zeros is in neither, so memories made of the image get anonymous memory
// there.
type Image struct {
	platform *platform
	size     uint64
	data     blocks // those that are not all zeros
	backed   uint64 // end of the last such block, in whole pages of the system
	content  []byte // backed bytes
	mapped   bool   // content is a read-only mapping of file, else Go's

	mu   sync.RWMutex // before nothing else
	file *os.File     // nil if content is Go's or there is none, and after Close

	holders atomic.Int64 // of content: memories, and one until Close
	closed  atomic.Bool
}

// Size returns the size of the memory in bytes.
func (i *Image) Size() uint64 { return i.size }

// Held returns how many bytes of memory the image takes: blocks of data, and in
// Go's bytes zeros between them.
func (i *Image) Held() uint64 {
	index := uint64(len(i.data)) * 8
	if !i.mapped {
		return index + i.backed
	}
	var n uint64
	for _, word := range i.data {
		n += uint64(bits.OnesCount64(word))
	}
	return index + n*blockSize
}

// Close gives the image back. Memories made of it stay valid and restorable;
// no more can be made. Closing again does nothing.
func (i *Image) Close() error {
	if !i.closed.CompareAndSwap(false, true) {
		return nil
	}
	i.mu.Lock()
	file := i.file
	i.file = nil
	i.mu.Unlock()
	var err error
	if file != nil {
		err = file.Close()
	}
	return errors.Join(err, i.unhold())
}

// hold keeps the content for a memory, until unhold.
func (i *Image) hold() bool {
	for {
		n := i.holders.Load()
		if n == 0 || i.closed.Load() {
			return false
		}
		if i.holders.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

func (i *Image) unhold() error {
	if i.holders.Add(-1) > 0 || !i.mapped {
		return nil
	}
	content := i.content
	i.content = nil
	return unreserve(content)
}

// fill makes b, which lies offset bytes into the memory, what it is in the
// image. Both are in whole blocks.
func (i *Image) fill(b []byte, offset uint64) {
	for len(b) > 0 {
		n, data := i.run(offset, uint64(len(b)))
		if data {
			copy(b[:n], i.content[offset:])
		} else {
			clear(b[:n])
		}
		b, offset = b[n:], offset+n
	}
}

// run returns how many of the next n bytes are alike, data or zeros, and which.
// Holes are never read: that would give them memory.
func (i *Image) run(offset, n uint64) (length uint64, data bool) {
	if offset >= i.backed {
		return n, false
	}
	data = i.data.has(offset / blockSize)
	for length = blockSize; length < n && i.data.has((offset+length)/blockSize) == data; length += blockSize {
	}
	return length, data
}

// checkSizes refuses sizes that no memory has.
func checkSizes(size, limit uint64) error {
	switch {
	case size%pageSize != 0 || limit%pageSize != 0:
		return fmt.Errorf("image: a memory of %d bytes with a limit of %d bytes, want multiples of %d", size, limit, pageSize)
	case size > limit:
		return fmt.Errorf("image: a memory of %d bytes with a limit of %d bytes", size, limit)
	case limit > math.MaxInt:
		return fmt.Errorf("image: a limit of %d bytes, more than %d", limit, math.MaxInt)
	}
	return nil
}
