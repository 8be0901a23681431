package corpus

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Wazero returns the folder of wazero's own source, which carries the
// specification's test modules.
func Wazero(t testing.TB) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/tetratelabs/wazero").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// Modules calls use with every file of wazero's that is called *.wasm: thousands,
// not all of which are modules, or valid.
func Modules(t testing.TB, use func(path string, binary []byte)) {
	t.Helper()
	err := filepath.WalkDir(Wazero(t), func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".wasm" {
			return err
		}
		binary, err := os.ReadFile(path)
		if err == nil {
			use(path, binary)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
