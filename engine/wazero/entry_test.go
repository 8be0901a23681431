package wazero

import (
	"bytes"
	"errors"
	"os"
	"reflect"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	. "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/engine/internal/stored"
)

// sampleEntry returns the entry of a module that has something of each kind.
func sampleEntry(t testing.TB) (*entry, cacheKey) {
	t.Helper()
	var b Builder
	typ := b.Type(Types{I32, F64}, Types{I64})
	b.ImportFunc("env", "f", typ)
	b.ImportGlobal("env", "g", I32, false)
	b.Memory(1, 9)
	b.Data(3, []byte("data"))
	b.ExportMemory()
	b.ExportFunc("h", b.Func(typ, nil, I64Const(1)))
	binary, err := engine.Check(b.Bytes(), engine.ModuleLimits{})
	if err != nil {
		t.Fatal(err)
	}
	program, err := rewrite(binary, true)
	if err != nil {
		t.Fatal(err)
	}
	key := keyOf(binary.Digest())
	skeleton, err := program.Skeleton(key[:])
	if err != nil {
		t.Fatal(err)
	}
	code := codeFile{path: "folder/file", size: 100, head: 10, tail: 90, sum: [32]byte{1, 2, 3}}
	return &entry{code: code, skeleton: skeleton, binary: binary.Interface, program: program}, key
}

func TestEntry(t *testing.T) {
	want, key := sampleEntry(t)
	got, err := readEntry(want.seal(key), key)
	if err != nil {
		t.Fatal(err)
	}
	if got.code != want.code || !bytes.Equal(got.skeleton, want.skeleton) || !reflect.DeepEqual(got.binary, want.binary) {
		t.Errorf("it is %+v, want %+v", got, want)
	}
	memory := make([]byte, 8)
	if err := got.program.Apply(memory); err != nil || string(memory[3:7]) != "data" {
		t.Errorf("its data make memory %q, %v", memory, err)
	}
}

// TestEntryDamage: no byte of an entry can change, nor any be missing.
func TestEntryDamage(t *testing.T) {
	sample, key := sampleEntry(t)
	sound := sample.seal(key)
	for i := range sound {
		harmed := bytes.Clone(sound)
		harmed[i] ^= 1 << (i % 8)
		if _, err := readEntry(harmed, key); !errors.Is(err, stored.ErrDamaged) {
			t.Errorf("byte %d changed: %v", i, err)
		}
		if _, err := readEntry(sound[:i], key); !errors.Is(err, stored.ErrDamaged) {
			t.Errorf("cut to %d bytes: %v", i, err)
		}
	}
	if _, err := readEntry(append(bytes.Clone(sound), 0), key); !errors.Is(err, stored.ErrDamaged) {
		t.Errorf("a byte too many: %v", err)
	}
	if _, err := readEntry(sound, cacheKey{}); !errors.Is(err, stored.ErrDamaged) {
		t.Errorf("under another key: %v", err)
	}
}

// TestCodeFileDamage changes bytes of a file of code: those outside of the machine
// code are found before wazero sees it, those inside by wazero.
func TestCodeFileDamage(t *testing.T) {
	dir := t.TempDir()
	eng, e := onlyRead(t, dir)
	path, _ := onlyEntry(t, dir)
	sound, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c := e.code
	if c.head == 0 || c.head >= c.tail || c.tail+4 > c.size || c.size != int64(len(sound)) {
		t.Fatalf("of %d bytes, machine code is said to be from %d to %d", len(sound), c.head, c.tail)
	}
	for i := int64(0); i < c.size; i++ {
		inside := i >= c.head && i < c.tail
		if inside && i%101 != 0 {
			continue
		}
		harmed := bytes.Clone(sound)
		harmed[i] ^= 1 << (i % 8)
		if err := os.WriteFile(path, harmed, 0o600); err != nil {
			t.Fatal(err)
		}
		if !inside {
			err = c.check(eng.cache.dir)
		} else {
			_, err = eng.disk.load(e.skeleton)
		}
		if err == nil {
			t.Errorf("byte %d of %d changed (machine code: %t): not found", i, c.size, inside)
		}
	}
}

// TestUnknownCodeFile: of a file that does not look as wazero's do, all is summed
// up.
func TestUnknownCodeFile(t *testing.T) {
	dir := t.TempDir()
	_, e := onlyRead(t, dir)
	path, _ := onlyEntry(t, dir)
	sound, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	harmed := bytes.Clone(sound)
	harmed[e.code.tail] ^= 1 // the CRC
	huge := bytes.Clone(sound)
	copy(huge[e.code.head-8:], bytes.Repeat([]byte{0xff}, 8)) // the size of the machine code
	many := bytes.Clone(sound)
	copy(many[len("WAZEVO")+1+int(sound[len("WAZEVO")]):], bytes.Repeat([]byte{0xff}, 4)) // the number of functions
	for name, content := range map[string][]byte{
		"empty": nil, "short": []byte("WAZEVO"), "text": bytes.Repeat([]byte("text"), 1000), "another CRC": harmed,
		"a size beyond the end": huge, "functions beyond the end": many, "cut": sound[:e.code.tail],
	} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := describe(path, "x")
		if size := int64(len(content)); err != nil || c.size != size || c.head != size || c.tail != size {
			t.Errorf("%s: %+v, %v, want all of %d bytes", name, c, err, size)
		}
	}
}

// FuzzEntry: whatever an entry holds, reading it is safe.
func FuzzEntry(f *testing.F) {
	sample, _ := sampleEntry(f)
	f.Add(sample.append(nil))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, content []byte) {
		e, err := decodeEntry(stored.NewReader(content))
		if err != nil {
			if !errors.Is(err, stored.ErrDamaged) {
				t.Error(err)
			}
			return
		}
		if err := e.code.check(dir); err == nil {
			t.Errorf("there is a file %q", e.code.path)
		}
		e.binary.Export("h")
	})
}
