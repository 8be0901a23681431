package meter

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/tetratelabs/wazero"

	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// What wazero compiles, it compiles metered, within the bound of size: all
// modules that wazero carries, those of the specification's tests and those
// that toolchains made.
func TestMeteredModulesValidate(t *testing.T) {
	ctx := context.Background()
	runtime := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter().WithCoreFeatures(features))
	defer runtime.Close(ctx)
	metered := 0
	err := filepath.WalkDir(wazeroSource(t), func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".wasm" {
			return err
		}
		binary, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		module, err := wasm.Read(binary, wasm.Limits{})
		if err != nil {
			return nil
		}
		plain, err := runtime.CompileModule(ctx, binary)
		if err != nil {
			return nil // its types do not fit
		}
		plain.Close(ctx)
		out, err := Instrument(module)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return nil
		}
		if most := largest(len(binary)); len(out) > most {
			t.Errorf("%s: %d bytes became %d", path, len(binary), len(out))
		}
		compiled, err := runtime.CompileModule(ctx, out)
		if err != nil {
			t.Errorf("%s: metered: %v", path, err)
			return nil
		}
		compiled.Close(ctx)
		metered++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if metered < 2000 {
		t.Errorf("%d modules were metered, there are more", metered)
	}
}

// largest is how large a module may get that had size bytes.
func largest(size int) int { return 8*size + 64<<10 }
