package wazero

import (
	"crypto/sha256"
	"encoding/binary"

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

// An entry is sealed, see stored.Seal, and holds
//
//	the code file: path, size, head, tail, and 32 bytes of sum
//	the skeleton
//	the interface and the program, as package image stores them
//
// where numbers are unsigned LEB128, and bytes, but for sum, begin with their length.
// What changes this, or what Compile refuses, raises entryVersion.
const (
	entryMagic   = "lambent code\n"
	entryVersion = 1
)

// maxEntry is the largest entry that is written or read, in bytes.
const maxEntry = 256 << 20

// cacheKey names what the cache holds of a module.
type cacheKey = stored.Key

// keyOf returns the key of the module with that digest: of all that its program
// depends on.
func keyOf(digest [sha256.Size]byte) cacheKey {
	b := digest[:]
	for _, version := range []uint32{engine.MeterVersion, image.RewriteVersion, entryVersion} {
		b = binary.LittleEndian.AppendUint32(b, version)
	}
	return sha256.Sum256(b)
}

// seal returns the entry as readEntry reads it.
func (e *entry) seal(key cacheKey) []byte { return stored.Seal(entryMagic, key, e.append) }

func (e *entry) append(out []byte) []byte {
	out = e.code.append(out)
	out = stored.AppendBytes(out, e.skeleton)
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
