package wazero

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	. "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/engine/internal/image"
)

// functionNamesOf is the content of a name section whose part for functions is
// as given.
func functionNamesOf(part []byte) []byte { return Section(1, part) }

// TestNameBombs: what wazero would allocate tens of gigabytes for compiles and
// runs.
func TestNameBombs(t *testing.T) {
	huge := Uint(math.MaxUint32)
	for name, content := range map[string][]byte{
		"function names":    functionNamesOf(huge),
		"local names":       Section(2, huge),
		"locals of one":     Section(2, Cat(Uint(1), Uint(0), huge)),
		"one long name":     functionNamesOf(Vec(Cat(Uint(0), huge))),
		"long module name":  Section(0, huge),
		"size of the part":  Cat([]byte{1}, huge),
		"cut short":         {1},
		"invalid text":      functionNamesOf(Vec(Cat(Uint(0), Name("\xff\xfe")))),
		"index too large":   functionNamesOf(Vec(Cat(Uint(math.MaxUint64), Name("f")))),
		"a name for no one": functionNamesOf(Vec(Cat(Uint(math.MaxUint32), Name("f")))),
	} {
		t.Run(name, func(t *testing.T) {
			var b Builder
			b.ExportFunc("f", b.Func(b.Type(nil, Types{I32}), nil, I32Const(42)))
			b.Custom("name", content)
			b.Custom("name", content)
			if got, err := run(t, open(t, Config{}), &b, 0); err != nil || got[0] != 42 {
				t.Errorf("f = %v, %v", got, err)
			}
		})
	}
}

func TestLongNamesAreCut(t *testing.T) {
	var b Builder
	f := b.Func(b.Type(nil, nil), nil, Unreachable)
	b.ExportFunc("f", f)
	b.Custom("name", functionNamesOf(Vec(Cat(Uint(uint64(f)), Name(strings.Repeat("é", 1<<20))))))
	_, err := run(t, open(t, Config{}), &b)
	var trap *engine.Trap
	if !errors.As(err, &trap) || len(trap.Stack) != 1 || trap.Stack[0] != strings.Repeat("é", image.MaxName/2) {
		t.Errorf("the trap is %v, its stack %q", err, trap)
	}
}

// TestTableGrowth: the guest finds the bound with table.grow, which fails.
func TestTableGrowth(t *testing.T) {
	var b Builder
	b.Table(FuncRef, 1, NoMax)
	b.ExportFunc("f", b.Func(b.Type(Types{I32}, Types{I32}), nil,
		RefNull(FuncRef), LocalGet(0), Raw(0xfc, 15, 0))) // table.grow
	for _, test := range []struct{ by, want uint32 }{
		{tableEntries - 1, 1}, {tableEntries, math.MaxUint32}, {1 << 31, math.MaxUint32}, {math.MaxUint32, math.MaxUint32},
	} {
		if got, err := run(t, open(t, Config{}), &b, uint64(test.by)); err != nil || uint32(got[0]) != test.want {
			t.Errorf("table.grow(%d) = %v, %v, want %d", test.by, got, err, test.want)
		}
	}
}
