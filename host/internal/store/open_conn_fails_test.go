package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestOpenConnFails opens a file that SQLite finds to be none of its own after it
// has opened it: the connection is closed, which once panicked and left it open.
func TestOpenConnFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lambent.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := openConn(path, "")
	if c != nil || !errors.Is(err, ErrUnavailable) || strings.Contains(err.Error(), "panicked") {
		t.Errorf("opened %v, error %v; want one that wraps %v, and no panic", c, err, ErrUnavailable)
	}
}
