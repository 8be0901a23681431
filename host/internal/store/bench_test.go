package store

import (
	"fmt"
	"sync"
	"testing"
	"time"
)

// BenchmarkOpen opens and closes a store with that many functions.
func BenchmarkOpen(b *testing.B) {
	for _, n := range []int{0, 100} {
		b.Run(fmt.Sprint(n, " functions"), func(b *testing.B) {
			dir := b.TempDir()
			s := mustOpen(b, dir, Config{})
			for i := range n {
				mustCreate(b, s, fmt.Sprint("f", i))
			}
			if err := s.Close(); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				s, err := Open(dir, Config{})
				if err != nil {
					b.Fatal(err)
				}
				if _, err := s.Functions(b.Context(), scriptKey(""), MaxPage); err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
		})
	}
}

// BenchmarkWrite changes one function after another, with so many callers at once;
// ns/op is the time between two answers.
func BenchmarkWrite(b *testing.B) {
	for _, callers := range []int{1, 64} {
		b.Run(fmt.Sprint(callers, " callers"), func(b *testing.B) {
			s := mustOpen(b, b.TempDir(), Config{})
			for i := range callers {
				mustCreate(b, s, fmt.Sprint("f", i))
			}
			b.ResetTimer()
			var all sync.WaitGroup
			for i := range callers {
				all.Go(func() {
					for range (b.N + callers - 1) / callers {
						_, err := s.UpdateFunction(b.Context(), scriptKey(fmt.Sprint("f", i)), func(f *Function) error {
							f.Modified = f.Modified.Add(time.Second)
							return nil
						})
						if err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			all.Wait()
		})
	}
}

// BenchmarkRead reads one function, and 100.
func BenchmarkRead(b *testing.B) {
	s := mustOpen(b, b.TempDir(), Config{})
	for i := range 200 {
		mustCreate(b, s, fmt.Sprint("f", i))
	}
	b.Run("one", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.Function(b.Context(), scriptKey("f7")); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("list of 100", func(b *testing.B) {
		for b.Loop() {
			if all, err := s.Functions(b.Context(), scriptKey("f1"), 100); err != nil || len(all) != 100 {
				b.Fatal(len(all), err)
			}
		}
	})
}
