package image

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/lambent-dev/lambent/engine/internal/corpus"
	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// script is one of the specification's tests.
type script struct{ Commands []command }

type command struct {
	Type     string
	Line     int
	Name, As string
	Filename string
	Action   struct {
		Type, Module, Field string
		Args                []struct {
			Value json.RawMessage // a string, or a list if it is a vector
		}
	}
}

// The specification's tests go the same way with modules that are rewritten.
func TestSpecification(t *testing.T) {
	source := filepath.Join(corpus.Wazero(t), "internal/integration_test/spectest")
	var done comparison
	for _, suite := range []string{"v1", "v2", "extended-const", "tail-call", "exception-handling"} {
		files, err := filepath.Glob(filepath.Join(source, suite, "testdata/*.json"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no tests of %s: %v", suite, err)
		}
		for _, file := range files {
			c := newComparison(t, filepath.Join(source, "testdata/spectest.wasm"))
			c.run(t, file)
			done.modules += c.modules
			done.calls += c.calls
			done.segments += c.worlds[1].segments
			done.starts += c.worlds[1].starts
		}
	}
	t.Logf("%d modules, %d calls, %d segments applied, %d start functions called", done.modules, done.calls, done.segments, done.starts)
	if done.modules < 1500 || done.calls < 40_000 || done.segments < 200 || done.starts < 15 {
		t.Error("there are more")
	}
}

// comparison runs one script in two worlds: as it is, and rewritten.
type comparison struct {
	worlds [2]*world
	last   [2]api.Module
	named  map[string][2]api.Module

	modules, calls, segments, starts int // that were compared
}

func newComparison(t *testing.T, spectest string) *comparison {
	c := &comparison{named: map[string][2]api.Module{}}
	for i := range c.worlds {
		c.worlds[i] = newWorld(t, i == 1, wazero.NewRuntimeConfigInterpreter())
		c.worlds[i].modules["spectest"], _ = c.worlds[i].instantiate(readFile(t, spectest), wazero.NewModuleConfig())
	}
	return c
}

func (c *comparison) run(t *testing.T, file string) {
	name := filepath.Base(filepath.Dir(filepath.Dir(file))) + "/" + filepath.Base(file)
	var s script
	if err := json.Unmarshal(readFile(t, file), &s); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for i, command := range s.Commands {
		var outcomes [2]outcome
		switch command.Type {
		case "module", "assert_uninstantiable", "assert_unlinkable":
			outcomes = c.instantiate(readFile(t, filepath.Join(filepath.Dir(file), command.Filename)), command.Name)
		case "register":
			for i, m := range c.instances(command.Name) {
				c.worlds[i].modules[command.As] = m
			}
		case "action", "assert_return", "assert_trap", "assert_exhaustion":
			outcomes = c.call(command)
		}
		plain, rewritten := outcomes[0], outcomes[1]
		if command.Type == "module" && plain.err != nil {
			t.Errorf("%s:%d: %v", name, command.Line, plain.err)
		}
		if reason(plain.err) != reason(rewritten.err) || !slices.Equal(plain.results, rewritten.results) {
			t.Errorf("%s:%d: %x %v, rewritten %x %v", name, command.Line, plain.results, plain.err, rewritten.results, rewritten.err)
			return
		}
		// After the last call of an instance, and before the first.
		settled := i+1 == len(s.Commands) || command.Type == "module" || s.Commands[i+1].Type == "module"
		if settled && c.last[0] != nil && !sameState(c.last[0], c.last[1]) {
			t.Errorf("%s:%d: memories or globals differ", name, command.Line)
			return
		}
	}
}

// outcome is that of an instantiation or a call.
type outcome struct {
	results []uint64
	err     error
}

func (c *comparison) instantiate(binary []byte, name string) (outcomes [2]outcome) {
	c.last = [2]api.Module{}
	if _, err := wasm.Read(binary, wasm.Limits{}); err != nil {
		return // unsupported
	}
	for i, w := range c.worlds {
		if m, err := w.instantiate(binary, wazero.NewModuleConfig()); err != nil {
			outcomes[i].err = err
		} else {
			c.last[i] = m
		}
	}
	if name != "" {
		c.named[name] = c.last
	}
	c.modules++
	return outcomes
}

// instances are those of a name, or the last.
func (c *comparison) instances(name string) [2]api.Module {
	if name == "" {
		return c.last
	}
	return c.named[name]
}

func (c *comparison) call(command command) (outcomes [2]outcome) {
	args, ok := arguments(command)
	instances := c.instances(command.Action.Module)
	if !ok || command.Action.Type != "invoke" || instances[0] == nil {
		return
	}
	for i, m := range instances {
		f := m.ExportedFunction(command.Action.Field)
		o := &outcomes[i]
		if o.results, o.err = f.Call(context.Background(), args...); o.err != nil {
			continue
		}
		for j, typ := range f.Definition().ResultTypes() {
			if !numeric(byte(typ)) && typ != 0x7b && o.results[j] != 0 {
				o.results[j] = 1 // a reference is an address
			}
		}
	}
	c.calls++
	return outcomes
}

// arguments reads those of a call; false if there are vectors.
func arguments(command command) ([]uint64, bool) {
	var out []uint64
	for _, a := range command.Action.Args {
		if string(a.Value) == `"null"` {
			out = append(out, 0)
			continue
		}
		v, err := strconv.ParseUint(strings.Trim(string(a.Value), `"`), 10, 64)
		if err != nil {
			return nil, false
		}
		out = append(out, v)
	}
	return out, true
}

// sameState compares memories and all globals that the original module has.
func sameState(plain, rewritten api.Module) bool {
	if !bytes.Equal(contents(plain), contents(rewritten)) {
		return false
	}
	a, b := plain.(experimental.InternalModule), rewritten.(experimental.InternalModule)
	for i := range a.NumGlobal() {
		x, y := a.Global(i), b.Global(i)
		if x.Type() != y.Type() || numeric(byte(x.Type())) && x.Get() != y.Get() {
			return false
		}
	}
	return true
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
