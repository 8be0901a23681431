package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/wasmtime"
	"github.com/lambent-dev/lambent/engine/wazero"
	"github.com/lambent-dev/lambent/host"
)

// nameWasmtime is how flags and lambent.json call it.
const nameWasmtime = "wasmtime"

// knownEngines are the names of all engines that a lambent may have.
var knownEngines = []string{host.Wazero, nameWasmtime}

// otherEngines are the engines that this program has beside wazero.
func otherEngines() []host.Engine {
	if wasmtime.Missing() != nil {
		return nil
	}
	return []host.Engine{{Name: nameWasmtime, New: newWasmtime}}
}

// newWasmtime makes guests as fast as they get: functions that compute are what it is
// chosen for. The meter stops them, as on wazero; NaNs are the processor's, as there.
func newWasmtime(c host.EngineConfig) (engine.Engine, error) {
	return wasmtime.New(wasmtime.Config{CacheDir: c.CacheDir, CacheSize: c.CacheSize, Fill: c.Fill, MustCache: c.MustCache, AnyNaN: true, NoClock: true})
}

// addEngines adds the flag that chooseEngines takes.
func addEngines(c *cobra.Command, names *[]string) {
	c.Flags().StringSliceVar(names, "engine", []string{host.Wazero}, "the `engines` that functions may run on, of wazero and wasmtime; the first runs those whose lambent.json names none")
}

// chooseEngines checks the names of engines that functions may run on, and returns
// those beside wazero. It warns of what there is to warn of.
func chooseEngines(c *cobra.Command, names []string) (others []host.Engine, err error) {
	if len(names) == 0 {
		return nil, fmt.Errorf("--engine names none; known are %s", strings.Join(knownEngines, " and "))
	}
	for _, name := range names {
		if err := checkEngine(c, name); err != nil {
			return nil, err
		}
	}
	for _, e := range otherEngines() {
		if slices.Contains(names, e.Name) {
			others = append(others, e)
		}
	}
	return others, nil
}

// checkEngine says whether this program has an engine.
func checkEngine(c *cobra.Command, name string) error {
	switch name {
	case host.Wazero:
		return nil
	case nameWasmtime:
		if err := wasmtime.Missing(); err != nil {
			return err
		}
		fmt.Fprintln(c.ErrOrStderr(), "Warning:", wasmtime.Advisories)
		return nil
	}
	return fmt.Errorf("unknown engine %q; known are %s", name, strings.Join(knownEngines, " and "))
}

// openEngine makes the engine of that name, for one function.
func openEngine(c *cobra.Command, name, cache string) (engine.Engine, error) {
	if err := checkEngine(c, name); err != nil {
		return nil, err
	}
	if name == nameWasmtime {
		return newWasmtime(host.EngineConfig{CacheDir: cache})
	}
	return wazero.New(wazero.Config{CacheDir: cache})
}
