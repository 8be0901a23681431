package meter

import (
	"context"
	"testing"

	"github.com/tetratelabs/wazero"

	"github.com/lambent-dev/lambent/engine/internal/corpus"
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
	corpus.Modules(t, func(path string, binary []byte) {
		module, err := wasm.Read(binary, wasm.Limits{})
		if err != nil {
			return
		}
		plain, err := runtime.CompileModule(ctx, binary)
		if err != nil {
			return // its types do not fit
		}
		plain.Close(ctx)
		out, err := Instrument(module)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return
		}
		if most := largest(len(binary)); len(out) > most {
			t.Errorf("%s: %d bytes became %d", path, len(binary), len(out))
		}
		compiled, err := runtime.CompileModule(ctx, out)
		if err != nil {
			t.Errorf("%s: metered: %v", path, err)
			return
		}
		compiled.Close(ctx)
		metered++
	})
	if metered < 2000 {
		t.Errorf("%d modules were metered, there are more", metered)
	}
}

// largest is how large a module may get that had size bytes.
func largest(size int) int { return 8*size + 64<<10 }
