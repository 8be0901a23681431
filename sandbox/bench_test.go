package sandbox_test

import (
	"context"
	"testing"

	"github.com/lambent-dev/lambent/sandbox"
)

// BenchmarkRun is what one event costs: of a handler in C that does next to
// nothing, and of one that reads and writes JSON, for a caller that can give up.
func BenchmarkRun(b *testing.B) {
	for name, event := range map[string]string{"tiny": "100", "json": `{"name":"Ada","n":41}`} {
		box := newBox(b, guest(b, "c/"+name), sandbox.Config{})
		for _, callers := range []string{"one", "many"} {
			b.Run(name+"/"+callers, func(b *testing.B) {
				b.ReportAllocs()
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				once := func() {
					if _, err := box.Run(ctx, []byte(event)); err != nil {
						b.Error(err)
					}
				}
				if callers == "one" {
					for b.Loop() {
						once()
					}
					return
				}
				b.RunParallel(func(p *testing.PB) {
					for p.Next() {
						once()
					}
				})
			})
		}
	}
}
