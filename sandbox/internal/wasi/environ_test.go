package wasi

import (
	"bytes"
	"testing"
)

func TestEnvironGet(t *testing.T) {
	t.Setenv("WASI_TEST_OF_THE_HOST", "secret")
	g := newGuest(t, func(c *Config) { c.Env = func() []string { return []string{"A=1", "EMPTY="} } })
	count, size := g.alloc(4), g.alloc(4)
	g.ok("environ_sizes_get", count, size)
	if g.u32(count) != 2 || g.u32(size) != 11 {
		t.Fatalf("environ_sizes_get: %d variables of %d bytes, want 2 of 11", g.u32(count), g.u32(size))
	}
	environ, buf := g.alloc(2*4), g.alloc(11)
	g.ok("environ_get", environ, buf)
	if got, want := g.mem[buf:buf+11], []byte("A=1\x00EMPTY=\x00"); !bytes.Equal(got, want) {
		t.Errorf("environ_buf is %q, want %q", got, want)
	}
	if g.u32(environ) != uint32(buf) || g.u32(environ+4) != uint32(buf)+4 {
		t.Errorf("environ points to %d and %d, want %d and %d", g.u32(environ), g.u32(environ+4), buf, buf+4)
	}
}

func TestNoEnviron(t *testing.T) {
	g := newGuest(t)
	count, size := g.alloc(4), g.alloc(4)
	g.ok("environ_sizes_get", count, size)
	if g.u32(count) != 0 || g.u32(size) != 0 {
		t.Errorf("environ_sizes_get: %d variables of %d bytes, want none", g.u32(count), g.u32(size))
	}
}
