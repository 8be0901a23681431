package image

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/engine/internal/stored"
)

// everything builds a module that leaves something of each kind to the host, and
// cannot be restored.
func everything() []byte {
	var b wb.Builder
	typ := b.Type(nil, nil)
	b.ImportFunc("env", "f", typ)
	b.Memory(1, wb.NoMax)
	b.Table(wb.FuncRef, 1, 1)
	b.Global(wb.I32, true, wb.I32Const(1))
	b.Export("g", wb.KindGlobal, b.Global(wb.F64, true, wb.F64Const(1)))
	b.Data(8, []byte("eight"))
	b.Data(-1, nil)
	b.Data(4, []byte("four"))
	b.Start(b.Func(typ, nil, wb.I32Const(0), wb.RefNull(wb.FuncRef), wb.Raw(0x26, 0)))
	b.Custom("name", wb.Section(1, wb.Vec(wb.Cat(wb.Uint(1), wb.Name("begin")))))
	return b.Bytes()
}

// sameProgram compares what is stored of programs.
func sameProgram(t *testing.T, name string, got, want *Program) {
	t.Helper()
	if got.Module != nil || got.Start != want.Start || !slices.Equal(got.Globals, want.Globals) || !bytes.Equal(got.Data, want.Data) {
		t.Errorf("%s: it is %+v, want %+v", name, got, want)
	}
	if (got.Restorable == nil) != (want.Restorable == nil) || got.Restorable != nil && got.Restorable.Error() != want.Restorable.Error() {
		t.Errorf("%s: restorable: %v, want %v", name, got.Restorable, want.Restorable)
	}
	if a, b := all(got.Functions), all(want.Functions); a != b {
		t.Errorf("%s: functions %s, want %s", name, a, b)
	}
}

func TestStoredProgram(t *testing.T) {
	modules := map[string][]byte{"everything": everything(), "nothing": wb.Header()}
	for _, g := range goldens {
		modules[g.name] = g.built(false)
	}
	for name, binary := range modules {
		p := rewrite(t, binary, bounds)
		encoded := p.Append([]byte("before"))[len("before"):]
		got, err := ReadProgram(encoded)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if again := got.Append(nil); !bytes.Equal(again, encoded) {
			t.Errorf("%s: stored again it is %x, was %x", name, again, encoded)
		}
		sameProgram(t, name, got, p)
	}
	p := rewrite(t, everything(), bounds)
	if p.Start == "" || p.Restorable == nil || len(p.Globals) != 2 || len(segments(t, p)) != 3 || all(p.Functions) != "$0 - - begin - - - - -" {
		t.Errorf("the module does not have everything: %+v, functions %s", p, all(p.Functions))
	}
}

func TestStoredProgramDamage(t *testing.T) {
	encoded := rewrite(t, everything(), bounds).Append(nil)
	for n := range encoded {
		if _, err := ReadProgram(encoded[:n]); !errors.Is(err, stored.ErrDamaged) {
			t.Errorf("%d of %d bytes: %v", n, len(encoded), err)
		}
	}
	if _, err := ReadProgram(append(encoded, 0)); !errors.Is(err, stored.ErrDamaged) {
		t.Errorf("a byte too many: %v", err)
	}
}

// FuzzReadProgram: whatever is read, applying and naming is safe.
func FuzzReadProgram(f *testing.F) {
	for _, g := range goldens {
		f.Add(rewrite(f, g.built(false), bounds).Append(nil))
	}
	f.Add(rewrite(f, everything(), bounds).Append(nil))
	f.Fuzz(func(t *testing.T, encoded []byte) {
		p, err := ReadProgram(encoded)
		if err != nil {
			return
		}
		p.Apply(make([]byte, 1<<16))
		for _, i := range []uint32{0, 1, 100, 1<<32 - 1} {
			p.Functions.Name(i)
		}
		if total := len(p.Data) + len(p.Globals); total > len(encoded) {
			t.Errorf("%d items of %d bytes", total, len(encoded))
		}
	})
}
