package store_test

import (
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host/internal/store"
	"github.com/lambent-dev/lambent/host/internal/store/storetest"
)

func TestSQLite(t *testing.T) {
	storetest.Run(t, func(t *testing.T, now func() time.Time) store.Store {
		s, err := store.Open(t.TempDir(), store.Config{Now: now})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		return s
	})
}
