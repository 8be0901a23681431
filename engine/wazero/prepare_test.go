package wazero

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	. "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
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
			var b wasmbuild.Builder
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
	var b wasmbuild.Builder
	f := b.Func(b.Type(nil, nil), nil, Unreachable)
	b.ExportFunc("f", f)
	b.Custom("name", functionNamesOf(Vec(Cat(Uint(uint64(f)), Name(strings.Repeat("é", 1<<20))))))
	_, err := run(t, open(t, Config{}), &b)
	var trap *engine.Trap
	if !errors.As(err, &trap) || len(trap.Stack) != 1 || trap.Stack[0] != strings.Repeat("é", maxName/2) {
		t.Errorf("the trap is %v, its stack %q", err, trap)
	}
}

func TestFunctionNames(t *testing.T) {
	entry := func(i uint64, name string) []byte { return Cat(Uint(i), Name(name)) }
	custom := func(content ...[]byte) []byte { return Cat(Name("name"), Cat(content...)) }
	for name, test := range map[string]struct{ in, want []byte }{
		"another section":    {Cat(Name("producers"), Uint(0)), nil},
		"empty":              {custom(), nil},
		"module name only":   {custom(Section(0, Name("m"))), nil},
		"kept":               {custom(Section(0, Name("m")), Section(1, Vec(entry(0, "a"), entry(7, "b")))), custom(Section(1, Vec(entry(0, "a"), entry(7, "b"))))},
		"locals dropped":     {custom(Section(1, Vec(entry(0, "a"))), Section(2, Vec())), custom(Section(1, Vec(entry(0, "a"))))},
		"up to disorder":     {custom(Section(1, Vec(entry(3, "a"), entry(2, "b"), entry(5, "c")))), custom(Section(1, Vec(entry(3, "a"))))},
		"up to the end":      {custom(Section(1, Cat(Uint(9), entry(3, "a")))), custom(Section(1, Vec(entry(3, "a"))))},
		"made fit to print":  {custom(Section(1, Vec(entry(0, "a\n\tb\x00\xff")))), custom(Section(1, Vec(entry(0, "a??b??"))))},
		"after a broken one": {custom([]byte{0, 5}, Section(1, Vec(entry(0, "a")))), nil},
	} {
		if got := functionNames(test.in); !bytes.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestBoundTables(t *testing.T) {
	table := func(limits []byte) []byte { return Cat([]byte{FuncRef}, limits) }
	for name, test := range map[string]struct{ in, want []byte }{
		"none":           {Vec(), Vec()},
		"no maximum":     {Vec(table(Limits(3, NoMax))), Vec(table(Limits(3, tableEntries)))},
		"small maximum":  {Vec(table(Limits(3, 5))), Vec(table(Limits(3, 5)))},
		"large maximum":  {Vec(table(Limits(3, 1<<31))), Vec(table(Limits(3, tableEntries)))},
		"large at first": {Vec(table(Limits(tableEntries+5, NoMax))), Vec(table(Limits(tableEntries+5, tableEntries+5)))},
		"shared out": {Vec(table(Limits(0, NoMax)), table(Limits(tableEntries, NoMax))),
			Vec(table(Limits(0, tableEntries/2)), table(Limits(tableEntries, tableEntries)))},
	} {
		if got, err := boundTables(test.in); err != nil || !bytes.Equal(got, test.want) {
			t.Errorf("%s: %x, %v, want %x", name, got, err, test.want)
		}
	}
	for name, in := range map[string][]byte{
		"nothing":       nil,
		"count only":    Uint(1),
		"initial value": Vec(Cat([]byte{0x40, 0}, table(Limits(1, NoMax)), RefNull(FuncRef), End)),
		"64 bits":       Vec(table(Cat([]byte{5}, Uint(1), Uint(2)))),
		"no minimum":    Vec([]byte{FuncRef, 0}),
		"no declared":   Vec([]byte{FuncRef, 1, 0}),
		"huge count":    Uint(math.MaxUint64),
	} {
		if out, err := boundTables(in); !errors.Is(err, engine.ErrInvalid) {
			t.Errorf("%s: %x, %v, want ErrInvalid", name, out, err)
		}
	}
}

// TestTableGrowth: the guest finds the bound with table.grow, which fails.
func TestTableGrowth(t *testing.T) {
	var b wasmbuild.Builder
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

func TestPrepareRefuses(t *testing.T) {
	for _, rest := range [][]byte{{1}, {1, 5, 0}, {1, 0xff}, Section(4, Uint(1))} {
		if out, err := prepare(Cat(Header(), rest)); err == nil {
			t.Errorf("%x became %x", rest, out)
		}
	}
}

// FuzzPrepare: what Check accepts is prepared, into something that Check
// accepts, and preparing that changes nothing.
func FuzzPrepare(f *testing.F) {
	for i := range 3 {
		var b wasmbuild.Builder
		b.Table(FuncRef, int64(i), NoMax)
		b.Table(ExternRef, 0, 9)
		b.Memory(1, NoMax)
		b.ExportFunc("f", b.Func(b.Type(nil, nil), nil, Nop))
		b.Custom(".debug_info", []byte("x"))
		b.Custom("name", functionNamesOf(Vec(Cat(Uint(0), Name(fmt.Sprint("f", i))))))
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, module []byte) {
		if _, err := engine.Check(module, engine.ModuleLimits{}); err != nil {
			prepare(append(Header(), module...)) // must not panic
			return
		}
		out, err := prepare(module)
		if errors.Is(err, engine.ErrInvalid) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := engine.Check(out, engine.ModuleLimits{}); err != nil {
			t.Fatalf("%x became %x: %v", module, out, err)
		}
		if again, err := prepare(out); err != nil || !bytes.Equal(again, out) {
			t.Fatalf("%x, prepared again: %x, %v", out, again, err)
		}
	})
}
