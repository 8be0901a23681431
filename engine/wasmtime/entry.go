//go:build wasmtime && cgo && linux && amd64

package wasmtime

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"os"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/internal/image"
	"github.com/lambent-dev/lambent/engine/internal/stored"
)

// entry is what the cache's index knows of a module: everything that it takes to
// run it, but for the code.
type entry struct {
	size    uint64           // of the code
	sum     uint32           // its CRC-32C, which takes a tenth of the time that SHA-256 does
	binary  engine.Interface // of the original module
	program *image.Program   // Module is nil if it was read
	kept    int              // bytes that it was read from, which it has views of
}

// An entry is sealed, see stored.Seal, and holds
//
//	size and sum of the code
//	the interface and the program, as package image stores them
//
// where numbers are unsigned LEB128, and bytes begin with their length. What
// changes this, or what wasmtime is asked for, raises entryVersion.
const (
	entryMagic   = "lambent wasmtime code\n"
	entryVersion = 2
)

// maxEntry is the largest entry that is written or read, in bytes.
const maxEntry = 256 << 20

// cacheKey names what the cache holds of a module.
type cacheKey = stored.Key

// keyOf returns the key of the module with that digest, compiled with those
// features: of all that its program depends on. What its code depends on besides,
// the processor and how the engine is configured, wasmtime looks at itself.
func keyOf(digest [sha256.Size]byte, features uint32) cacheKey {
	b := digest[:]
	for _, version := range []uint32{engine.MeterVersion, image.RewriteVersion, entryVersion, features} {
		b = binary.LittleEndian.AppendUint32(b, version)
	}
	return sha256.Sum256(b)
}

// features are numbers that differ where the code that guests compile to does.
func (c *Config) features() (f uint32) {
	for i, on := range []bool{c.AnyNaN, c.NoClock} {
		if on {
			f |= 1 << i
		}
	}
	return f
}

// seal returns the entry as readEntry reads it.
func (e *entry) seal(key cacheKey) []byte { return stored.Seal(entryMagic, key, e.append) }

func (e *entry) append(out []byte) []byte {
	out = binary.AppendUvarint(out, e.size)
	out = binary.AppendUvarint(out, uint64(e.sum))
	out = stored.AppendBytes(out, image.AppendInterface(nil, &e.binary))
	return stored.AppendBytes(out, e.program.Append(nil))
}

// readEntry reads the entry of that key. What it returns has views of b, which
// must not change. Errors wrap stored.ErrDamaged.
func readEntry(b []byte, key cacheKey) (*entry, error) {
	r, err := stored.Unseal(b, entryMagic, key)
	if err != nil {
		return nil, err
	}
	e, err := decodeEntry(r)
	if err == nil {
		e.kept = len(b)
	}
	return e, err
}

// decodeEntry reads what append appended.
func decodeEntry(r *stored.Reader) (*entry, error) {
	e := &entry{size: r.Number(), sum: r.Uint32()}
	described, program := r.Bytes(), r.Bytes()
	if err := r.End(); err != nil {
		return nil, err
	}
	var err error
	if e.binary, err = image.ReadInterface(described); err != nil {
		return nil, err
	}
	if e.program, err = image.ReadProgram(program); err != nil {
		return nil, err
	}
	return e, nil
}

// castagnoli is of the CRC that processors compute.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func sumOf(b []byte) uint32 { return crc32.Checksum(b, castagnoli) }

// check says whether the code in a file is what the entry describes.
func (e *entry) check(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() || uint64(info.Size()) != e.size {
		return fmt.Errorf("%w: the code is a %v of %d bytes, want a file of %d", stored.ErrDamaged, info.Mode(), info.Size(), e.size)
	}
	sum := crc32.New(castagnoli)
	if _, err := io.CopyBuffer(struct{ io.Writer }{sum}, struct{ io.Reader }{f}, make([]byte, 1<<20)); err != nil {
		return err
	}
	if sum.Sum32() != e.sum {
		return fmt.Errorf("%w: the checksum of the code is another", stored.ErrDamaged)
	}
	return nil
}
