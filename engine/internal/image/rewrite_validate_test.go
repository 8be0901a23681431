package image

import (
	"context"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/lambent-dev/lambent/engine/internal/corpus"
	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// features are those that the engines run.
const features = api.CoreFeaturesV2 | experimental.CoreFeaturesThreads | experimental.CoreFeaturesTailCall |
	experimental.CoreFeaturesExtendedConst | experimental.CoreFeaturesExceptionHandling

// largest is how large a module may get that had size bytes.
func largest(size int) int { return 8*size + 64<<10 }

// bounds are the options that wazero needs.
var bounds = Options{TableEntries: 1_000_000, GuardWazero: true}

// What wazero compiles, it compiles rewritten, within the bound of size, and its
// skeleton: all modules that wazero carries, those of the specification's tests and those
// that toolchains made.
func TestRewrittenModulesValidate(t *testing.T) {
	ctx := context.Background()
	runtime := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter().WithCoreFeatures(features))
	defer runtime.Close(ctx)
	rewritten := 0
	corpus.Modules(t, func(path string, binary []byte) {
		m, err := wasm.Read(binary, wasm.Limits{})
		if err != nil {
			return
		}
		plain, err := runtime.CompileModule(ctx, binary)
		if err != nil {
			return // its types do not fit
		}
		plain.Close(ctx)
		p, err := Rewrite(m, bounds)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return
		}
		if most := largest(len(binary)); len(p.Module) > most {
			t.Errorf("%s: %d bytes became %d", path, len(binary), len(p.Module))
		}
		compiled, err := runtime.CompileModule(ctx, p.Module)
		if err != nil {
			t.Errorf("%s: rewritten: %v", path, err)
			return
		}
		compiled.Close(ctx)
		skeleton, err := p.Skeleton([]byte(path))
		if err != nil {
			t.Errorf("%s: skeleton: %v", path, err)
			return
		}
		if compiled, err = runtime.CompileModule(ctx, skeleton); err != nil {
			t.Errorf("%s: skeleton: %v", path, err)
			return
		}
		compiled.Close(ctx)
		rewritten++
	})
	if rewritten < 2000 {
		t.Errorf("%d modules were rewritten, there are more", rewritten)
	}
}
