package image

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/lambent-dev/lambent/engine"
)

// Frozen is all of an instance that changes: what an engine.Image holds.
type Frozen struct {
	Memory  *Image   // nil if the module has none
	Globals []uint64 // those of its Program
}

// Frozen instances are stored as
//
//	frozenMagic
//	32 bytes: the digest of the original module
//	8 bytes: engine.MeterVersion and RewriteVersion
//	8 bytes for each mutable global of the module
//	32 bytes: the SHA-256 of all before
//	the memory, as Image writes it, with its own, if the module has one
const frozenMagic = "lambent image\n"

// frozenHead is what the stored instances of a module begin with.
func frozenHead(digest [sha256.Size]byte) []byte {
	head := append([]byte(frozenMagic), digest[:]...)
	head = binary.LittleEndian.AppendUint32(head, engine.MeterVersion)
	return binary.LittleEndian.AppendUint32(head, RewriteVersion)
}

// Write writes it for ReadFrozen.
func (f *Frozen) Write(w io.Writer, digest [sha256.Size]byte) (int64, error) {
	head := frozenHead(digest)
	for _, g := range f.Globals {
		head = binary.LittleEndian.AppendUint64(head, g)
	}
	sum := sha256.Sum256(head)
	n, err := w.Write(append(head, sum[:]...))
	if err != nil || f.Memory == nil {
		return int64(n), err
	}
	more, err := f.Memory.WriteTo(w)
	return int64(n) + more, err
}

// ReadFrozen reads an instance of the module with that digest, which has so many
// mutable globals and a memory or none, of at most limit bytes. Errors wrap
// engine.ErrImage.
func ReadFrozen(r io.Reader, digest [sha256.Size]byte, globals int, memory bool, limit uint64) (*Frozen, error) {
	want := frozenHead(digest)
	head := make([]byte, len(want)+8*globals+sha256.Size)
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, fmt.Errorf("%w: %w", engine.ErrImage, err)
	}
	head, says := head[:len(head)-sha256.Size], head[len(head)-sha256.Size:]
	if !bytes.HasPrefix(head, want) {
		return nil, fmt.Errorf("%w: it is of another module, or of another version of Lambent", engine.ErrImage)
	}
	if sum := sha256.Sum256(head); !bytes.Equal(sum[:], says) {
		return nil, fmt.Errorf("%w: the checksum of its globals is %x, it says %x", engine.ErrImage, sum, says)
	}
	f := &Frozen{}
	for at := len(want); at < len(head); at += 8 {
		f.Globals = append(f.Globals, binary.LittleEndian.Uint64(head[at:]))
	}
	if memory {
		var err error
		if f.Memory, err = Read(r, limit); err != nil {
			return nil, fmt.Errorf("%w: %w", engine.ErrImage, err)
		}
	}
	return f, nil
}

// Size returns how many bytes of memory it takes.
func (f *Frozen) Size() uint64 {
	n := uint64(len(f.Globals)) * 8
	if f.Memory != nil {
		n += f.Memory.Held()
	}
	return n
}

// Close gives up the memory. Instances made of it live on.
func (f *Frozen) Close() error {
	if f.Memory == nil {
		return nil
	}
	return f.Memory.Close()
}
