package image

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"
)

// images are contents worth writing to a file.
func images() map[string][]byte {
	r := rand.New(rand.NewPCG(1, 1))
	one := func(at int) []byte {
		content := make([]byte, 4*pageSize)
		content[at] = 1
		return content
	}
	return map[string][]byte{
		"nothing":     {},
		"zeros":       make([]byte, 3*pageSize),
		"first byte":  one(0),
		"last byte":   one(4*pageSize - 1),
		"middle":      one(2*pageSize + 77),
		"no zeros":    bytes.Repeat([]byte{7}, 9*pageSize),
		"some zeros":  contentOf(r, 16*pageSize),
		"other zeros": append(make([]byte, pageSize), contentOf(r, 5*pageSize)...),
	}
}

// fileOf writes an image of content.
func fileOf(t testing.TB, p *platform, content []byte) []byte {
	t.Helper()
	i, err := freeze(p, content)
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	var file bytes.Buffer
	if n, err := i.WriteTo(&file); err != nil || n != int64(file.Len()) {
		t.Fatalf("%d bytes of %d: %v", n, file.Len(), err)
	}
	return file.Bytes()
}

func TestFilesAreRead(t *testing.T) {
	for name, content := range images() {
		var first []byte
		for kind, p := range kinds() {
			file := fileOf(t, p, content)
			if first == nil {
				first = file
			}
			if !bytes.Equal(file, first) {
				t.Errorf("%s: files are not the same everywhere", name)
			}
			if most := len(content) + 200 + len(content)/blockSize*8; len(file) > most {
				t.Errorf("%s: %d bytes for %d", name, len(file), len(content))
			}
			r := bytes.NewReader(append(file[:len(file):len(file)], "what follows"...))
			i, err := readImage(p, iotest.OneByteReader(r), uint64(len(content)))
			if err != nil {
				t.Fatalf("%s, %s: %v", name, kind, err)
			}
			if r.Len() != len("what follows") {
				t.Errorf("%s: %d bytes are left", name, r.Len())
			}
			m, err := i.within(Room{}, i.Size()+pageSize)
			if err != nil {
				t.Fatal(err)
			}
			if err := m.Verify(); err != nil {
				t.Errorf("%s, %s: %v", name, kind, err)
			}
			if !bytes.Equal(m.Bytes(), content) {
				t.Errorf("%s, %s: the content changed", name, kind)
			}
			m.Release()
			i.Close()
			if _, err := i.WriteTo(io.Discard); err == nil {
				t.Errorf("%s: a closed image is written", kind)
			}
		}
	}
	if zeros := fileOf(t, detect(), make([]byte, 64<<20)); len(zeros) > 100 {
		t.Errorf("%d bytes for zeros", len(zeros))
	}
}

// TestDamagedFilesAreRefused flips bits of a small file, cuts it at every length,
// and limits it.
func TestDamagedFilesAreRefused(t *testing.T) {
	content := make([]byte, pageSize)
	content[2*blockSize] = 1
	file := fileOf(t, detect(), content)
	for n := range file {
		for bit := range 8 {
			if n > 64 && n < len(file)-64 && bit != n%8 {
				continue // of the data, one bit in each byte
			}
			damaged := bytes.Clone(file)
			damaged[n] ^= 1 << bit
			if i, err := Read(bytes.NewReader(damaged), 1<<20); err == nil {
				i.Close()
				t.Fatalf("byte %d, bit %d: read", n, bit)
			}
		}
		if _, err := Read(bytes.NewReader(file[:n]), 1<<20); !errors.Is(err, errDamaged) {
			t.Fatalf("cut to %d bytes: %v", n, err)
		}
	}
	if _, err := Read(bytes.NewReader(file), pageSize-1); err == nil {
		t.Error("an image that is larger than allowed")
	}
	if _, err := Read(iotest.ErrReader(io.ErrNoProgress), 1<<20); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("the reader's error is %v", err)
	}
}

