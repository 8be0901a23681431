package enginetest

import (
	"bytes"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	. "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
)

// testModuleSize: modules say what data and code they keep.
func testModuleSize(t *testing.T, eng engine.Engine) {
	small := compile(t, eng, stateful(1), waiting).Size()
	if small == 0 || small > 1<<20 {
		t.Errorf("a module of a few functions keeps %d bytes, want some, and less than 1 MiB", small)
	}
	const more = 1 << 20
	data := stateful(17)
	data.Data(page, bytes.Repeat([]byte("data"), more/4))
	if got := compile(t, eng, data, waiting).Size(); got < small+more || got > small+4*more {
		t.Errorf("with 1 MiB of data it keeps %d bytes, without %d", got, small)
	}
	const functions = 1000
	code := stateful(1)
	sum := Cat(GlobalGet(1), GlobalGet(1), I64Add)
	for range functions {
		code.Func(code.Type(nil, Types{I64}), nil, sum)
	}
	m := compile(t, eng, code, waiting)
	if got := m.Size(); got < small+functions*uint64(len(sum)) {
		t.Errorf("with %d functions of %d bytes it keeps %d bytes, without %d", functions, len(sum), got, small)
	}
	before := m.Size()
	in := instantiate(t, m, engine.InstanceConfig{})
	must(t, in, "init")
	if got := m.Size(); got != before {
		t.Errorf("with an instance it keeps %d bytes, before %d", got, before)
	}
}

// testImageSize: images say what they keep of a memory, and instances do not
// change that.
func testImageSize(t *testing.T, eng engine.Engine) {
	freeze := func(pages int64, fill uint64) engine.Image {
		in := instantiate(t, compile(t, eng, stateful(pages), waiting), engine.InstanceConfig{})
		must(t, in, "fill", 0, 'x', fill)
		image, err := in.Freeze()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { image.Close() })
		return image
	}
	const filled = 40 * page
	image := freeze(50, filled)
	size := image.Size()
	if size < filled || size > 51*page {
		t.Errorf("of a memory of %d bytes, of which %d are not zeros, it keeps %d", 50*page, filled, size)
	}
	must(t, thaw(t, image, engine.InstanceConfig{}), "fill", 0, 'y', 50*page)
	if got := image.Size(); got != size {
		t.Errorf("after an event it keeps %d bytes, before %d", got, size)
	}
	var stored bytes.Buffer
	if _, err := image.WriteTo(&stored); err != nil {
		t.Fatal(err)
	}
	read, err := compile(t, eng, stateful(50), waiting).ReadImage(&stored, 50*page)
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	if got := read.Size(); got != size {
		t.Errorf("read again it keeps %d bytes, before %d", got, size)
	}
	var b Builder
	b.Global(I32, true, I32Const(1))
	in := start(t, eng, &b)
	bare, err := in.Freeze()
	if err != nil {
		t.Fatal(err)
	}
	defer bare.Close()
	if got := bare.Size(); got > page {
		t.Errorf("an image without memory keeps %d bytes", got)
	}
}
