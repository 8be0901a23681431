package wazero

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"

	"github.com/lambent-dev/lambent/engine/internal/stored"
)

// codeFile describes a file that wazero wrote, so that damage is found before
// wazero trusts it.
//
// wazero v1.12.0 writes
//
//	"WAZEVO", 1 byte: the length of its version, the version
//	4 bytes: the number of functions
//	8 bytes for each function: where it begins in the machine code
//	8 bytes: the size of the machine code
//	-------- head
//	the machine code
//	-------- tail
//	4 bytes: the CRC-32C of the machine code
//	tables for debugging and exceptions
//
// with numbers little-endian. It checks that CRC as it loads, and nothing else. To
// sum up the machine code once more would take as long as loading it, so sum is of
// the rest, the CRC included. In a file that looks otherwise all is head.
type codeFile struct {
	path       string // in the cache's folder
	size       int64
	head, tail int64 // where the machine code begins and ends
	sum        [sha256.Size]byte
}

var errCodeFile = errors.New("wazero: the file of the code is damaged")

// describe describes a file that was just written, which the cache will have at
// path.
func describe(file, path string) (c codeFile, err error) {
	f, err := os.Open(file)
	if err != nil {
		return c, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return c, err
	}
	c = codeFile{path: path, size: info.Size()}
	var ok bool
	if c.head, c.tail, ok = machineCode(f, c.size); !ok {
		c.head, c.tail = c.size, c.size
	}
	c.sum, err = c.sumOf(f)
	return c, err
}

// maxHead is the most bytes before the table of functions.
const maxHead = len("WAZEVO") + 1 + 255 + 4

// machineCode returns where in a file of size bytes the machine code is, if a CRC
// of it follows.
func machineCode(f io.ReaderAt, size int64) (head, tail int64, ok bool) {
	start := make([]byte, maxHead)
	n, _ := f.ReadAt(start, 0) // less is in a small file
	r := stored.NewReader(start[:n])
	r.Fixed(len("WAZEVO"))
	r.Fixed(int(r.Byte()))
	number := r.Fixed(4)
	if number == nil {
		return 0, 0, false
	}
	head = int64(len("WAZEVO")+1+int(start[len("WAZEVO")])+4) + 8*int64(binary.LittleEndian.Uint32(number)) + 8
	length, okLength := readUint(f, head-8, 8)
	if !okLength || head > size || length > uint64(size-head) {
		return 0, 0, false
	}
	tail = head + int64(length)
	sum := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	if _, err := io.Copy(sum, io.NewSectionReader(f, head, tail-head)); err != nil {
		return 0, 0, false
	}
	want, ok := readUint(f, tail, 4)
	return head, tail, ok && want == uint64(sum.Sum32())
}

// readUint reads a number of n bytes, at most 8.
func readUint(f io.ReaderAt, at int64, n int) (uint64, bool) {
	var b [8]byte
	_, err := f.ReadAt(b[:n], at)
	return binary.LittleEndian.Uint64(b[:]), err == nil
}

// sumOf sums up head and tail of a file.
func (c *codeFile) sumOf(f io.ReaderAt) (sum [sha256.Size]byte, err error) {
	h := sha256.New()
	for _, part := range []*io.SectionReader{io.NewSectionReader(f, 0, c.head), io.NewSectionReader(f, c.tail, c.size-c.tail)} {
		n, err := io.Copy(h, part)
		if err != nil {
			return sum, err
		}
		if n != part.Size() {
			return sum, io.ErrUnexpectedEOF
		}
	}
	h.Sum(sum[:0])
	return sum, nil
}

// check says whether the file in that folder is as it was described, but for what
// wazero checks.
func (c *codeFile) check(folder string) error {
	if !filepath.IsLocal(c.path) || c.head > c.tail || c.tail > c.size {
		return errCodeFile
	}
	f, err := os.Open(filepath.Join(folder, c.path))
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() || info.Size() != c.size {
		return fmt.Errorf("%w: it is a %v of %d bytes, want a file of %d", errCodeFile, info.Mode(), info.Size(), c.size)
	}
	sum, err := c.sumOf(f)
	if err == nil && !bytes.Equal(sum[:], c.sum[:]) {
		err = fmt.Errorf("%w: the checksum is another", errCodeFile)
	}
	return err
}

func (c *codeFile) append(out []byte) []byte {
	out = stored.AppendBytes(out, c.path)
	for _, n := range []int64{c.size, c.head, c.tail} {
		out = binary.AppendUvarint(out, uint64(n))
	}
	return append(out, c.sum[:]...)
}

// readCodeFile reads what append appended. check finds numbers that cannot be.
func readCodeFile(r *stored.Reader) (c codeFile) {
	c.path = string(r.Bytes())
	for _, n := range []*int64{&c.size, &c.head, &c.tail} {
		*n = int64(r.Number() &^ (1 << 63))
	}
	copy(c.sum[:], r.Fixed(len(c.sum)))
	return c
}
