package sandbox_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/sandbox"
)

// TestReadPackageCountsImpliedFolders: 20,000 files 500 folders deep, each below
// a folder of its own, name ten million folders in 42 MB.
func TestReadPackageCountsImpliedFolders(t *testing.T) {
	for _, c := range []struct {
		depth, limit int
		message      string
	}{
		{depth: 64, limit: 130},
		{depth: 64, limit: 129, message: "130 files and folders"},
		{depth: 65, limit: 130, message: "65 folders; at most 64 are allowed"},
	} {
		entries := []entry{{name: "f.wasm", content: asm}}
		for i := range 2 {
			entries = append(entries, entry{name: fmt.Sprint(i) + strings.Repeat("/d", c.depth-1) + "/f"})
		}
		entries[2].name = strings.Replace(entries[2].name, "/d/f", "/f", 1)
		_, err := sandbox.ReadPackage(zipped(t, entries...), sandbox.PackageLimits{Entries: c.limit})
		if (err == nil) != (c.message == "") || err != nil && (!errors.Is(err, sandbox.ErrPackage) || !strings.Contains(err.Error(), c.message)) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// TestReadPackageFoldersInAnyOrder lists a folder after what is in it, and files
// that folders implied.
func TestReadPackageFoldersInAnyOrder(t *testing.T) {
	good := entry{name: "a/b/f.wasm", content: asm}
	for _, c := range []struct{ name, message string }{
		{"a/b/", ""},
		{"a/", ""},
		{"a/b/f.wasm/", `"a/b/f.wasm" is there twice`},
		{"a/b", `"a/b" is a file and the folder of "a/b/f.wasm"`},
		{"a", `"a" is a file and the folder of "a/b/f.wasm"`},
	} {
		_, err := sandbox.ReadPackage(zipped(t, good, entry{name: c.name}), sandbox.PackageLimits{})
		if (err == nil) != (c.message == "") || err != nil && !strings.Contains(err.Error(), c.message) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