// TestOnlyOneWayToWrite has checksums that are right, of files that are not.
func TestOnlyOneWayToWrite(t *testing.T) {
	file := func(size uint64, runs ...any) []byte {
		b := binary.LittleEndian.AppendUint64([]byte(fileMagic), size)
		for _, run := range runs {
			b, _ = binary.Append(b, binary.LittleEndian, run)
		}
		sum := sha256.Sum256(b)
		return append(b, sum[:]...)
	}
	data := bytes.Repeat([]byte{1}, blockSize)
	read := func(b []byte) error {
		i, err := Read(bytes.NewReader(b), 1<<20)
		if err == nil {
			i.Close()
		}
		return err
	}
	for name, good := range map[string][]byte{
		"zeros": file(pageSize, [2]uint32{16, 0}),
		"data":  file(pageSize, [2]uint32{15, 1}, data),
		"two":   file(pageSize, [2]uint32{0, 1}, data, [2]uint32{14, 1}, data),
	} {
		if err := read(good); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, bad := range map[string][]byte{
		"no whole pages":    file(pageSize-1, [2]uint32{16, 0}),
		"too many zeros":    file(pageSize, [2]uint32{17, 0}),
		"too much data":     file(pageSize, [2]uint32{16, 1}, data),
		"huge runs":         file(pageSize, [2]uint32{0xffffffff, 0xffffffff}),
		"an empty run":      file(pageSize, [2]uint32{0, 0}, [2]uint32{16, 0}),
		"split data":        file(pageSize, [2]uint32{14, 1}, data, [2]uint32{0, 1}, data),
		"split zeros":       file(pageSize, [2]uint32{15, 0}, [2]uint32{1, 0}),
		"zeros among data":  file(pageSize, [2]uint32{15, 1}, make([]byte, blockSize)),
		"more than allowed": file(1<<20+pageSize, [2]uint32{17 << 4 << 4, 0}),
		"2^64":              file(1<<64-pageSize, [2]uint32{16, 0}),
	} {
		if err := read(bad); err == nil {
			t.Errorf("%s: read", name)
		}
	}
}

// TestWriteErrors has a disk that is full at every length.
func TestWriteErrors(t *testing.T) {
	content := make([]byte, 4*pageSize)
	content[pageSize], content[3*pageSize] = 1, 1
	i, err := Freeze(content)
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	all, err := i.WriteTo(io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	for n := range all {
		if written, err := i.WriteTo(&shortWriter{int(n)}); err == nil || written != n {
			t.Fatalf("room for %d bytes: %d are written, %v", n, written, err)
		}
	}
}

type shortWriter struct{ room int }

func (w *shortWriter) Write(b []byte) (int, error) {
	n := min(len(b), w.room)
	w.room -= n
	if n < len(b) {
		return n, io.ErrShortWrite
	}
	return n, nil
}

// FuzzRead reads what may be an image. What can be read is written again as it
// was.
func FuzzRead(f *testing.F) {
	for _, content := range images() {
		file := fileOf(f, detect(), content)
		f.Add(file[:min(len(file), 1<<16)])
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		// Checksums are not guessed: what follows one that is right is read too.
		if len(file) > sha256.Size {
			sum := sha256.Sum256(file[:len(file)-sha256.Size])
			copy(file[len(file)-sha256.Size:], sum[:])
		}
		for _, p := range []*platform{detect(), {}} {
			r := bytes.NewReader(file)
			i, err := readImage(p, r, 4<<20)
			if err != nil {
				continue
			}
			var again bytes.Buffer
			if _, err := i.WriteTo(&again); err != nil || !bytes.Equal(again.Bytes(), file[:len(file)-r.Len()]) {
				t.Errorf("an image of %d bytes is written in another way: %v", i.Size(), err)
			}
			m, err := i.within(Room{}, i.Size())
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(m.Restore(), m.Verify(), m.Release(), i.Close()); err != nil {
				t.Error(err)
			}
		}
	})
}
