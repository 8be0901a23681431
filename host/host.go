package host

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/host/internal/auth"
	"github.com/lambent-dev/lambent/host/internal/bucket"
	"github.com/lambent-dev/lambent/host/internal/fault"
	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/host/internal/store"
	"github.com/lambent-dev/lambent/host/internal/workflow"
	"github.com/lambent-dev/lambent/sandbox"
)

// Host is one running Lambent: a directory of functions and what runs them. It is
// safe for concurrent use.
type Host struct {
	config   Config
	store    store.Store
	objects  *bucket.Store // nil if there is none
	engines  []engine.Engine
	cache    string // the folder of native code
	service  *function.Service
	machines *workflow.Service
	access   *auth.Service

	shared function.Config // what the functions of all accounts have in common
	others others          // accounts but for Config.Account

	enforced atomic.Bool // see EnforceRoles

	closing sync.Once
	closed  error
}

// Open opens the Host in config.Dir, or makes one there. It reads no code: a
// function is loaded when it is first invoked, or in the background if it was
// among the last used when the Host was closed. Deployments that were interrupted
// go on in the background.
func Open(config Config) (*Host, error) {
	if config.Dir == "" {
		return nil, errors.New("host: Config.Dir is empty; it names the directory where everything is kept")
	}
	if err := config.Limits.complete(); err != nil {
		return nil, err
	}
	h := &Host{config: config}
	h.enforced.Store(config.EnforceRoles)
	if err := h.open(); err != nil {
		return nil, errors.Join(err, h.release())
	}
	return h, nil
}

func (h *Host) open() (err error) {
	config := &h.config
	opened, err := store.Open(config.Dir, store.Config{Now: config.Now})
	if err != nil {
		return err
	}
	h.store = opened
	runners, err := h.runners()
	if err != nil {
		return err
	}
	chosen, ok := runners[cmp.Or(config.Engine, Wazero)]
	if !ok {
		return fmt.Errorf("host: Config.Engine is %q; there are %q", config.Engine, slices.Sorted(maps.Keys(runners)))
	}
	// Images hold what functions hold, their environment too: they are as secret
	// as the database.
	images, err := sandbox.NewImageFolder(filepath.Join(config.Dir, "images"), config.Limits.Images)
	if err != nil {
		return err
	}
	if h.objects, err = config.Objects.open(config); err != nil {
		return err
	}
	h.shared = function.Config{
		Store:         h.store,
		Engine:        chosen.Engine,
		Compile:       chosen.Compile,
		Runners:       runners,
		EngineName:    cmp.Or(config.Engine, Wazero),
		Verifier:      h.verifier(runners),
		Region:        config.Region,
		Calls:         config.Calls,
		Sandboxes:     config.Limits.Sandboxes,
		SandboxMemory: config.Limits.SandboxMemory,
		CodeStorage:   config.Limits.CodeStorage,
		ShrinkAfter:   config.Limits.ShrinkAfter,
		ParkAfter:     config.Limits.ParkAfter,
		DropAfter:     config.Limits.DropAfter,
		Compilers:     config.Limits.Compilers,
		Deployments:   config.Limits.Deployments,
		Patience:      config.Limits.Patience,
		Log:           config.Log,
		PlainReports:  config.PlainReports,
		Waits:         config.Waits,
		Objects:       h.objects,
		Roles:         roles{h},
		Now:           config.Now,
	}
	own := h.shared
	own.Account, own.Images, own.HotFile = config.Account, images, filepath.Join(config.Dir, "hot.json")
	if h.access, err = openAccess(*config, h.store); err != nil {
		return err
	}
	h.service, h.machines, err = h.newServices(own)
	return err
}

// Close refuses new work, aborts executions, lets invocations under way end for
// Limits.Drain, ends the rest, and releases everything. Deployments under way are
// resumed by the next Open. It may be called again.
func (h *Host) Close() error {
	h.closing.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), h.config.Limits.Drain)
		defer cancel()
		all := append(h.others.close(), services{h.service, h.machines})
		h.closed = errors.Join(closeAll(ctx, all), h.release())
	})
	return h.closed
}

// release closes what the service stands on.
func (h *Host) release() (err error) {
	err = h.closeEngines()
	if h.store != nil {
		err = errors.Join(err, h.store.Close())
	}
	if h.objects != nil {
		h.objects.Close()
	}
	return err
}

// Service is the Host's functions as AWS's operations see them, for package
// gateway and for tests. Its type is internal, and so is every promise about it.
func (h *Host) Service() *function.Service { return h.service }

// Workflows are the Host's state machines as AWS's operations see them, as
// Service is its functions.
func (h *Host) Workflows() *workflow.Service { return h.machines }

// List returns all functions, sorted by name.
func (h *Host) List(ctx context.Context) ([]Function, error) {
	return pages(func(marker string) ([]Function, string, error) {
		page, err := h.service.List(ctx, marker, function.MaxItems)
		return page.Functions, page.Next, err
	})
}

// Function describes a function, or one version of it: NAME, NAME:VERSION or
// NAME:ALIAS. Errors: CodeResourceNotFound.
func (h *Host) Function(ctx context.Context, name string) (Function, error) {
	return h.service.Configuration(ctx, refTo(name))
}

// Delete removes a function, or one version of it, NAME:VERSION; invocations under
// way end as they would have. Errors: CodeResourceNotFound, CodeResourceConflict (an
// alias leads to the version).
func (h *Host) Delete(ctx context.Context, name string) error {
	return h.service.Delete(ctx, refTo(name))
}

// refTo takes NAME:QUALIFIER apart.
func refTo(name string) function.Ref {
	name, qualifier, _ := strings.Cut(name, ":")
	return function.Ref{Name: name, Qualifier: qualifier}
}

// Function is a function as AWS describes it.
type Function = function.Configuration

// Layer is a version of a layer that a Function uses, in its Layers.
type Layer = function.Layer

// States of a Function, its State.Is.
const (
	Pending = function.Pending // is being made ready for the first time
	Active  = function.Active
	Failed  = function.Failed // State.Reason says why
)

// invalid refuses what a caller asked for.
func invalid(format string, args ...any) error {
	return fault.New(fault.InvalidParameterValue, format, args...)
}
