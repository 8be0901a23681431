package image

import (
	"testing"

	"github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// TestExportMemory: a module exports its own memory if that is asked for, however
// often it does so itself.
func TestExportMemory(t *testing.T) {
	for name, c := range map[string]struct {
		build func(b *wasmbuild.Builder)
		want  bool
	}{
		"none":     {func(*wasmbuild.Builder) {}, false},
		"kept":     {func(b *wasmbuild.Builder) { b.Memory(1, 1) }, true},
		"exported": {func(b *wasmbuild.Builder) { b.Memory(1, 1); b.ExportMemory() }, true},
		"imported": {func(b *wasmbuild.Builder) { b.ImportMemory("env", "memory", 1, 1) }, false},
	} {
		var b wasmbuild.Builder
		c.build(&b)
		m, err := wasm.Read(b.Bytes(), wasm.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		p, err := Rewrite(m, Options{ExportMemory: true})
		if err != nil {
			t.Fatal(err)
		}
		// What was rewritten uses names that no module may, so it is not read again.
		exports := 0
		for at := 0; at+len(MemoryExport)+2 <= len(p.Module); at++ {
			if string(p.Module[at:at+len(MemoryExport)+2]) == MemoryExport+"\x02\x00" {
				exports++
			}
		}
		if (exports == 1) != c.want || exports > 1 {
			t.Errorf("%s: the memory is exported %d times", name, exports)
		}
	}
}
