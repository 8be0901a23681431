package wasi

import (
	"bytes"
	"testing"
)

func TestArgsGet(t *testing.T) {
	g := newGuest(t, func(c *Config) { c.Args = []string{"a", "", "bc"} })
	count, size := g.alloc(4), g.alloc(4)
	g.ok("args_sizes_get", count, size)
	if g.u32(count) != 3 || g.u32(size) != 6 {
		t.Fatalf("args_sizes_get: %d arguments of %d bytes, want 3 of 6", g.u32(count), g.u32(size))
	}
	argv, buf := g.alloc(3*4+1), g.alloc(6+1)
	g.ok("args_get", argv, buf)
	if got, want := g.mem[buf:buf+7], []byte("a\x00\x00bc\x00\xa5"); !bytes.Equal(got, want) {
		t.Errorf("argv_buf is %q, want %q", got, want)
	}
	for i, offset := range []uint32{0, 2, 3} {
		if got := g.u32(argv + 4*uint64(i)); got != uint32(buf)+offset {
			t.Errorf("argv[%d] = %d, want %d", i, got, uint32(buf)+offset)
		}
	}
	if g.mem[argv+12] != 0xa5 {
		t.Error("args_get wrote behind argv")
	}
}

func TestNoArgs(t *testing.T) {
	g := newGuest(t)
	count, size := g.alloc(4), g.alloc(4)
	g.ok("args_sizes_get", count, size)
	if g.u32(count) != 0 || g.u32(size) != 0 {
		t.Errorf("args_sizes_get: %d arguments of %d bytes, want none", g.u32(count), g.u32(size))
	}
	g.ok("args_get", 0, 0)
}

// A table that fits and a buffer that does not leave memory as it was.
func TestArgsGetWritesAllOrNothing(t *testing.T) {
	g := newGuest(t, func(c *Config) { c.Args = []string{"name"} })
	before := bytes.Clone(g.mem)
	g.want(EFAULT, "args_get", 0, memorySize-4)
	g.want(EFAULT, "args_get", memorySize-3, 0)
	g.want(EFAULT, "args_sizes_get", 0, memorySize-3)
	g.want(EFAULT, "args_sizes_get", memorySize-3, 0)
	if !bytes.Equal(g.mem, before) {
		t.Error("a refused call wrote to memory")
	}
}
