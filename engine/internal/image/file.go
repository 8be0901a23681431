package image

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"
)

// An image file is, with all numbers little-endian:
//
//	 0        8                16
//	+--------+----------------+
//	| magic  | size in bytes  |
//	+--------+----------------+
//	| zeros u32 | data u32 | data × 4096 bytes |   as often as it takes
//	+--------+----------------+
//	| SHA-256 of all before   |
//	+-------------------------+
//
// Each run is so many blocks of zeros, then so many that are not. There is one
// way to write an image: no run but the first begins without zeros, none but
// the last ends without data, and no block of data is all zeros. The runs end
// where the size does. The magic ends with the version of the format.
const fileMagic = "LbdImg\x00\x01"

var errDamaged = errors.New("image: the file is damaged")

// WriteTo writes the image for Read.
func (i *Image) WriteTo(w io.Writer) (int64, error) {
	if !i.hold() {
		return 0, errClosed
	}
	defer i.unhold()
	out := &summer{hash: sha256.New(), w: w}
	if err := i.writeBlocks(out); err != nil {
		return out.n, err
	}
	_, err := out.Write(out.hash.Sum(nil))
	return out.n, err
}

func (i *Image) writeBlocks(w io.Writer) error {
	header := binary.LittleEndian.AppendUint64([]byte(fileMagic), i.size)
	if _, err := w.Write(header); err != nil {
		return err
	}
	for at := uint64(0); at < i.size; {
		var zeros, n uint64
		zeros, n = i.alike(at, false), 0
		n = i.alike(at+zeros, true)
		run := binary.LittleEndian.AppendUint32(nil, uint32(zeros/blockSize))
		run = binary.LittleEndian.AppendUint32(run, uint32(n/blockSize))
		if _, err := w.Write(run); err != nil {
			return err
		}
		at += zeros
		if _, err := w.Write(i.content[min(at, i.backed):min(at+n, i.backed)]); err != nil {
			return err
		}
		at += n
	}
	return nil
}

// alike returns how many bytes from offset on are in blocks of data, or not.
func (i *Image) alike(offset uint64, data bool) uint64 {
	at := offset
	for at < i.size {
		n, is := i.run(at, i.size-at)
		if is != data {
			break
		}
		at += n
	}
	return at - offset
}

// Read reads an image that WriteTo wrote, and not a byte more. A file that is
// damaged, or of a memory of more than limit bytes, is an error. It needs no
// more memory than the file is long, unless images are bytes of Go's here: then
// up to limit.
func Read(r io.Reader, limit uint64) (*Image, error) { return readImage(detect(), r, limit) }

func readImage(p *platform, r io.Reader, limit uint64) (*Image, error) {
	in := &summer{hash: sha256.New(), r: r}
	var header [len(fileMagic) + 8]byte
	if err := in.readFull(header[:]); err != nil {
		return nil, err
	}
	if string(header[:len(fileMagic)]) != fileMagic {
		return nil, fmt.Errorf("%w: it begins with %q, want %q", errDamaged, header[:len(fileMagic)], fileMagic)
	}
	size := binary.LittleEndian.Uint64(header[len(fileMagic):])
	if size > limit {
		return nil, fmt.Errorf("image: the file is of a memory of %d bytes, allowed are %d", size, limit)
	}
	f, err := newFreezer(p, size)
	if err != nil {
		return nil, err
	}
	if err := in.readBlocks(f); err != nil {
		f.abandon()
		return nil, err
	}
	return f.finish()
}

// readBlocks reads everything after the header.
func (s *summer) readBlocks(f *freezer) error {
	size := f.image.size
	buffer := make([]byte, 64*blockSize)
	for at := uint64(0); at < size; {
		var run [8]byte
		if err := s.readFull(run[:]); err != nil {
			return err
		}
		zeros := uint64(binary.LittleEndian.Uint32(run[:])) * blockSize
		data := uint64(binary.LittleEndian.Uint32(run[4:])) * blockSize
		if zeros+data > size-at || zeros == 0 && at > 0 || data == 0 && (zeros == 0 || zeros != size-at) {
			return fmt.Errorf("%w: %d bytes of zeros and %d of data at address %#x of %#x", errDamaged, zeros, data, at, size)
		}
		at += zeros
		for end := at + data; at < end; {
			part := buffer[:min(end-at, uint64(len(buffer)))]
			if err := s.readFull(part); err != nil {
				return err
			}
			for block := part; len(block) > 0; block = block[blockSize:] {
				if isZero(block[:blockSize]) {
					return fmt.Errorf("%w: a block of zeros among data before address %#x", errDamaged, at+uint64(len(part)))
				}
			}
			if err := f.write(part, at); err != nil {
				return err
			}
			at += uint64(len(part))
		}
	}
	want := s.hash.Sum(nil)
	got := make([]byte, len(want))
	if err := s.readFull(got); err != nil {
		return err
	}
	if string(got) != string(want) {
		return fmt.Errorf("%w: its checksum is %x, it says %x", errDamaged, want, got)
	}
	return nil
}

// summer sums what it reads or writes.
type summer struct {
	hash hash.Hash
	r    io.Reader
	w    io.Writer
	n    int64
}

func (s *summer) Write(b []byte) (int, error) {
	s.hash.Write(b)
	n, err := s.w.Write(b)
	s.n += int64(n)
	return n, err
}

func (s *summer) readFull(b []byte) error {
	n, err := io.ReadFull(s.r, b)
	s.hash.Write(b[:n])
	s.n += int64(n)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return fmt.Errorf("%w: it ends after %d bytes", errDamaged, s.n)
	}
	return err
}
