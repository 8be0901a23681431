package wasi

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/lambent-dev/lambent/sandbox/internal/memfs"
)

// pointer is a parameter of a call that would succeed: what it points to, and
// which parameter says how long that is.
type pointer struct {
	arg    int
	size   uint32 // fixed, if length is 0
	length int    // index of the parameter with the length
	each   uint32 // bytes for each of length; 1 if 0
	output bool
}

// guestCall is a call and the pointers among its parameters.
type guestCall struct {
	name     string
	args     []uint64
	pointers []pointer
}

// calls returns, for every function with a pointer, a call that is answered
// with success, or with what a function that always refuses answers.
func (g *guest) calls() []guestCall {
	path := func(s string) (uint64, uint64) { return g.str(s) }
	d, dn := path("tmp/d")
	f, fn := path("tmp/f")
	x, xn := path("tmp/x")
	e, en := path("tmp/e")
	file := g.open("tmp/f", memfs.Create, all)
	g.mkdir("tmp/e")
	list, count, _ := g.iovecs(4, 8)
	subs := g.alloc(2 * subscriptionSize)
	g.putSubs(subs, []sub{{kind: eventFdWrite, fd: 1}, {clock: clockMonotonic}})
	out := func(arg int, size uint32) pointer { return pointer{arg: arg, size: size, output: true} }
	in := func(arg, length int) pointer { return pointer{arg: arg, length: length} }
	iovs := pointer{arg: 1, length: 2, each: iovecSize}
	return []guestCall{
		{"args_get", []uint64{g.alloc(8), g.alloc(16)}, []pointer{out(0, 8), out(1, 9)}},
		{"args_sizes_get", []uint64{g.alloc(4), g.alloc(4)}, []pointer{out(0, 4), out(1, 4)}},
		{"environ_get", []uint64{g.alloc(4), g.alloc(16)}, []pointer{out(0, 4), out(1, 4)}},
		{"environ_sizes_get", []uint64{g.alloc(4), g.alloc(4)}, []pointer{out(0, 4), out(1, 4)}},
		{"clock_res_get", []uint64{1, g.alloc(8)}, []pointer{out(1, 8)}},
		{"clock_time_get", []uint64{1, 0, g.alloc(8)}, []pointer{out(2, 8)}},
		{"fd_fdstat_get", []uint64{file, g.alloc(fdstatSize)}, []pointer{out(1, fdstatSize)}},
		{"fd_filestat_get", []uint64{file, g.alloc(filestatSize)}, []pointer{out(1, filestatSize)}},
		{"fd_pread", []uint64{file, list, count, 0, g.alloc(4)}, []pointer{iovs, out(4, 4)}},
		{"fd_prestat_get", []uint64{3, g.alloc(prestatSize)}, []pointer{out(1, prestatSize)}},
		{"fd_prestat_dir_name", []uint64{3, g.alloc(4), 4}, []pointer{{arg: 1, length: 2, output: true}}},
		{"fd_pwrite", []uint64{file, list, count, 0, g.alloc(4)}, []pointer{iovs, out(4, 4)}},
		{"fd_read", []uint64{file, list, count, g.alloc(4)}, []pointer{iovs, out(3, 4)}},
		{"fd_readdir", []uint64{3, g.alloc(100), 100, 0, g.alloc(4)}, []pointer{{arg: 1, length: 2, output: true}, out(4, 4)}},
		{"fd_seek", []uint64{file, 0, 0, g.alloc(8)}, []pointer{out(3, 8)}},
		{"fd_tell", []uint64{file, g.alloc(8)}, []pointer{out(1, 8)}},
		{"fd_write", []uint64{file, list, count, g.alloc(4)}, []pointer{iovs, out(3, 4)}},
		{"path_create_directory", []uint64{3, d, dn}, []pointer{in(1, 2)}},
		{"path_filestat_get", []uint64{3, 0, f, fn, g.alloc(filestatSize)}, []pointer{in(2, 3), out(4, filestatSize)}},
		{"path_filestat_set_times", []uint64{3, 0, f, fn, 1, 2, 5}, []pointer{in(2, 3)}},
		{"path_link", []uint64{3, 0, f, fn, 3, x, xn}, []pointer{in(2, 3), in(5, 6)}},
		{"path_open", []uint64{3, 0, f, fn, 0, 0, 0, 0, g.alloc(4)}, []pointer{in(2, 3), out(8, 4)}},
		{"path_readlink", []uint64{3, f, fn, g.alloc(8), 8, g.alloc(4)}, []pointer{in(1, 2), {arg: 3, length: 4, output: true}, out(5, 4)}},
		{"path_remove_directory", []uint64{3, e, en}, []pointer{in(1, 2)}},
		{"path_rename", []uint64{3, f, fn, 3, x, xn}, []pointer{in(1, 2), in(4, 5)}},
		{"path_symlink", []uint64{f, fn, 3, x, xn}, []pointer{in(0, 1), in(3, 4)}},
		{"path_unlink_file", []uint64{3, f, fn}, []pointer{in(1, 2)}},
		{"poll_oneoff", []uint64{subs, g.alloc(2 * eventSize), 2, g.alloc(4)}, []pointer{
			{arg: 0, length: 2, each: subscriptionSize}, {arg: 1, length: 2, each: eventSize, output: true}, out(3, 4),
		}},
		{"random_get", []uint64{g.alloc(8), 8}, []pointer{{arg: 0, length: 1, output: true}}},
		{"sock_open", []uint64{1, 2, g.alloc(4)}, []pointer{out(2, 4)}},
	}
}

