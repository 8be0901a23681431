package image

import (
	"bytes"
	"testing"

	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// counting builds a module whose function returns n, or a larger one.
func counting(n int32, more int) []byte {
	var b wb.Builder
	b.Memory(1, 2)
	typ := b.Type(wb.Types{wb.I32}, wb.Types{wb.I32})
	b.ExportFunc("f", b.Func(typ, wb.Types{wb.I64}, wb.I32Const(n)))
	for range more {
		b.Func(typ, nil, bytes.Repeat(wb.Cat(wb.I32Const(n), wb.Drop), 1000), wb.LocalGet(0))
	}
	return b.Bytes()
}

func skeleton(t testing.TB, binary []byte, identity string) []byte {
	t.Helper()
	s, err := rewrite(t, binary, bounds).Skeleton([]byte(identity))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSkeleton: code is not in it, all else is.
func TestSkeleton(t *testing.T) {
	one := skeleton(t, counting(1, 0), "x")
	if !bytes.Equal(one, skeleton(t, counting(2, 0), "x")) {
		t.Error("skeletons of modules that differ in code only are not the same")
	}
	if bytes.Equal(one, skeleton(t, counting(1, 0), "y")) {
		t.Error("skeletons of two identities are the same")
	}
	if bytes.Equal(one, skeleton(t, counting(1, 1), "x")) {
		t.Error("a function is missing")
	}
	binary := counting(1, 100)
	if large := skeleton(t, binary, "x"); len(large) > len(one)+100*16 {
		t.Errorf("the skeleton of a module of %d bytes has %d, that of the smallest %d", len(binary), len(large), len(one))
	}
}

func TestSkeletonOfNonsense(t *testing.T) {
	sound := rewrite(t, counting(1, 0), bounds).Module
	for n := range sound {
		p := &Program{Module: sound[:n]}
		if s, err := p.Skeleton(nil); err == nil && len(s) > n+1000 {
			t.Errorf("cut after %d bytes it becomes %d", n, len(s))
		}
	}
	for name, module := range map[string][]byte{
		"a section too long": append(wb.Header(), 1, 100),
		"many bodies":        append(wb.Header(), 10, 5, 0xff, 0xff, 0xff, 0xff, 0x0f),
		"no number":          append(wb.Header(), 10, 0),
		"a header":           wb.Header()[:7],
	} {
		if _, err := (&Program{Module: module}).Skeleton(nil); err == nil {
			t.Errorf("%s: there is a skeleton", name)
		}
	}
}
