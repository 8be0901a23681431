package abi

import (
	"fmt"
	"slices"

	"github.com/lambent-dev/lambent/engine"
)

// Names of what a module exports.
const (
	exportMemory       = "memory"
	exportHandle       = "lambent_handle"
	exportInit         = "lambent_init"
	exportAfterRestore = "lambent_after_restore"
	exportInitialize   = "_initialize"
	exportStart        = "_start"
)

// Detect says how b is entered: an export _start makes a stdio program, else an
// export lambent_handle a reactor. With both, _start decides: that is what Go
// makes of our library without -buildmode=c-shared, and lambent_handle cannot be
// called before _start. A manifest that says reactor of another module is an
// error. Detect checks the signature of every export that the host will call.
func Detect(b *engine.Interface, m Manifest) (Model, error) {
	model := m.Model
	_, handle := b.Export(exportHandle)
	_, start := b.Export(exportStart)
	switch {
	case handle && !start:
		model = Reactor
	case model == Reactor && !handle:
		return "", fmt.Errorf("the manifest says reactor, but the module does not export %s() -> i32", exportHandle)
	case model == Reactor:
		return "", fmt.Errorf("the manifest says reactor, but the module exports %s too: it is a program that has to be started; build it as a library (Go: -buildmode=c-shared)", exportStart)
	case start:
		model = Stdio
	default:
		return "", fmt.Errorf("missing export: a module needs %s() -> i32 (reactor) or %s() (stdio)", exportHandle, exportStart)
	}
	if e, ok := b.Export(exportMemory); !ok || e.Kind != engine.KindMemory {
		return "", fmt.Errorf("missing export: a module needs to export its memory as %q", exportMemory)
	}
	signatures := map[string][]engine.ValueType{exportStart: nil}
	if model == Reactor {
		i32 := []engine.ValueType{engine.I32}
		signatures = map[string][]engine.ValueType{exportHandle: i32, exportInit: i32, exportAfterRestore: i32, exportInitialize: nil}
	}
	for name, results := range signatures {
		e, ok := b.Export(name)
		if ok && (e.Kind != engine.KindFunc || len(e.Params) > 0 || !slices.Equal(e.Results, results)) {
			return "", fmt.Errorf("export %s is a %s %s; it must be a function %s", name, e.Kind, engine.Signature(e.Params, e.Results), engine.Signature(nil, results))
		}
	}
	return model, nil
}
