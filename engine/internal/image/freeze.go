package image

import (
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
)

// Freeze copies a linear memory. Its length is a multiple of 64 KiB.
func Freeze(memory []byte) (*Image, error) { return freeze(detect(), memory) }

func freeze(p *platform, memory []byte) (*Image, error) {
	f, err := newFreezer(p, uint64(len(memory)))
	if err != nil {
		return nil, err
	}
	for at := 0; at < len(memory); {
		from := at
		for at < len(memory) && !isZero(memory[at:at+blockSize]) {
			at += blockSize
		}
		if err := f.write(memory[from:at], uint64(from)); err != nil {
			f.abandon()
			return nil, err
		}
		for at < len(memory) && isZero(memory[at:at+blockSize]) {
			at += blockSize
		}
	}
	return f.finish()
}

// freezer makes an image from its blocks.
type freezer struct {
	image *Image
}

func newFreezer(p *platform, size uint64) (*freezer, error) {
	if err := checkSizes(size, size); err != nil {
		return nil, err
	}
	i := &Image{platform: p, size: size, data: newBlocks(size / blockSize)}
	i.holders.Store(1)
	if p.file != nil {
		// Without one, the content is Go's.
		i.file, _ = p.file()
	}
	return &freezer{image: i}, nil
}

// write adds whole blocks of data at a multiple of their size.
func (f *freezer) write(data []byte, offset uint64) error {
	i := f.image
	end := offset + uint64(len(data))
	if len(data) == 0 {
		return nil
	}
	if end > i.size {
		return fmt.Errorf("image: data up to byte %d of a memory of %d bytes", end, i.size)
	}
	if i.file != nil {
		if _, err := i.file.WriteAt(data, int64(offset)); err != nil {
			return fmt.Errorf("image: %w", err)
		}
	} else {
		if n := int(end) - len(i.content); n > 0 {
			i.content = slices.Grow(i.content, n)[:end]
		}
		copy(i.content[offset:], data)
	}
	for n := offset / blockSize; n < end/blockSize; n++ {
		i.data.add(n)
	}
	i.backed = max(i.backed, end)
	return nil
}

// finish returns the image. The freezer is of no use afterwards.
func (f *freezer) finish() (*Image, error) {
	i := f.image
	page := uint64(os.Getpagesize())
	if i.backed > math.MaxInt-page {
		f.abandon()
		return nil, errors.New("image: too large")
	}
	i.backed = min((i.backed+page-1)/page*page, i.size)
	if i.file == nil {
		if n := int(i.backed) - len(i.content); n > 0 {
			i.content = append(i.content, make([]byte, n)...)
		}
		return i, nil
	}
	if i.backed == 0 {
		i.file.Close()
		i.file = nil
		return i, nil
	}
	err := i.file.Truncate(int64(i.backed))
	if err == nil {
		err = i.platform.seal(i.file)
	}
	if err == nil {
		i.content, err = view(i.file, i.backed)
	}
	if err != nil {
		f.abandon()
		return nil, fmt.Errorf("image: %w", err)
	}
	i.mapped = true
	return i, nil
}

// abandon drops what is half made.
func (f *freezer) abandon() {
	if f.image.file != nil {
		f.image.file.Close()
	}
}
