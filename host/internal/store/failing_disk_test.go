package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestEveryCallFails runs a script as often as it makes calls to the file system,
// and each time lets another call fail, every second once and the others until the
// disk is repaired: nothing acknowledged is lost, nothing is half there, every error
// says that the store is unavailable, and when the cause is gone the same store serves
// again.
func TestEveryCallFails(t *testing.T) {
	for name, kind := range faultKinds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start, stride := 1, 2
			switch {
			case kind.writes:
				stride = 1
			case kind.rest:
				start = 2
			}
			if testing.Short() {
				stride = 29
			}
			calls := 0
			for first := start; ; first += stride {
				f := &faults{faultKind: kind, first: first}
				c := newScript(t, fmt.Sprintf("%s at call %d", name, first))
				if f.failIn(c, t.TempDir()); f.failed == 0 {
					break
				}
				calls++
			}
			if calls < 100/stride/3 {
				t.Errorf("only %d calls failed: the faults do not reach the store", calls)
			}
			t.Logf("%d calls", calls)
		})
	}
}

// failIn runs a script in dir with faults, lifts them, and has all compared.
func (f *faults) failIn(c *script, dir string) {
	config := f.config(c.t, c.now)
	var err error
	if c.s, err = Open(dir, config); c.failed("open", err) {
		f.lift()
		if c.s, err = Open(dir, config); err != nil {
			c.t.Fatalf("%s: opening after the cause is gone: %v", c.where, err)
		}
	}
	c.run()
	f.lift()
	c.resumed()
	if err := c.s.Close(); err != nil {
		c.t.Fatalf("%s: closing: %v", c.where, err)
	}
	c.reopened(dir)
}

// TestEveryCallFailsWhileClosing does the same with what Close does.
func TestEveryCallFailsWhileClosing(t *testing.T) {
	for name, kind := range faultKinds {
		for first := 1; ; first++ {
			f := &faults{}
			c := newScript(t, fmt.Sprintf("%s at call %d of closing", name, first))
			dir := t.TempDir()
			var err error
			if c.s, err = Open(dir, f.config(t, c.now)); err != nil {
				t.Fatal(err)
			}
			c.run()
			c.create("last", "l1") // Close has it to move into the database
			f.mu.Lock()
			f.faultKind, f.first, f.calls = kind, first, 0
			f.mu.Unlock()
			c.failed("close", c.s.Close())
			c.reopened(dir)
			if f.failed == 0 {
				if first == 1 {
					t.Errorf("%s: no call failed: the faults do not reach Close", name)
				}
				break
			}
		}
	}
}

// TestFlippedBits flips one bit after the other in a database and in a package:
// reading gives what was written, or an error.
func TestFlippedBits(t *testing.T) {
	dir := t.TempDir()
	c := newScript(t, "before")
	var err error
	if c.s, err = Open(dir, Config{Now: c.now}); err != nil {
		t.Fatal(err)
	}
	for i := range 24 { // more pages than the tables that stay empty
		c.create(fmt.Sprint("f", i), fmt.Sprint("r", i))
	}
	if err := c.s.Close(); err != nil {
		t.Fatal(err)
	}
	detected := 0
	flip := func(path string, at int64) {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		damaged := append([]byte(nil), content...)
		damaged[at] ^= 1 << (at % 8)
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		c.where = fmt.Sprintf("a bit of byte %d of %s flipped", at, filepath.Base(path))
		if c.s, err = Open(dir, Config{Now: c.now}); c.failed("open", err) {
			detected++
		} else {
			if c.read() {
				detected++
			}
			if err := c.s.Close(); err != nil {
				t.Fatalf("%s: closing: %v", c.where, err)
			}
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	database := filepath.Join(dir, "lambent.db")
	info, err := os.Stat(database)
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for at := int64(0); at < info.Size(); at += 499 { // prime: other places in each page
		flip(database, at)
		tried++
	}
	if detected < tried/2 {
		t.Errorf("%d of %d flipped bits were detected", detected, tried)
	}
	t.Logf("%d of %d flipped bits in the database made an error, the others no difference", detected, tried)

	detected = 0
	code := filepath.Join(dir, "code", DigestOf(content("r3")).String())
	for at := range 20 {
		flip(code, int64(at*at))
	}
	if detected != 20 {
		t.Errorf("%d of 20 flipped bits in code were detected", detected)
	}
	c.reopened(dir)
}

// TestDamagedCodeIsMended puts code again whose file was damaged or cut.
func TestDamagedCodeIsMended(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(dir, Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	code := content("code")
	digest, err := s.PutCode(t.Context(), code)
	if err != nil {
		t.Fatal(err)
	}
	for name, damaged := range map[string][]byte{"cut": code[:10], "empty": {}, "longer": append(code[:len(code):len(code)], 0)} {
		if err := os.WriteFile(filepath.Join(dir, "code", digest.String()), damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Code(t.Context(), digest); !errors.Is(err, ErrUnavailable) {
			t.Errorf("%s: read %d bytes, error %v; want %v", name, len(got), err, ErrUnavailable)
		}
		if _, err := s.PutCode(t.Context(), code); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Code(t.Context(), digest); err != nil {
			t.Errorf("%s: after having put it again: %v", name, err)
		}
	}
}

// TestCodeIsDurableBeforeItIsNamed lets each sync of PutCode fail: code whose
// content may not be on the disk gets no name, and no function.
func TestCodeIsDurableBeforeItIsNamed(t *testing.T) {
	f := &faults{faultKind: faultKind{err: syscall.EIO}}
	dir := t.TempDir()
	s := mustOpen(t, dir, f.config(t, time.Now))
	code := content("code")
	for i, want := range []error{ErrNoCode, nil} { // the content's sync, then the name's
		f.badSync = f.syncs + i + 1
		if _, err := s.PutCode(t.Context(), code); !errors.Is(err, ErrUnavailable) {
			t.Errorf("sync %d failed, and so did PutCode with %v; want %v", i+1, err, ErrUnavailable)
		}
		if _, err := s.Code(t.Context(), DigestOf(code)); !errors.Is(err, want) {
			t.Errorf("after sync %d failed, Code has error %v, want %v", i+1, err, want)
		}
		if left, err := os.ReadDir(filepath.Join(dir, "tmp")); err != nil || len(left) != 0 {
			t.Errorf("after sync %d failed, %d files are left, error %v; want none", i+1, len(left), err)
		}
	}
	// The name is there, but nobody knows whether it would survive: putting the code
	// again syncs the name again.
	f.badSync = f.syncs + 1
	if _, err := s.PutCode(t.Context(), code); !errors.Is(err, ErrUnavailable) {
		t.Errorf("error is %v, want %v", err, ErrUnavailable)
	}
	if _, err := s.PutCode(t.Context(), code); err != nil {
		t.Error(err)
	}
}
