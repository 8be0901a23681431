package wazero

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/internal/image"
)

// frozen implements engine.Image.
type frozen struct {
	module  *module
	memory  *image.Image // nil if the module has none
	globals []uint64     // those of module.program
}

// Freeze implements engine.Instance.
func (in *instance) Freeze() (engine.Image, error) {
	if err := in.module.Restorable(); err != nil {
		return nil, err
	}
	if in.guest == nil {
		return nil, errInstanceClosed
	}
	f := &frozen{module: in.module}
	for _, g := range in.globals {
		f.globals = append(f.globals, g.Get())
	}
	if in.memory != nil {
		var err error
		if f.memory, err = image.Freeze(in.memory.Bytes()); err != nil {
			return nil, fmt.Errorf("wazero: %w", err)
		}
	}
	return f, nil
}

// Instantiate implements engine.Image.
func (f *frozen) Instantiate(cfg engine.InstanceConfig) (engine.Instance, error) {
	in, err := f.module.make(context.Background(), cfg, f.memory)
	if err != nil {
		return nil, err
	}
	in.frozen = f
	in.setGlobals()
	return in, nil
}

// Size implements engine.Image.
func (f *frozen) Size() uint64 {
	n := uint64(len(f.globals)) * 8
	if f.memory != nil {
		n += f.memory.Held()
	}
	return n
}

// Close implements engine.Image.
func (f *frozen) Close() error {
	if f.memory == nil {
		return nil
	}
	return f.memory.Close()
}

// An image is stored as
//
//	imageMagic
//	32 bytes: the digest of the module
//	8 bytes: meter.Version and image.RewriteVersion
//	8 bytes for each mutable global of the module
//	32 bytes: the SHA-256 of all before
//	the memory, as package image writes it, with its own, if the module has one
const imageMagic = "lambent image\n"

// imageHead is what the stored images of a module begin with.
func (m *module) imageHead() []byte {
	head := append([]byte(imageMagic), m.digest[:]...)
	head = binary.LittleEndian.AppendUint32(head, engine.MeterVersion)
	return binary.LittleEndian.AppendUint32(head, image.RewriteVersion)
}

// WriteTo implements engine.Image.
func (f *frozen) WriteTo(w io.Writer) (int64, error) {
	head := f.module.imageHead()
	for _, g := range f.globals {
		head = binary.LittleEndian.AppendUint64(head, g)
	}
	sum := sha256.Sum256(head)
	n, err := w.Write(append(head, sum[:]...))
	if err != nil || f.memory == nil {
		return int64(n), err
	}
	more, err := f.memory.WriteTo(w)
	return int64(n) + more, err
}

// ReadImage implements engine.Module.
func (m *module) ReadImage(r io.Reader, limit uint64) (engine.Image, error) {
	if err := m.Restorable(); err != nil {
		return nil, err
	}
	want := m.imageHead()
	head := make([]byte, len(want)+8*len(m.program.Globals)+sha256.Size)
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, fmt.Errorf("%w: %w", engine.ErrImage, err)
	}
	head, says := head[:len(head)-sha256.Size], head[len(head)-sha256.Size:]
	if string(head[:len(want)]) != string(want) {
		return nil, fmt.Errorf("%w: it is of another module, or of another version of Lambent", engine.ErrImage)
	}
	if sum := sha256.Sum256(head); string(sum[:]) != string(says) {
		return nil, fmt.Errorf("%w: the checksum of its globals is %x, it says %x", engine.ErrImage, sum, says)
	}
	f := &frozen{module: m}
	for at := len(want); at < len(head); at += 8 {
		f.globals = append(f.globals, binary.LittleEndian.Uint64(head[at:]))
	}
	if m.binary.Memory != nil {
		var err error
		if f.memory, err = image.Read(r, limit); err != nil {
			return nil, fmt.Errorf("%w: %w", engine.ErrImage, err)
		}
	}
	return f, nil
}
