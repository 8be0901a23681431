package wazero

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"
	"syscall"

	wz "github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/lambent-dev/lambent/engine"
)

// features is what guests may use; see the package comment for what is missing.
const features = api.CoreFeaturesV2 | experimental.CoreFeaturesTailCall | experimental.CoreFeaturesExtendedConst

// runtimeConfig returns the settings that every runtime of this package has.
func runtimeConfig(interpreter bool) wz.RuntimeConfig {
	cfg := wz.NewRuntimeConfig() // compiles where wazero can
	if interpreter {
		cfg = wz.NewRuntimeConfigInterpreter()
	}
	return cfg.
		WithCoreFeatures(features).
		// Debug sections are the guest's: no parser of ours should see them.
		WithDebugInfoEnabled(false)
}

// backend is a wazero runtime with the host modules that guests in it share.
type backend struct {
	runtime wz.Runtime
	cache   wz.CompilationCache // may be nil

	mu    sync.Mutex // guards what follows; held while a host module is built
	hosts map[hostKey]api.Module
	meter api.Module // what metered modules import; nil until one is bound
}

func newBackend(cfg wz.RuntimeConfig) *backend {
	return &backend{
		runtime: wz.NewRuntimeWithConfig(context.Background(), cfg),
		hosts:   make(map[hostKey]api.Module),
	}
}

// anonymous is how everything is instantiated: nothing is found by name, and
// nothing of the guest's is run but its start function. No guest reads the
// source of randomness; without one, wazero would seed its own for each.
func anonymous() wz.ModuleConfig {
	return wz.NewModuleConfig().WithName("").WithStartFunctions().WithRandSource(rand.Reader)
}

// compile runs wazero's validator and compiler. Its error wraps
// engine.ErrInvalid if the module is to blame.
func (be *backend) compile(code []byte) (wz.CompiledModule, error) {
	return be.compileModule(context.Background(), code)
}

// load makes a module of the code that the cache holds for a skeleton.
//
// If wazero does not find it, or finds it to be of another version, it compiles
// what it was given, and a skeleton's functions do nothing but trap. It must not
// come to that: wazero v1.12.0 looks at the context before it compiles, if it may
// use several workers, and not before it loads. The context is done.
func (be *backend) load(skeleton []byte) (wz.CompiledModule, error) {
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(errNoCode)
	return be.compileModule(experimental.WithCompilationWorkers(ctx, 2), skeleton)
}

var errNoCode = errors.New("wazero found no code for the skeleton")

func (be *backend) compileModule(ctx context.Context, code []byte) (compiled wz.CompiledModule, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("wazero: the compiler panicked: %v", r)
		}
	}()
	compiled, err = be.runtime.CompileModule(ctx, code)
	if err != nil {
		if errors.Is(err, errNoCode) || isEnvironment(err) {
			return nil, fmt.Errorf("wazero: %w", err)
		}
		return nil, fmt.Errorf("%w: %v", engine.ErrInvalid, err)
	}
	return compiled, nil
}

// isEnvironment says whether an error of the compiler is about the disk or the
// system and not about the module.
func isEnvironment(err error) bool {
	return isSystem(err) || strings.HasPrefix(err.Error(), fileDamage) || strings.HasPrefix(err.Error(), "runtime closed")
}

// fileDamage begins wazero's words for what is wrong with a file of code.
const fileDamage = "compilationcache: "

// isSystem says whether the system refused something.
func isSystem(err error) bool {
	var path *fs.PathError
	var link *os.LinkError
	var errno syscall.Errno
	return errors.As(err, &path) || errors.As(err, &link) || errors.As(err, &errno)
}

func (be *backend) close() error {
	err := be.runtime.Close(context.Background())
	if be.cache != nil {
		err = errors.Join(err, be.cache.Close(context.Background()))
	}
	return err
}
