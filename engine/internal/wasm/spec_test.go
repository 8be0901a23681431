package wasm

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/lambent-dev/lambent/engine/internal/corpus"
)

// features are those that the engines run.
const features = api.CoreFeaturesV2 | experimental.CoreFeaturesThreads | experimental.CoreFeaturesTailCall |
	experimental.CoreFeaturesExtendedConst | experimental.CoreFeaturesExceptionHandling

// specModule is one module that the specification's tests speak of.
type specModule struct {
	suite string // "v2"
	file  string
	claim string // "module", "assert_malformed", "assert_invalid" and so on
	text  string // why it is malformed or invalid
	bytes []byte
}

func specModules(t *testing.T) []specModule {
	t.Helper()
	lists, err := filepath.Glob(filepath.Join(corpus.Wazero(t), "internal/integration_test/spectest/*/testdata/*.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []specModule
	for _, list := range lists {
		var script struct {
			Commands []struct {
				Type, Filename, Text string
			}
		}
		raw, err := os.ReadFile(list)
		if err == nil {
			err = json.Unmarshal(raw, &script)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range script.Commands {
			if filepath.Ext(c.Filename) != ".wasm" {
				continue
			}
			b, err := os.ReadFile(filepath.Join(filepath.Dir(list), c.Filename))
			if err != nil {
				t.Fatal(err)
			}
			suite := filepath.Base(filepath.Dir(filepath.Dir(list)))
			all = append(all, specModule{suite, c.Filename, c.Type, c.Text, b})
		}
	}
	if len(all) < 5000 {
		t.Fatalf("found %d modules, there are more than 5000", len(all))
	}
	return all
}

// The specification's valid modules are accepted, but for what is unsupported
// by design; its malformed ones are refused.
func TestSpecification(t *testing.T) {
	counts := map[string]int{}
	for _, m := range specModules(t) {
		_, err := Read(m.bytes, Limits{})
		switch m.claim {
		case "assert_malformed":
			if err == nil {
				t.Errorf("%s/%s is accepted, and malformed: %s", m.suite, m.file, m.text)
			}
		case "assert_invalid": // mostly for the types of operands, which are not read here
			if err == nil {
				continue
			}
		default:
			if err != nil && !unsupportedByDesign(m, err) {
				t.Errorf("%s/%s is valid: %v", m.suite, m.file, err)
			}
		}
		if err != nil {
			counts[m.claim]++
		}
	}
	t.Logf("refused: %v", counts)
}

func unsupportedByDesign(m specModule, err error) bool {
	if !errors.Is(err, ErrUnsupported) {
		return false
	}
	if m.suite == "typed-function-references" {
		return true
	}
	// Some tests of exceptions are written with recursive and typed references.
	for _, why := range []string{"a shared memory", "garbage collection is not", "typed references"} {
		if strings.Contains(err.Error(), why) {
			return true
		}
	}
	return false
}

// What wazero compiles is accepted here, but for what the specification calls
// invalid and wazero lets pass: a constant expression that reads a mutable
// global, whose value nobody knows before instantiation.
func TestAcceptsWhatWazeroCompiles(t *testing.T) {
	ctx := context.Background()
	runtime := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter().WithCoreFeatures(features))
	defer runtime.Close(ctx)
	compared := 0
	for _, m := range specModules(t) {
		_, err := Read(m.bytes, Limits{})
		if err == nil || errors.Is(err, ErrUnsupported) {
			continue
		}
		if m.claim == "assert_invalid" && strings.Contains(err.Error(), ": mutable global ") {
			continue
		}
		compared++
		if compiled, wazeroErr := runtime.CompileModule(ctx, m.bytes); wazeroErr == nil {
			t.Errorf("%s/%s compiles, and is refused here: %v", m.suite, m.file, err)
			compiled.Close(ctx)
		}
	}
	if compared < 1000 {
		t.Errorf("only %d modules are refused here", compared)
	}
}

// Modules made by toolchains are accepted: wazero's examples hold some of
// TinyGo, Rust, Zig and C.
func TestToolchainModules(t *testing.T) {
	source := corpus.Wazero(t)
	found := 0
	err := filepath.WalkDir(source, func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".wasm" || strings.Contains(path, "spectest") {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if len(b) < 10_000 {
			return nil
		}
		found++
		shared := filepath.Base(path) == "pthread.wasm"
		if _, err := Read(b, Limits{}); (err != nil) != shared {
			t.Errorf("%s: %v", path, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 10 {
		t.Errorf("found %d modules, there are more", found)
	}
}
