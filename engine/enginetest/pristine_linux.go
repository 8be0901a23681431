package enginetest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/lambent-dev/lambent/engine"
)

// secondLook reads the memory of instances without touching it. To read it where
// it lies would map pages, and hide what happens at the first write to one; and
// what compares it here shares nothing with what the engine compares it with.
type secondLook struct{ memory, pages *os.File }

func newSecondLook(t testing.TB) *secondLook {
	t.Helper()
	open := func(name string) *os.File {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	return &secondLook{open("/proc/self/mem"), open("/proc/self/pagemap")}
}

func (l *secondLook) close() {
	l.memory.Close()
	l.pages.Close()
}

// compare says where memory that lies at b, which may have grown since, is not
// want. A page that is neither in the page table nor swapped out was not written
// since it was mapped.
func (l *secondLook) compare(b, want []byte) error {
	size := os.Getpagesize()
	at := uintptr(unsafe.Pointer(unsafe.SliceData(b)))
	words := make([]byte, len(b)/size*8)
	if _, err := l.pages.ReadAt(words, int64(at/uintptr(size)*8)); err != nil {
		return err
	}
	got := make([]byte, size)
	for n := range len(b) / size {
		if binary.LittleEndian.Uint64(words[8*n:])>>62 == 0 {
			continue
		}
		from := n * size
		if from >= len(want) {
			return fmt.Errorf("there is a page at %#x of a memory of %d bytes", from, len(want))
		}
		if _, err := l.memory.ReadAt(got, int64(at)+int64(from)); err != nil {
			return err
		}
		if !bytes.Equal(got, want[from:from+size]) {
			return fmt.Errorf("the page at %#x is not what it was", from)
		}
	}
	return nil
}

// proveEvicted runs n events of random programs whose pages are evicted from
// memory before each: what they write is read from a disk first. The kernel books
// that as another kind of fault.
func proveEvicted(t *testing.T, eng engine.Engine, n int) {
	const each = 300
	seed := rand.Uint64()
	ends := make(map[string]int)
	faults, held := int64(0), 0
	for program := 0; n > 0 && !t.Failed(); program++ {
		p := newProver(t, eng, rand.New(rand.NewPCG(seed, uint64(program))), ends)
		disk := onDisk(t, p.memory)
		for i := range min(n, each) {
			before := majorFaults(t)
			err := p.evictedEvent(disk)
			faults += majorFaults(t) - before
			if err != nil {
				t.Errorf("seed %d, program %d, event %d: %v", seed, program, i, err)
				break
			}
		}
		held += p.held
		p.close()
		disk.Close()
		n -= each
	}
	if faults == 0 && !t.Failed() {
		t.Skip("no page was read from the disk: it is none")
	}
	t.Logf("events ended %v; %d major faults; in %d events the gate held", ends, faults, held)
}

// onDisk writes the memory of an image to a file on a disk.
func onDisk(t *testing.T, memory []byte) *os.File {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "memory"))
	if err == nil {
		_, err = f.Write(memory)
	}
	if err == nil {
		err = f.Sync()
	}
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// evictedEvent is event in an instance whose memory is a private mapping of disk
// in place of the image's.
func (p *prover) evictedEvent(disk *os.File) error {
	if p.in == nil {
		in, err := p.image.Instantiate(engine.InstanceConfig{})
		if err != nil {
			return err
		}
		p.in = in
		// Nothing was restored yet, so the instance will look for what is its own.
		b := in.Memory()
		_, err = unix.MmapPtr(int(disk.Fd()), 0, unsafe.Pointer(unsafe.SliceData(b)), uintptr(len(b)),
			unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_FIXED|unix.MAP_NORESERVE)
		if err == nil {
			err = unix.Madvise(b, unix.MADV_NOHUGEPAGE)
		}
		if err != nil {
			return err
		}
		p.where = b
	}
	unix.Madvise(p.where, unix.MADV_PAGEOUT)
	if err := unix.Fadvise(int(disk.Fd()), 0, 0, unix.FADV_DONTNEED); err != nil {
		return err
	}
	if p.random.IntN(2) == 0 {
		return p.event()
	}
	// A byte or two, which are not read: where nothing else faults, nothing else
	// tells the gate.
	in, r := p.in, p.in.Restorer()
	r.Watch()
	b := in.Memory()
	for range 1 + p.random.IntN(2) {
		at := p.random.IntN(len(b))
		b[at] = p.memory[at] + 1
	}
	if r.Settle() >= 0 {
		p.held++
	}
	if err := r.Restore(); err != nil {
		return err
	}
	return p.look.compare(p.where, p.memory)
}

func majorFaults(t *testing.T) int64 {
	var usage unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return usage.Majflt
}
