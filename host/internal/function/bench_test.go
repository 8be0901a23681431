package function_test

import (
	"testing"

	"github.com/lambent-dev/lambent/host/internal/function"
	"github.com/lambent-dev/lambent/sandbox"
)

// BenchmarkInvoke compares an invocation with the bare sandbox's.
func BenchmarkInvoke(b *testing.B) {
	event := []byte(`{"name":"Ada"}`)
	b.Run("sandbox", func(b *testing.B) {
		box, err := sandbox.New(b.Context(), testEngine(b), guest(b, "echo"), sandbox.Config{})
		if err != nil {
			b.Fatal(err)
		}
		defer box.Close()
		b.RunParallel(func(p *testing.PB) {
			for p.Next() {
				if _, err := box.Run(b.Context(), event); err != nil {
					b.Error(err)
				}
			}
		})
	})
	for _, c := range []struct {
		name, qualifier string
		tail            bool
	}{{name: "service"}, {name: "service with tail", tail: true}, {name: "version", qualifier: "1"}, {name: "alias with weights", qualifier: "live"}} {
		b.Run(c.name, func(b *testing.B) {
			s := newService(b, function.Config{})
			active(b, s, "f", packGuest(b, "echo"))
			for range 2 {
				publish(b, s, "f")
				updateCode(b, s, "f", packConstant(b, "1"))
				settle(b, s, "f")
			}
			createAlias(b, s, "live", "1", map[string]float64{"2": 0})
			updateCode(b, s, "f", packGuest(b, "echo"))
			settle(b, s, "f")
			in := function.InvokeInput{Ref: ref("f", c.qualifier), Event: event, Tail: c.tail}
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					if _, err := s.Invoke(b.Context(), in); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}
