package codecache

import (
	"os"
	"path/filepath"
	"testing"
)

// TestReplace puts a file where there is something already.
func TestReplace(t *testing.T) {
	for name, c := range map[string]struct {
		make  func(to string) error
		fails bool
	}{
		"nothing":         {func(string) error { return nil }, false},
		"a file":          {func(to string) error { return os.WriteFile(to, []byte("old"), 0o600) }, false},
		"an empty folder": {func(to string) error { return os.Mkdir(to, 0o700) }, false},
		"a full folder":   {func(to string) error { return os.MkdirAll(filepath.Join(to, "full"), 0o700) }, true},
	} {
		dir := t.TempDir()
		from, to := filepath.Join(dir, "from"), filepath.Join(dir, "to")
		if err := os.WriteFile(from, []byte("new"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := c.make(to); err != nil {
			t.Fatal(err)
		}
		err := Replace(from, to)
		if (err != nil) != c.fails {
			t.Errorf("%s: %v", name, err)
		}
		if got, err := os.ReadFile(to); !c.fails && (err != nil || string(got) != "new") {
			t.Errorf("%s: there is %q, %v", name, got, err)
		}
	}
	// A file that cannot be replaced is not removed.
	old := filepath.Join(t.TempDir(), "old")
	if err := os.WriteFile(old, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Replace(filepath.Join(t.TempDir(), "absent"), old); err == nil {
		t.Error("nothing replaced something")
	}
	if got, err := os.ReadFile(old); err != nil || string(got) != "old" {
		t.Errorf("what was there is %q, %v", got, err)
	}
}
