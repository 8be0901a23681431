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
	"github.com/lambent-dev/lambent/engine/internal/image"
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

// module compiles a program, that of b, and binds its imports.
func (be *backend) module(b *engine.Binary, host *engine.Host, chosen choice, program *image.Program) (engine.Module, error) {
	hosts, err := be.bind(host, chosen)
	if err != nil {
		return nil, err
	}
	compiled, err := be.compile(program.Module)
	if err != nil {
		return nil, err
	}
	return &module{backend: be, binary: &b.Interface, digest: b.Digest(), program: program, compiled: compiled, hosts: hosts}, nil
}

// compile runs wazero's validator and compiler. Its error wraps
// engine.ErrInvalid if the module is to blame.
func (be *backend) compile(code []byte) (compiled wz.CompiledModule, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("wazero: the compiler panicked: %v", r)
		}
	}()
	compiled, err = be.runtime.CompileModule(context.Background(), code)
	if err != nil {
		if isEnvironment(err) {
			return nil, fmt.Errorf("wazero: %w", err)
		}
		return nil, fmt.Errorf("%w: %v", engine.ErrInvalid, err)
	}
	return compiled, nil
}

// isEnvironment says whether an error of the compiler is about the disk or the
// system and not about the module.
func isEnvironment(err error) bool {
	var path *fs.PathError
	var link *os.LinkError
	var errno syscall.Errno
	return errors.As(err, &path) || errors.As(err, &link) || errors.As(err, &errno) ||
		strings.HasPrefix(err.Error(), "compilationcache: ") || strings.HasPrefix(err.Error(), "runtime closed")
}

func (be *backend) close() error {
	err := be.runtime.Close(context.Background())
	if be.cache != nil {
		err = errors.Join(err, be.cache.Close(context.Background()))
	}
	return err
}
