package wasi

import (
	"errors"
	"testing"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox/internal/memfs"
)

// FuzzFunctions lets a hostile guest call anything with anything: the script
// is the guest's memory to begin with, and a list of calls. Nothing panics,
// and the State keeps its bounds.
func FuzzFunctions(f *testing.F) {
	f.Add([]byte("\x00\x00\x00"), uint16(512))
	f.Add([]byte("tmp/a\x00/../\xff\x22\x03\x00\x21\x84\x07\x10\x11\x95"), uint16(4096))
	seed := make([]byte, 4096)
	for i := range seed {
		seed[i] = byte(i * 7)
	}
	f.Add(seed, uint16(2048))
	f.Fuzz(func(t *testing.T, script []byte, size uint16) {
		if len(script) > 1<<14 {
			return
		}
		g := newGuest(t, func(c *Config) {
			c.Args = []string{"name", "arg"}
			c.Env = func() []string { return []string{"A=1"} }
			c.Stdin = []byte("standard input")
			c.OpenFiles = 8
			c.Stdout = func(p []byte) Errno {
				if len(p) == 0 || len(p) > maxChunk {
					t.Errorf("the sink was given %d bytes", len(p))
				}
				return ESUCCESS
			}
		})
		ready := newStream("ready")
		close(ready.open)
		for _, st := range []*stream{ready, newStream("never ready")} {
			if _, errno := g.s.Insert(st); errno != ESUCCESS {
				t.Fatal(errno)
			}
		}
		g.mem = make(engine.Memory, size)
		copy(g.mem, script)

		for at := 0; at < len(script); {
			fn := g.funcs[int(script[at])%len(g.funcs)]
			at++
			args := make([]uint64, len(fn.Params))
			for i := range args {
				args[i], at = fuzzArg(script, at, uint64(size))
			}
			err := stopped(func() { g.invoke(fn, args) })
			exit, exited := errors.AsType[*ExitError](err)
			switch {
			case err == nil || errors.Is(err, errDeadlock):
			case exited && fn.Name == "proc_exit" && exit.Code == uint32(args[0]):
			default:
				t.Fatalf("%s%v stopped the guest with %v", fn.Name, args, err)
			}
		}

		if n := len(g.s.table.entries); n > 8 {
			t.Errorf("there are %d descriptors, 8 are allowed", n)
		}
		for _, v := range g.s.views[:cap(g.s.views)] {
			if v != nil {
				t.Fatal("a view of guest memory was kept")
			}
		}
		if used := g.s.cfg.FS.Peak(); used > 1<<20 {
			t.Errorf("%d bytes in /tmp, 1 MiB is allowed", used)
		}
		g.s.Close()
	})
}

// fuzzArg takes an argument from the script: a small number, a pointer into
// memory, one near its end, or anything.
func fuzzArg(script []byte, at int, size uint64) (uint64, int) {
	next := func() uint64 {
		if at >= len(script) {
			return 0
		}
		at++
		return uint64(script[at-1])
	}
	switch v := next(); v >> 5 {
	case 0, 1, 2:
		return v & 31, at
	case 3:
		return next()<<8 | next(), at
	case 4:
		return size - v&31, at
	case 5:
		return -next(), at // near the top
	case 6:
		return uint64(memfs.Create) | next(), at
	default:
		var w uint64
		for range 8 {
			w = w<<8 | next()
		}
		return w, at
	}
}
