package image

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/tetratelabs/wazero"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// frame is one of a wazero trace: functions without names are called "$" and
// their index.
var frame = regexp.MustCompile(`\n\t\.(\$?[\w]+)\(`)

// The stack of a trap can be told by the names of the original module, though
// the rewritten one has none and other indices.
func TestTrace(t *testing.T) {
	var b wb.Builder
	typ := b.Type(nil, nil)
	b.ImportFunc("spectest", "print", typ)
	b.Memory(1, wb.NoMax)
	inner := b.Func(typ, nil, wb.Unreachable)
	middle := b.Func(typ, nil, wb.Call(inner))
	b.ExportFunc("outer", b.Func(typ, nil, wb.Call(middle)))
	// The meter's own function is on the stack of this one.
	b.ExportFunc("filling", b.Func(typ, nil, wb.I32Const(-1), wb.I32Const(0), wb.I32Const(9), wb.MemoryFill))
	b.Custom("name", wb.Section(1, wb.Vec(wb.Cat(wb.Uint(uint64(inner)), wb.Name("inner")), wb.Cat(wb.Uint(uint64(middle)), wb.Name("middle")))))

	var print wb.Builder
	print.ExportFunc("print", print.Func(print.Type(nil, nil), nil))

	traces := map[bool]map[string][]string{}
	for _, rewrites := range []bool{false, true} {
		w := newWorld(t, rewrites, wazero.NewRuntimeConfigCompiler())
		var err error
		if w.modules["spectest"], err = w.instantiate(print.Bytes(), wazero.NewModuleConfig()); err != nil {
			t.Fatal(err)
		}
		m, err := w.instantiate(b.Bytes(), wazero.NewModuleConfig())
		if err != nil {
			t.Fatal(err)
		}
		traces[rewrites] = map[string][]string{}
		for _, function := range []string{"outer", "filling"} {
			_, err = m.ExportedFunction(function).Call(context.Background())
			if err == nil {
				t.Fatalf("%s does not trap", function)
			}
			for _, match := range frame.FindAllStringSubmatch(err.Error(), -1) {
				traces[rewrites][function] = append(traces[rewrites][function], match[1])
			}
		}
	}
	functions := rewrite(t, b.Bytes(), bounds).Functions
	for function, trace := range traces[true] {
		var names []string
		for _, f := range trace {
			index, err := strconv.ParseUint(f[1:], 10, 32)
			if err != nil || f[0] != '$' {
				t.Fatalf("the rewritten module calls a function %q", f)
			}
			if name, ok := functions.Name(uint32(index)); ok {
				names = append(names, name)
			}
		}
		if want := traces[false][function]; !slices.Equal(names, want) || len(want) == 0 {
			t.Errorf("%s: the stack %v means %v, want %v", function, trace, names, want)
		}
	}
}
