package meter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/engine/internal/corpus"
	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// script is one file of the specification's tests, as wazero carries them.
type script struct{ Commands []command }

type command struct {
	Type, Name, Filename, As string
	Line                     int
	Action                   struct {
		Type, Field, Module string
		Args                []value
	}
}

type value struct {
	Type     string
	LaneType string `json:"lane_type"`
	Value    any
}

// world is the modules of a script while it runs, plain or metered.
type world struct {
	*host
	dir     string
	metered bool
	named   map[string]api.Module
	last    api.Module

	overflows int // calls of overflow
}

func newWorld(t *testing.T, config wazero.RuntimeConfig, source, dir string, metered bool) *world {
	t.Helper()
	w := &world{host: newHostOf(t, config, 1000, 1<<50), dir: dir, metered: metered, named: map[string]api.Module{}}
	spectest, err := os.ReadFile(filepath.Join(source, "internal/integration_test/spectest/testdata/spectest.wasm"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.InstantiateWithConfig(context.Background(), spectest, wazero.NewModuleConfig().WithName("spectest")); err != nil {
		t.Fatal(err)
	}
	return w
}

// run runs a command, after which another one may follow, and says what can be
// seen of it.
func (w *world) run(c, next command) string {
	ctx := context.Background()
	switch c.Type {
	case "module", "assert_uninstantiable", "assert_unlinkable":
		return w.instantiate(c, next)
	case "assert_return", "assert_trap", "assert_exhaustion", "assert_exception", "action":
	default:
		return ""
	}
	m := w.last
	if c.Action.Module != "" {
		m = w.named[c.Action.Module]
	}
	if m == nil {
		return "no module"
	}
	if c.Action.Type == "get" {
		return fmt.Sprint(m.ExportedGlobal(c.Action.Field).Get())
	}
	var args []uint64
	for _, a := range c.Action.Args {
		args = append(args, a.bits()...)
	}
	f := m.ExportedFunction(c.Action.Field)
	if f == nil {
		return "no function"
	}
	results, err := f.Call(ctx, args...)
	if err != nil {
		return w.trap(m, err)
	}
	for _, t := range f.Definition().ResultTypes() {
		if t == api.ValueTypeExternref || t == wb.FuncRef || t == wb.ExnRef { // addresses differ
			return fmt.Sprintf("%d results with references", len(results))
		}
	}
	return fmt.Sprint(results)
}

func (w *world) trap(m api.Module, err error) string {
	// The script goes on after a trap, which an engine does not.
	if stack, ok := m.ExportedGlobal(StackGlobal).(api.MutableGlobal); ok {
		stack.Set(StackLimit)
	}
	if errors.Is(err, errDeep) {
		w.overflows++
		return "stack overflow"
	}
	first, _, _ := strings.Cut(err.Error(), "\n")
	return strings.TrimPrefix(first, "wasm error: ")
}

func (w *world) instantiate(c, next command) string {
	w.last = nil
	if filepath.Ext(c.Filename) != ".wasm" {
		return ""
	}
	binary, err := os.ReadFile(filepath.Join(w.dir, c.Filename))
	if err != nil {
		return err.Error()
	}
	if w.metered {
		module, err := wasm.Read(binary, wasm.Limits{})
		if err != nil {
			return "refused" // for what is unsupported by design
		}
		if binary, err = Instrument(module); err != nil {
			return err.Error()
		}
	}
	name := ""
	if next.Type == "register" {
		name = next.As
	}
	m, err := w.InstantiateWithConfig(context.Background(), binary, wazero.NewModuleConfig().WithName(name).WithStartFunctions())
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		if _, trap, ok := strings.Cut(first, "] failed: "); ok { // "start function[2"
			return trap
		}
		return first
	}
	w.last = m
	if c.Name != "" {
		w.named[c.Name] = m
	}
	return "instantiated"
}

// bits returns a value as wazero takes it.
func (v value) bits() []uint64 {
	lanes, ok := v.Value.([]any)
	if !ok {
		text, _ := v.Value.(string)
		n := number(text, 64)
		if strings.HasSuffix(v.Type, "32") {
			n = uint64(uint32(n))
		}
		if v.Type == "externref" && text != "null" {
			n++ // 0 is null
		}
		return []uint64{n}
	}
	width, _ := strconv.Atoi(v.LaneType[1:])
	var out [2]uint64
	for i, lane := range lanes {
		at := i * width
		out[at/64] |= number(lane.(string), width) & (1<<(width-1)<<1 - 1) << (at % 64)
	}
	return out[:]
}

// number reads a decimal; nan and null are 0, the same in both worlds.
func number(text string, width int) uint64 {
	if n, err := strconv.ParseUint(text, 10, 64); err == nil {
		return n
	}
	n, _ := strconv.ParseInt(text, 10, 64)
	return uint64(n)
}

// The specification's tests do metered what they do plain, most of them on
// wazero's compiler, the others on its interpreter.
func TestScripts(t *testing.T) {
	source := corpus.Wazero(t)
	lists, err := filepath.Glob(filepath.Join(source, "internal/integration_test/spectest/*/testdata/*.json"))
	if err != nil {
		t.Fatal(err)
	}
	commands, refused, overflows := 0, 0, 0
	for i, list := range lists {
		suite := filepath.Base(filepath.Dir(filepath.Dir(list)))
		if suite == "threads" || suite == "typed-function-references" {
			continue // shared memory and typed references are unsupported
		}
		if testing.Short() && i%32 != 0 {
			continue
		}
		raw, err := os.ReadFile(list)
		var s script
		if err == nil {
			err = json.Unmarshal(raw, &s)
		}
		if err != nil {
			t.Fatal(err)
		}
		config := wazero.NewRuntimeConfigCompiler()
		if i%4 == 3 {
			config = wazero.NewRuntimeConfigInterpreter()
		}
		n, r, o := compareScript(t, config, source, list, s)
		commands, refused, overflows = commands+n, refused+r, overflows+o
	}
	if testing.Short() {
		return
	}
	if commands < 20_000 || refused > commands/100 || overflows == 0 {
		t.Errorf("%d commands were compared, and %d not, of modules that are refused; %d used up the stack", commands, refused, overflows)
	}
}

// compareScript returns how many commands it has compared, how many not, and how
// many used up the stack.
func compareScript(t *testing.T, config wazero.RuntimeConfig, source, list string, s script) (compared, refused, overflows int) {
	dir := filepath.Dir(list)
	plain, metered := newWorld(t, config, source, dir, false), newWorld(t, config, source, dir, true)
	defer plain.Close(context.Background())
	defer metered.Close(context.Background())
	s.Commands = slices.DeleteFunc(s.Commands, func(c command) bool { return c.Type == "assert_malformed" || c.Type == "assert_invalid" })
	skip := false
	for i, c := range s.Commands {
		var next command
		if i+1 < len(s.Commands) {
			next = s.Commands[i+1]
		}
		got := metered.run(c, next)
		want := plain.run(c, next)
		if c.Type == "module" {
			skip = got == "refused"
		}
		if skip || got == "refused" {
			refused++
			continue
		}
		if compared++; got != want {
			t.Errorf("%s line %d, %s %s: %s, plain %s", filepath.Base(list), c.Line, c.Type, c.Action.Field, got, want)
		}
	}
	return compared, refused, metered.overflows
}
