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
	for _, tail := range []bool{false, true} {
		name := "service"
		if tail {
			name = "service with tail"
		}
		b.Run(name, func(b *testing.B) {
			s := newService(b, function.Config{})
			active(b, s, "echo", packGuest(b, "echo"))
			in := function.InvokeInput{Ref: function.Ref{Name: "echo"}, Event: event, Tail: tail}
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
