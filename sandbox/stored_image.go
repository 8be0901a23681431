package sandbox

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"runtime"
	"slices"
	"time"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox/internal/wasi"
)

// Images keeps images of functions between processes. An image holds all that
// its function held after its init phase, values of the environment among it: it
// is as secret as those. What is read is trusted to be what was written, or
// damaged by accident. Implementations are safe for concurrent use; see
// ImageFolder.
type Images interface {
	// Read returns the image that was written under a key. If there is none, the
	// error is fs.ErrNotExist.
	Read(key [sha256.Size]byte) (io.ReadCloser, error)
	// Write keeps an image, all of it or nothing, in place of what was there.
	Write(key [sha256.Size]byte, image io.WriterTo) error
}

// storedIdentity is the key of a stored image: everything that its guest could
// have seen in the init phase, but for what is new every time.
type storedIdentity [sha256.Size]byte

// identity returns the key of the image of a module, nil if it is not kept.
func (c *Config) identity(eng engine.Engine, digest [sha256.Size]byte) *storedIdentity {
	if c.Images == nil || (c.Files != nil || len(c.Layers) > 0) && c.FilesDigest == [sha256.Size]byte{} {
		return nil
	}
	var b []byte
	text := func(s string) { b = append(binary.AppendUvarint(b, uint64(len(s))), s...) }
	limits := c.Limits
	limits.Idle, limits.IdleBytes = 0, 0 // no guest sees them
	for _, s := range []string{
		storedMagic, eng.Name(), fmt.Sprint(engine.MeterVersion), runtime.GOARCH, string(digest[:]), string(c.FilesDigest[:]),
		fmt.Sprintf("%+v", limits), string(c.Manifest.Model), c.Manifest.Mode, c.Manifest.Warmup,
		c.Name, c.Version, c.FunctionARN, c.LogGroup, c.Region, c.Handler,
	} {
		text(s)
	}
	for _, list := range [][]string{c.environment(), c.Credentials.list(), slices.Sorted(maps.Keys(c.Calls))} {
		b = binary.AppendUvarint(b, uint64(len(list)))
		for _, s := range list {
			text(s)
		}
	}
	key := storedIdentity(sha256.Sum256(b))
	return &key
}

// An image is stored as
//
//	storedMagic
//	32 bytes: the identity
//	4 bytes: the length of what follows, little-endian
//	the storedHead, as JSON
//	32 bytes: the SHA-256 of all before
//	the engine's image, with checksums of its own
const (
	storedMagic   = "lambent sandbox image 1\n"
	maxStoredHead = 1 << 20 // bytes of JSON; abi.MaxHandlers names take a fifth
)

// storedHead is the host's side of a frozen instance.
type storedHead struct {
	Handlers []string
	Elapsed  time.Duration // on the monotonic clock
	Frozen   int64         // when its /tmp was made, in nanoseconds since the Unix epoch
	Hook     bool
	Flags    [4]wasi.Fdflags
}

// keep writes the frozen image to Config.Images. A function works without.
func (p *pool) keep(handlers []string) {
	if p.identity == nil || p.image == nil {
		return
	}
	elapsed := p.config.Now().Sub(p.epoch)
	head := storedHead{Handlers: handlers, Elapsed: elapsed, Frozen: p.frozen, Hook: p.hook, Flags: p.flags}
	if err := p.config.Images.Write(*p.identity, &storedImage{*p.identity, head, p.image}); err != nil {
		slog.Warn("lambent: an image could not be kept", "function", p.config.Name, "error", err)
	}
}

// storedImage writes an image.
type storedImage struct {
	identity storedIdentity
	head     storedHead
	image    engine.Image
}

// WriteTo implements io.WriterTo.
func (s *storedImage) WriteTo(w io.Writer) (int64, error) {
	head, err := json.Marshal(s.head)
	if err != nil {
		return 0, err
	}
	b := append([]byte(storedMagic), s.identity[:]...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(head)))
	b = append(b, head...)
	sum := sha256.Sum256(b)
	n, err := w.Write(append(b, sum[:]...))
	if err != nil {
		return int64(n), err
	}
	more, err := s.image.WriteTo(w)
	return int64(n) + more, err
}

// thaw makes the pool what freeze made that of an earlier Sandbox, and returns
// the handlers that its module registered. ok is false if nothing was kept, or
// not whole: the init phase then has to run.
func (p *pool) thaw() (handlers []string, ok bool) {
	if p.identity == nil || p.mode != Pristine {
		return nil, false
	}
	r, err := p.config.Images.Read(*p.identity)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			slog.Warn("lambent: a stored image could not be read", "function", p.config.Name, "error", err)
		}
		return nil, false
	}
	defer r.Close()
	head, err := p.read(bufio.NewReaderSize(r, 64<<10))
	if err != nil {
		slog.Warn("lambent: a stored image is of no use", "function", p.config.Name, "error", err)
		return nil, false
	}
	p.ready, p.hook, p.flags, p.frozen = true, head.Hook, head.Flags, head.Frozen
	p.epoch = p.config.Now().Add(-max(head.Elapsed, 0)) // the clock goes on
	return head.Handlers, true
}

// read reads what storedImage wrote.
func (p *pool) read(r io.Reader) (*storedHead, error) {
	b := make([]byte, len(storedMagic)+len(p.identity)+4)
	if _, err := io.ReadFull(r, b); err != nil {
		return nil, err
	}
	if want := append([]byte(storedMagic), p.identity[:]...); !bytes.HasPrefix(b, want) {
		return nil, errors.New("it is of another function, or of another version of Lambent")
	}
	n := binary.LittleEndian.Uint32(b[len(b)-4:])
	if n > maxStoredHead {
		return nil, fmt.Errorf("its head has %d bytes; at most %d are allowed", n, maxStoredHead)
	}
	rest := make([]byte, int(n)+sha256.Size)
	if _, err := io.ReadFull(r, rest); err != nil {
		return nil, err
	}
	text, says := rest[:n], rest[n:]
	if sum := sha256.Sum256(append(b, text...)); !bytes.Equal(sum[:], says) {
		return nil, fmt.Errorf("the checksum of its head is %x, it says %x", sum, says)
	}
	var head storedHead
	if err := json.Unmarshal(text, &head); err != nil {
		return nil, err
	}
	var err error
	p.image, err = p.module.ReadImage(r, p.config.Limits.Memory)
	return &head, err
}
