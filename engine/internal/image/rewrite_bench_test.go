package image

import (
	"testing"

	"github.com/lambent-dev/lambent/engine/internal/corpus"
	"github.com/lambent-dev/lambent/engine/internal/wasm"
)

// BenchmarkRewrite rewrites a Go program of 3 MB.
func BenchmarkRewrite(b *testing.B) {
	binary := corpus.GoProgram(b)
	m, err := wasm.Read(binary, wasm.Limits{})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(binary)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Rewrite(m, bounds); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkApply is what the host does at each instantiation of it.
func BenchmarkApply(b *testing.B) {
	p := rewrite(b, corpus.GoProgram(b), bounds)
	memory := make([]byte, 64<<20)
	for b.Loop() {
		if err := p.Apply(memory); err != nil {
			b.Fatal(err)
		}
	}
}
