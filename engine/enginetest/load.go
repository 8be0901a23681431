package enginetest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	. "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// testLoad: an engine that keeps code on disk makes of it what Compile makes of
// the module; one that does not says so.
func testLoad(t *testing.T, eng engine.Engine) {
	host := engine.NewHost(waiting)
	b := stateful(2)
	if m, err := eng.Load(t.Context(), sha256.Sum256([]byte("no module")), host); !errors.Is(err, engine.ErrNotCached) || m != nil {
		t.Errorf("a module that was never compiled: %v, want ErrNotCached", err)
	}
	compiled, err := eng.Compile(t.Context(), check(t, b), host)
	if err != nil {
		t.Fatal(err)
	}
	defer compiled.Close()
	loaded, err := eng.Load(t.Context(), check(t, b).Digest(), host)
	if errors.Is(err, engine.ErrNotCached) {
		return // it keeps nothing on disk
	}
	if err != nil {
		t.Fatal(err)
	}
	defer loaded.Close()
	if !reflect.DeepEqual(loaded.Interface(), compiled.Interface()) {
		t.Errorf("loaded, its interface is %v, compiled %v", loaded.Interface(), compiled.Interface())
	}
	if err := loaded.Restorable(); err != nil {
		t.Error(err)
	}
	in := instantiate(t, loaded, engine.InstanceConfig{})
	must(t, in, "init")
	wantFrozen(t, in, 2)
	image, err := in.Freeze()
	if err != nil {
		t.Fatal(err)
	}
	defer image.Close()
	wantFrozen(t, thaw(t, image, engine.InstanceConfig{}), 2)

	var link *engine.LinkError
	if _, err := eng.Load(t.Context(), check(t, b).Digest(), engine.NewHost()); !errors.As(err, &link) {
		t.Errorf("with nothing to import: %v, want a *LinkError", err)
	}
}

// testLoadedPrograms: what runs before the first call, what names frames and what
// is said of a module is the same compiled and loaded.
func testLoadedPrograms(t *testing.T, eng engine.Engine) {
	var log []uint64
	note := hostFunc("note", []engine.ValueType{engine.I32}, nil, func(_ context.Context, _ engine.Instance, stack []uint64) {
		log = append(log, uint64(uint32(stack[0])))
	})
	host := engine.NewHost(note)
	for name, build := range map[string]func(b *Builder, f uint32){
		"start function": func(b *Builder, f uint32) {
			b.Memory(1, NoMax)
			b.Data(16, []byte{7})
			b.Start(b.Func(b.Type(nil, nil), nil, I32Const(16), I32Load8U(0), Call(f)))
		},
		"data outside of memory": func(b *Builder, _ uint32) {
			b.Memory(1, NoMax)
			b.Data(page, []byte{7})
		},
		"a trap with names": func(b *Builder, _ uint32) {
			b.Start(b.Func(b.Type(nil, nil), nil, Unreachable))
			b.Custom("name", Section(1, Vec(Cat(Uint(1), Name("doomed")))))
		},
		"passive data": func(b *Builder, f uint32) {
			b.Memory(1, 1)
			segment := b.PassiveData([]byte("passive"))
			b.Start(b.Func(b.Type(nil, nil), nil,
				I32Const(0), I32Const(0), I32Const(7), MemoryInit(segment), I32Const(6), I32Load8U(0), Call(f)))
		},
		"elements": func(b *Builder, f uint32) {
			b.Table(FuncRef, 3, 3)
			b.Elem(1, f)
			b.Start(b.Func(b.Type(nil, nil), nil, I32Const(9), I32Const(1), CallIndirect(b.Type(Types{I32}, nil), 0)))
		},
	} {
		var b Builder
		build(&b, b.ImportFunc("env", "note", b.Type(Types{I32}, nil)))
		begin := func(m engine.Module, err error) (noted []uint64, failure error, restorable string) {
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			defer m.Close()
			log = nil
			in, err := m.Instantiate(t.Context(), engine.InstanceConfig{})
			if err == nil {
				in.Close()
			}
			return log, err, fmt.Sprint(m.Restorable())
		}
		noted, failure, restorable := begin(eng.Compile(t.Context(), check(t, &b), host))
		m, err := eng.Load(t.Context(), check(t, &b).Digest(), host)
		if errors.Is(err, engine.ErrNotCached) {
			return
		}
		gotNoted, gotFailure, gotRestorable := begin(m, err)
		if !reflect.DeepEqual(gotNoted, noted) || !reflect.DeepEqual(gotFailure, failure) || gotRestorable != restorable {
			t.Errorf("%s: loaded it noted %d and ended with %+v (restorable: %s), compiled %d and %+v (%s)",
				name, gotNoted, gotFailure, gotRestorable, noted, failure, restorable)
		}
		if len(noted) == 0 && failure == nil {
			t.Errorf("%s: nothing happened", name)
		}
	}
}