// refusing are the functions that answer the same whatever they are given.
var refusing = map[string]Errno{"path_link": ENOTSUP, "path_symlink": ENOTSUP, "path_readlink": EINVAL, "sock_open": EACCES}

func pointersGuest(t testing.TB) *guest {
	return newGuest(t, func(c *Config) {
		c.Args = []string{"name", "arg"}
		c.Env = func() []string { return []string{"A=1"} }
	})
}

// The calls that the tests below spoil work.
func TestPointersThatAreGood(t *testing.T) {
	for i := range pointersGuest(t).calls() {
		g := pointersGuest(t)
		c := g.calls()[i]
		g.want(refusing[c.name], c.name, c.args...)
	}
}

// Every pointer of every function is checked: one that leaves memory by a byte
// or by far is EFAULT, and nothing has happened to memory.
func TestPointersThatAreBad(t *testing.T) {
	for i, c := range pointersGuest(t).calls() {
		for _, p := range c.pointers {
			size := p.size
			if p.length != 0 || size == 0 {
				size = uint32(c.args[p.length]) * max(p.each, 1)
			}
			for _, bad := range []uint32{0xffffffff, 0xfffffff8, 0x80000000, memorySize, memorySize - 1, memorySize - size + 1} {
				if uint64(bad)+uint64(size) <= memorySize {
					continue // of one byte
				}
				g := pointersGuest(t)
				args := g.calls()[i].args
				args[p.arg] = uint64(bad)
				before := bytes.Clone(g.mem)
				if got := g.call(c.name, args...); got != EFAULT {
					t.Errorf("%s with %d as parameter %d = %v, want EFAULT", c.name, bad, p.arg, got)
				}
				if !bytes.Equal(g.mem, before) {
					t.Errorf("%s with %d as parameter %d wrote to memory", c.name, bad, p.arg)
				}
			}
		}
	}
}

// Every length is checked with its pointer, and bounds what is written.
func TestLengthsThatAreBad(t *testing.T) {
	for i, c := range pointersGuest(t).calls() {
		for _, p := range c.pointers {
			if p.size != 0 {
				continue
			}
			for _, length := range []uint32{0, 1, 0x7fffffff, 0x80000000, 0xffffffff} {
				name := fmt.Sprintf("%s with %d as parameter %d", c.name, length, p.length)
				g := pointersGuest(t)
				args := g.calls()[i].args
				args[p.length] = uint64(length)
				before := bytes.Clone(g.mem)
				got := g.call(c.name, args...)
				if length > 1 {
					if got == ESUCCESS {
						t.Errorf("%s succeeded", name)
					}
					if !bytes.Equal(g.mem, before) {
						t.Errorf("%s = %v wrote to memory", name, got)
					}
				}
				// What changed lies in an output, or in a buffer of the list.
				allowed := bytes.Clone(before)
				for _, q := range c.pointers {
					n := q.size
					if n == 0 {
						n = uint32(args[q.length]) * max(q.each, 1)
					}
					if q.output && length <= 1 {
						copy(allowed[args[q.arg]:][:n], g.mem[args[q.arg]:])
					}
				}
				if !bytes.Equal(g.mem, allowed) {
					t.Errorf("%s = %v wrote beside its outputs", name, got)
				}
			}
		}
	}
}

// A guest without memory can call everything, too.
func TestNoMemory(t *testing.T) {
	g := newGuest(t)
	g.mem = nil
	for _, f := range g.funcs {
		if f.Name == "proc_exit" {
			continue
		}
		for _, v := range []uint64{0, 1, 3, 0xffffffff} {
			args := make([]uint64, len(f.Params))
			for i := range args {
				args[i] = v
			}
			g.invoke(f, args)
		}
	}
}
