package image

import "bytes"

// blocks is a set of blocks, by number.
type blocks []uint64

func newBlocks(n uint64) blocks { return make(blocks, (n+63)/64) }

func (b blocks) has(n uint64) bool {
	return n/64 < uint64(len(b)) && b[n/64]>>(n%64)&1 != 0
}

func (b blocks) add(n uint64) { b[n/64] |= 1 << (n % 64) }

var zeroBlock [blockSize]byte

// isZero says whether a block is all zeros.
func isZero(block []byte) bool { return bytes.Equal(block, zeroBlock[:len(block)]) }
