//go:build !race

// The race detector reserves more addresses than these limits.

package image

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// inChild runs a test in a process of its own, with a limit on its addresses,
// and reports whether this is that process.
func inChild(t *testing.T, limit uint64) bool {
	t.Helper()
	if os.Getenv("IMAGE_TEST_CHILD") == t.Name() {
		var before syscall.Rlimit
		if err := syscall.Getrlimit(syscall.RLIMIT_AS, &before); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Setrlimit(syscall.RLIMIT_AS, &syscall.Rlimit{Cur: limit, Max: before.Max}); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { syscall.Setrlimit(syscall.RLIMIT_AS, &before) })
		return true
	}
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), "IMAGE_TEST_CHILD="+t.Name())
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("in a process with limit %d: %v\n%s", limit, err, out)
	}
	return false
}

// TestRestoredWithoutReservations makes memories where their limit cannot be
// reserved: each is a copy, and restored as surely.
func TestRestoredWithoutReservations(t *testing.T) {
	if !inChild(t, 2<<30) {
		return
	}
	r := rand.New(rand.NewPCG(rand.Uint64(), 0))
	content := contentOf(r, 16*pageSize)
	i, err := Freeze(content)
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	m, err := i.within(Room{}, 4<<30)
	if err != nil {
		t.Fatal(err)
	}
	if m.shared || m.reserved == nil {
		t.Fatalf("its pages are shared: %t; it is mapped: %t", m.shared, m.reserved != nil)
	}
	e := event{t, r, m}
	for range 200 {
		if _, err := e.run(); err != nil {
			t.Fatal(err)
		}
		if err := m.Verify(); err != nil || !bytes.Equal(m.Bytes(), content) {
			t.Fatal(err)
		}
	}
	if err := m.Release(); err != nil {
		t.Fatal(err)
	}
}

// TestGrowWhereMemoryEnds grows until nothing is to be had. Go would end the
// process if it were asked for a slice that it cannot have.
func TestGrowWhereMemoryEnds(t *testing.T) {
	if !inChild(t, 2<<30) {
		return
	}
	i, err := Freeze(bytes.Repeat([]byte{1}, pageSize))
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	var list []*Memory
	for {
		m, err := i.within(Room{}, 4<<30-pageSize)
		if err != nil {
			break
		}
		list = append(list, m)
		for m.Grow(uint64(len(m.Bytes())) + 1024*pageSize) {
		}
		m.Bytes()[len(m.Bytes())-1] = 1
		if len(list) == 1 && len(m.Bytes()) < 256<<20 {
			t.Errorf("it grew to %d bytes", len(m.Bytes()))
		}
		if len(list) > 1<<16 {
			t.Fatal("memory does not end")
		}
	}
	for _, m := range list {
		// Either it is restored or it says that it is not.
		if err := m.Restore(); err == nil {
			if err := m.Verify(); err != nil {
				t.Error(err)
			}
		}
		if err := m.Release(); err != nil {
			t.Error(err)
		}
	}
	m, err := i.within(Room{}, 64<<20)
	if err != nil {
		t.Fatalf("when all is given back: %v", err)
	}
	if err := errors.Join(m.Restore(), m.Verify(), m.Release()); err != nil {
		t.Error(err)
	}
}
