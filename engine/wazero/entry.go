package wazero

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/internal/image"
	"github.com/lambent-dev/lambent/engine/internal/stored"
)

// entry is what the cache's index knows of a module: everything that it takes to
// run it, but for the code.
type entry struct {
	code     codeFile
	skeleton []byte           // see image.Program.Skeleton
	binary   engine.Interface // of the original module
	program  *image.Program   // Module is nil if it was read
	kept     int              // bytes that it was read from, which it has views of
}

// size is about how many bytes of memory a module takes that was made of the
// entry.
func (e *entry) size() uint64 { return uint64(e.code.size) + uint64(e.kept) }

// An entry is stored as
//
//	entryMagic
//	32 bytes: the key
//	the code file: path, size, head, tail, and 32 bytes of sum
//	the skeleton
//	the interface and the program, as package image stores them
//	32 bytes: the SHA-256 of all before
//
// where numbers are unsigned LEB128, and bytes, but for sums and key, begin with
// their length. What changes this, or what Compile refuses, raises entryVersion.
const (
	entryMagic   = "lambent code\n"
	entryVersion = 1
)

// maxEntry is the largest entry that is written or read, in bytes.
const maxEntry = 256 << 20

// cacheKey names what the cache holds of a module.
type cacheKey [sha256.Size]byte

// keyOf returns the key of the module with that digest: of all that its program
// depends on.
func keyOf(digest [sha256.Size]byte) cacheKey {
	b := digest[:]
	for _, version := range []uint32{engine.MeterVersion, image.RewriteVersion, entryVersion} {
		b = binary.LittleEndian.AppendUint32(b, version)
	}
	return sha256.Sum256(b)
}

// append appends the entry as readEntry reads it.
func (e *entry) append(out []byte, key cacheKey) []byte {
	start := len(out)
	out = append(append(out, entryMagic...), key[:]...)
	out = e.code.append(out)
	out = stored.AppendBytes(out, e.skeleton)
	out = stored.AppendBytes(out, image.AppendInterface(nil, &e.binary))
	out = stored.AppendBytes(out, e.program.Append(nil))
	sum := sha256.Sum256(out[start:])
	return append(out, sum[:]...)
}

// readEntry reads the entry of that key. What it returns has views of b, which
// must not change. Errors wrap stored.ErrDamaged.
func readEntry(b []byte, key cacheKey) (*entry, error) {
	body := b[:max(len(b)-sha256.Size, 0)]
	if sum := sha256.Sum256(body); !bytes.Equal(sum[:], b[len(body):]) {
		return nil, fmt.Errorf("%w: the checksum is another", stored.ErrDamaged)
	}
	e, err := decodeEntry(body, key)
	if err == nil {
		e.kept = len(b)
	}
	return e, err
}

// decodeEntry reads an entry without its checksum.
func decodeEntry(body []byte, key cacheKey) (*entry, error) {
	r := stored.NewReader(body)
	if magic := r.Fixed(len(entryMagic)); string(magic) != entryMagic {
		return nil, fmt.Errorf("%w: it begins with %q, want %q", stored.ErrDamaged, magic, entryMagic)
	}
	if !bytes.Equal(r.Fixed(len(key)), key[:]) {
		return nil, fmt.Errorf("%w: it is of another module", stored.ErrDamaged)
	}
	e := &entry{code: readCodeFile(r), skeleton: r.Bytes()}
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
