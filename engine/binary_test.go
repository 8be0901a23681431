package engine

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"reflect"
	"slices"
	"testing"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

func TestCheck(t *testing.T) {
	var b wb.Builder
	read := b.ImportFunc("env", "read", b.Type(wb.Types{wb.I32, wb.I64}, wb.Types{wb.F64}))
	b.ImportGlobal("env", "base", wb.I32, false)
	run := b.Func(b.Type(nil, wb.Types{wb.I32}), nil, wb.I32Const(1))
	b.Memory(2, 10)
	b.ExportFunc("zero", run)
	b.ExportMemory()
	b.ExportFunc("again", read)
	wasm := b.Bytes()

	bin, err := Check(wasm, ModuleLimits{})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(bin.Bytes(), wasm) || bin.Digest() != sha256.Sum256(wasm) {
		t.Error("bytes or digest are not the module's")
	}
	im := bin.Imports
	if len(im) != 2 || im[0].Module != "env" || im[0].Name != "read" || im[0].Kind != KindFunc ||
		Signature(im[0].Params, im[0].Results) != "(i32 i64) -> (f64)" {
		t.Errorf("imports are %v", im)
	}
	if im[1].Kind != KindGlobal || im[1].Params != nil {
		t.Errorf("import 1 is %v", im[1])
	}
	var names []string
	for _, ex := range bin.Exports {
		names = append(names, ex.Name)
	}
	if want := []string{"again", "memory", "zero"}; !slices.Equal(names, want) {
		t.Errorf("exports are %q, want %q", names, want)
	}
	if ex, ok := bin.Export("again"); !ok || ex.Kind != KindFunc || Signature(ex.Params, ex.Results) != "(i32 i64) -> (f64)" {
		t.Errorf("export again is %v, %v", ex, ok)
	}
	if ex, ok := bin.Export("memory"); !ok || ex.Kind != KindMemory || ex.Params != nil {
		t.Errorf("export memory is %v, %v", ex, ok)
	}
	if ex, ok := bin.Export("missing"); ok {
		t.Errorf("a missing export is %v", ex)
	}
}

func TestBinaryMemory(t *testing.T) {
	for name, c := range map[string]struct {
		build func(b *wb.Builder)
		want  *MemoryType
	}{
		"none":     {func(*wb.Builder) {}, nil},
		"bounded":  {func(b *wb.Builder) { b.Memory(2, 10) }, &MemoryType{2, 10}},
		"open":     {func(b *wb.Builder) { b.Memory(3, wb.NoMax) }, &MemoryType{3, 65536}},
		"imported": {func(b *wb.Builder) { b.ImportMemory("env", "memory", 1, 1) }, &MemoryType{1, 1}},
	} {
		var b wb.Builder
		c.build(&b)
		bin, err := Check(b.Bytes(), ModuleLimits{})
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(bin.Memory, c.want) {
			t.Errorf("%s: memory is %v, want %v", name, bin.Memory, c.want)
		}
	}
}

func TestCheckRefuses(t *testing.T) {
	var invalid, unsupported wb.Builder
	invalid.ExportFunc("missing", 0)
	unsupported.Memory(1, 1)
	unsupported.Memory(1, 1)
	for want, wasm := range map[error][]byte{
		ErrMalformed:   []byte("#!/bin/sh"),
		ErrInvalid:     invalid.Bytes(),
		ErrUnsupported: unsupported.Bytes(),
		ErrTooLarge:    append(wb.Header(), make([]byte, 100)...),
	} {
		if bin, err := Check(wasm, ModuleLimits{Module: 64}); !errors.Is(err, want) || bin != nil {
			t.Errorf("%v, want %v", err, want)
		}
	}
}
