package abi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// Model is how a module is entered.
type Model string

// The models that can run today.
const (
	Reactor Model = "reactor" // exports lambent_handle
	Stdio   Model = "stdio"   // _start; event on stdin, result on stdout
)

// Manifest is lambent.json at the root of a package. Every field may be left
// out; the module then decides.
type Manifest struct {
	// Entry is the module's path in the package. Default: "bootstrap" if that
	// is a module, else the only *.wasm.
	Entry string `json:"entry,omitempty"`
	// Model is how the module is entered. A module that exports lambent_handle
	// and not _start is a reactor, whatever is said here; one that exports
	// _start is refused as a reactor. Default: what the exports say.
	Model Model `json:"model,omitempty"`
	// InitTimeout bounds the init phase, in seconds. Default 10.
	InitTimeout float64 `json:"init_timeout,omitempty"`
	// Fuel is how many units of work handling one event may take, unless whoever
	// deploys the function says another number. Default: as many as it wants.
	Fuel uint64 `json:"fuel,omitempty"`
	// Warmup is the path, in the package, of an event for the handler after the
	// init phase: what it fills caches with, every event finds. Never use an event
	// that somebody sent. Default: none. Only reactors have one, whose mode is
	// "pristine".
	Warmup string `json:"warmup,omitempty"`
	// Engine is the name of the engine that runs the function, such as "wazero". A
	// host has some, which package sandbox knows nothing of: whoever gives a Sandbox
	// its engine chooses by it. Default: the host's.
	Engine string `json:"engine,omitempty"`
	// Mode is what state an event finds its instance in: "pristine", the default,
	// "init=each" or "reuse". See package sandbox.
	Mode string `json:"mode,omitempty"`
}

// MaxManifest is the largest manifest in bytes.
const MaxManifest = 64 << 10

// maxInitTimeout is the longest init_timeout: that of AWS Lambda's longest
// invocation.
const maxInitTimeout = 15 * time.Minute

// ParseManifest reads a lambent.json. Unknown fields are errors: a misspelt one
// would be ignored silently otherwise.
func ParseManifest(b []byte) (Manifest, error) {
	if len(b) > MaxManifest {
		return Manifest{}, fmt.Errorf("lambent.json: %d bytes; at most %d are allowed", len(b), MaxManifest)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	var m Manifest
	if err := d.Decode(&m); err != nil {
		return Manifest{}, fmt.Errorf("lambent.json: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Manifest{}, errors.New("lambent.json: more than one JSON value")
	}
	return m, m.Check()
}

// Check says what in the manifest cannot be run.
func (m Manifest) Check() error {
	switch m.Model {
	case "", Reactor, Stdio:
	case "interpreter", "runtime-api":
		return fmt.Errorf("lambent.json: model %q is not supported yet; supported are %q and %q", m.Model, Reactor, Stdio)
	default:
		return fmt.Errorf("lambent.json: unknown model %q; known are %q and %q", m.Model, Reactor, Stdio)
	}
	switch m.Mode {
	case "", "pristine", "init=each", "reuse":
	default:
		return fmt.Errorf(`lambent.json: unknown mode %q; known are "pristine", "init=each" and "reuse"`, m.Mode)
	}
	if m.Warmup != "" && m.Mode != "" && m.Mode != "pristine" {
		return fmt.Errorf(`lambent.json: warmup is for mode "pristine", not for %q`, m.Mode)
	}
	if m.InitTimeout < 0 || m.InitTimeout > maxInitTimeout.Seconds() {
		return fmt.Errorf("lambent.json: init_timeout %v; allowed are more than 0 and at most %v seconds", m.InitTimeout, maxInitTimeout.Seconds())
	}
	return nil
}
