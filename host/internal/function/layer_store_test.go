package function_test

import (
	"crypto/sha256"
	"errors"
	"io"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/store"
	"github.com/lambent-dev/lambent/sandbox"
)

// countingImages keeps images in a folder and counts those that are written.
type countingImages struct {
	sandbox.Images
	written atomic.Int64
}

func newCountingImages(t testing.TB) *countingImages {
	t.Helper()
	folder, err := sandbox.NewImageFolder(t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	return &countingImages{Images: folder}
}

func (c *countingImages) Write(key [sha256.Size]byte, image io.WriterTo) error {
	c.written.Add(1)
	return c.Images.Write(key, image)
}

// sweepable is a store whose grace passes when it is told to.
type sweepable struct {
	*store.SQLite
	later atomic.Int64
}

func (s *sweepable) open(t testing.TB) store.Store {
	t.Helper()
	opened, err := store.Open(t.TempDir(), store.Config{Now: func() time.Time { return time.Now().Add(time.Duration(s.later.Load())) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { opened.Close() })
	s.SQLite = opened
	return opened
}

func (s *sweepable) sweep(t testing.TB) {
	t.Helper()
	s.later.Add(int64(2 * store.SweepGrace))
	if _, err := s.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (s *sweepable) has(t testing.TB, digest store.Digest) bool {
	t.Helper()
	_, err := s.Code(t.Context(), digest)
	if err != nil && !errors.Is(err, store.ErrNoCode) {
		t.Fatal(err)
	}
	return err == nil
}
