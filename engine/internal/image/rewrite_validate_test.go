package image

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// features are those that the engines run.
const features = api.CoreFeaturesV2 | experimental.CoreFeaturesThreads | experimental.CoreFeaturesTailCall |
	experimental.CoreFeaturesExtendedConst | experimental.CoreFeaturesExceptionHandling

// wazeroSource returns the folder of wazero's own source.
func wazeroSource(t testing.TB) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/tetratelabs/wazero").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// largest is how large a module may get that had size bytes.
func largest(size int) int { return 8*size + 64<<10 }

// bounds is the option that wazero needs.
var bounds = Options{TableEntries: 1_000_000}

// What wazero compiles, it compiles rewritten, within the bound of size, and its
// skeleton: all modules that wazero carries, those of the specification's tests and those
// that toolchains made.
func TestRewrittenModulesValidate(t *testing.T) {
	ctx := context.Background()
	runtime := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter().WithCoreFeatures(features))
	defer runtime.Close(ctx)
	rewritten := 0
	err := filepath.WalkDir(wazeroSource(t), func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".wasm" {
			return err
		}
		binary, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		m, err := wasm.Read(binary, wasm.Limits{})
		if err != nil {
			return nil
		}
		plain, err := runtime.CompileModule(ctx, binary)
		if err != nil {
			return nil // its types do not fit
		}
		plain.Close(ctx)
		p, err := Rewrite(m, bounds)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return nil
		}
		if most := largest(len(binary)); len(p.Module) > most {
			t.Errorf("%s: %d bytes became %d", path, len(binary), len(p.Module))
		}
		compiled, err := runtime.CompileModule(ctx, p.Module)
		if err != nil {
			t.Errorf("%s: rewritten: %v", path, err)
			return nil
		}
		compiled.Close(ctx)
		skeleton, err := p.Skeleton([]byte(path))
		if err != nil {
			t.Errorf("%s: skeleton: %v", path, err)
			return nil
		}
		if compiled, err = runtime.CompileModule(ctx, skeleton); err != nil {
			t.Errorf("%s: skeleton: %v", path, err)
			return nil
		}
		compiled.Close(ctx)
		rewritten++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if rewritten < 2000 {
		t.Errorf("%d modules were rewritten, there are more", rewritten)
	}
}
