package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"github.com/lambent-dev/lambent/host/internal/store/schema"
)

func mustOpen(t testing.TB, dir string, config Config) *SQLite {
	t.Helper()
	s, err := Open(dir, config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func mustCreate(t testing.TB, s *SQLite, name string) Function {
	t.Helper()
	digest, err := s.PutCode(t.Context(), content("r"))
	if err != nil {
		t.Fatal(err)
	}
	f := Function{FunctionKey: scriptKey(name), Revision: "r", State: StateActive, Code: digest, Configuration: content("r")}
	if err := s.CreateFunction(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestOpenAgain(t *testing.T) {
	dir := t.TempDir()
	for i := range 3 {
		s := mustOpen(t, dir, Config{})
		for j := range i {
			if _, err := s.Function(t.Context(), scriptKey(fmt.Sprint("f", j))); err != nil {
				t.Errorf("opened %d times: %v", i+1, err)
			}
		}
		mustCreate(t, s, fmt.Sprint("f", i))
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOpenTwice(t *testing.T) {
	dir := t.TempDir()
	first := mustOpen(t, dir, Config{})
	s, err := Open(dir, Config{})
	if !errors.Is(err, ErrLocked) {
		t.Fatalf("opened %v, error %v; want %v", s, err, ErrLocked)
	}
	if want := fmt.Sprintf("%s is held by process %d", dir, os.Getpid()); !strings.Contains(err.Error(), want) {
		t.Errorf("error is %q, want %q in it", err, want)
	}
	mustCreate(t, first, "hello") // the other has harmed nothing
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	mustOpen(t, dir, Config{})
}

// TestOpenModes has a directory whose name is full of what means something in
// an address, and looks at every file's mode.
func TestOpenModes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "a b+c%20d?e=f&g#h'é", "data")
	s := mustOpen(t, dir, Config{})
	mustCreate(t, s, "hello")
	if _, err := s.Function(t.Context(), scriptKey("hello")); err != nil {
		t.Fatal(err)
	}
	seen := 0
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(0o600)
		if entry.IsDir() {
			want = 0o700
		}
		if seen++; info.Mode().Perm() != want && runtime.GOOS != "windows" {
			t.Errorf("%s has mode %v, want %v", path, info.Mode().Perm(), want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen != 8 { // data, code, tmp; lock, db, wal, shm; one package
		t.Errorf("%d files and folders, want 8", seen)
	}
}

func TestOpenRemovesUnfinishedCode(t *testing.T) {
	dir := t.TempDir()
	if err := mustOpen(t, dir, Config{}).Close(); err != nil {
		t.Fatal(err)
	}
	left := filepath.Join(dir, "tmp", "12345")
	if err := os.WriteFile(left, []byte("half a pack"), 0o600); err != nil {
		t.Fatal(err)
	}
	mustOpen(t, dir, Config{})
	if _, err := os.Stat(left); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a package that was being written is still there: %v", err)
	}
}

func TestOpenWhatIsNoDatabase(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "lambent.db"), []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := Open(dir, Config{}); !errors.Is(err, ErrUnavailable) {
		t.Errorf("opened %v, error %v; want %v", s, err, ErrUnavailable)
	}
	if s, err := Open(filepath.Join(dir, "lambent.db"), Config{}); !errors.Is(err, ErrUnavailable) {
		t.Errorf("opened a file as a directory: %v, error %v; want %v", s, err, ErrUnavailable)
	}
}

// second is a migration as the next stages will bring them.
var second = schema.Migration{Version: 2, Name: "note", SQL: `
	ALTER TABLE function ADD COLUMN note TEXT NOT NULL DEFAULT 'none';
	CREATE INDEX function_note ON function (note);`}

func migrations(t *testing.T, more ...schema.Migration) []schema.Migration {
	t.Helper()
	all, err := schema.Migrations(schema.SQLite)
	if err != nil {
		t.Fatal(err)
	}
	return append(all[:1:1], more...)
}

// recorded reads which migrations a database has.
func recorded(t *testing.T, s *SQLite) (names string) {
	t.Helper()
	err := s.readers.do(t.Context(), func(c *conn) error {
		return c.query("SELECT version || ' ' || name FROM schema_migration ORDER BY version", nil, func(row *sqlite3.Stmt) error {
			names += row.ColumnText(0) + ";"
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestMigrateFromVersion1(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Config{migrations: migrations(t)})
	want := mustCreate(t, s, "hello")
	if got := recorded(t, s); got != "1 function;" {
		t.Errorf("migrations are %q", got)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time there is nothing to do
		s = mustOpen(t, dir, Config{migrations: migrations(t, second)})
		if got := recorded(t, s); got != "1 function;2 note;" {
			t.Errorf("migrations are %q", got)
		}
		if got, err := s.Function(t.Context(), want.FunctionKey); err != nil || got.Revision != want.Revision {
			t.Errorf("after the migration the function is %v, error %v", got, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if s, err := Open(dir, Config{migrations: migrations(t)}); !errors.Is(err, ErrNewer) || !strings.Contains(err.Error(), "version 2, this program knows up to 1") {
		t.Errorf("opened %v, error %v; want %v", s, err, ErrNewer)
	}
}

func TestMigrateFromNothing(t *testing.T) {
	s := mustOpen(t, t.TempDir(), Config{migrations: migrations(t, second)})
	mustCreate(t, s, "hello")
	if got := recorded(t, s); got != "1 function;2 note;" {
		t.Errorf("migrations are %q", got)
	}
}

// TestMigrateWhole has a migration fail in its last statement: nothing of it
// remains, what was there serves, and the mended migration goes through.
func TestMigrateWhole(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Config{migrations: migrations(t)})
	want := mustCreate(t, s, "hello")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	broken := second
	broken.SQL += "CREATE INDEX broken ON absent (note);"
	if s, err := Open(dir, Config{migrations: migrations(t, broken)}); err == nil || !strings.Contains(err.Error(), "migration 2, note") {
		t.Fatalf("opened %v, error %v; want one that names the migration", s, err)
	}
	s = mustOpen(t, dir, Config{migrations: migrations(t)})
	if _, err := s.Function(t.Context(), want.FunctionKey); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	mustOpen(t, dir, Config{migrations: migrations(t, second)})
}
