package main

import (
	"errors"
	"strings"
	"sync"
	"testing"
)

// TestContenders asks every contender with every handler, one event after the
// other and two at once.
func TestContenders(t *testing.T) {
	handlers, err := buildHandlers(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range handlers {
		for _, e := range entrants() {
			t.Run(h.name+"/"+e.name, func(t *testing.T) {
				c, err := e.load(t.Context(), h)
				if errors.Is(err, errNone) {
					t.Skip(err)
				}
				if err != nil {
					t.Fatal(err)
				}
				defer func() {
					if err := c.Close(); err != nil {
						t.Error(err)
					}
				}()
				if err := ask(t.Context(), c); err != nil {
					t.Fatal(err)
				}
				var wg sync.WaitGroup
				for range 2 {
					wg.Go(func() {
						if err := ask(t.Context(), c); err != nil {
							t.Error(err)
						}
					})
				}
				wg.Wait()
			})
		}
	}
}

// BenchmarkContenders is for profiles of one contender:
//
//	go test -run '^$' -bench 'Contenders/C/Lambent' -cpuprofile cpu.out
func BenchmarkContenders(b *testing.B) {
	handlers, err := buildHandlers(b.Context(), b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	for _, h := range handlers {
		for _, e := range entrants() {
			b.Run(h.name+"/"+e.name, func(b *testing.B) {
				c, err := e.load(b.Context(), h)
				if errors.Is(err, errNone) {
					b.Skip(err)
				}
				if err != nil {
					b.Fatal(err)
				}
				defer c.Close()
				b.ReportAllocs()
				for b.Loop() {
					if err := ask(b.Context(), c); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// parsed returns the options of a command line that is right.
func parsed(t *testing.T, args string) options {
	t.Helper()
	o, err := parse(strings.Fields(args))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestParse(t *testing.T) {
	for _, test := range []struct{ args, want string }{
		{"-rounds 0", "must be positive"},
		{"-events -1", "must be positive"},
		{"-o ../x.json", "below this folder"},
		{"-o /x.json", "below this folder"},
		{"x", "not a flag"},
	} {
		if _, err := parse(strings.Fields(test.args)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", test.args, err, test.want)
		}
	}
	o := parsed(t, "-rounds 2 -events 3 -seed 4 -o results/x.json")
	if want := "go run . -events 3 -o results/x.json -rounds 2 -seed 4"; o.Command() != want {
		t.Errorf("command is %q, want %q", o.Command(), want)
	}
}
