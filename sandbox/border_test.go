package sandbox

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/engine"
	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/sandbox/internal/wasi"
)

// borderMemory is the size of the guest's memory: a page.
const borderMemory = 64 << 10

// TestHostFunctionsRefuseBadPointers calls every function that a guest can
// import, through a module and an engine, with pointers and lengths around
// every boundary. A range outside of memory is −EFAULT, or one of the errors
// that the function finds earlier, and changes nothing; a range inside is
// written where the function says and nowhere else.
func TestHostFunctionsRefuseBadPointers(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and of one goroutine")
	}
	eng, err := OpenEngine("")
	if err != nil {
		t.Fatal(err)
	}
	defer eng.Close()
	specs := borders()
	var tested []string
	for _, b := range specs {
		f := engine.HostFunc{Module: b.module, Name: b.name, Params: b.types(), Results: b.results()}
		name := f.Module + "." + f.Name + f.Signature()
		tested = append(tested, name)
		t.Run(name, func(t *testing.T) { b.try(t, eng) })
	}
	for _, f := range host().Funcs() {
		if name := f.Module + "." + f.Name + f.Signature(); !slices.Contains(tested, name) {
			t.Errorf("%s is not tested", name)
		}
	}
}

// border is one host function, as this test sees it.
type border struct {
	module, name string
	params       []param
	also         []wasi.Errno // found before a bad pointer is
}

// param is one parameter: what is passed, and if it is a pointer to what.
type param struct {
	values []uint64
	wide   bool                    // i64
	size   func(p []uint64) uint64 // of what it points to; nil: not a pointer
	out    bool                    // it is written
	at     uint64                  // where the pointer points if it is good
	fill   string                  // what is there
}

// try calls the function with all combinations of values.
func (b border) try(t *testing.T, eng engine.Engine) {
	s, in := b.instance(t, eng)
	defer s.Close()
	defer s.pool.destroy(in)
	memory := in.live.Memory()
	for _, p := range b.params {
		if p.size != nil {
			copy(memory[p.at:], p.fill)
		}
	}
	f := in.live.Func("f")
	stack := make([]uint64, max(len(b.params), 1))
	var before [borderMemory]byte
	failures, bad, succeeded := 0, 0, 0
	for values := range b.combinations() {
		copy(before[:], memory)
		copy(stack, values)
		err := f.Call(t.Context(), stack)
		if exit, ok := errors.AsType[*wasi.ExitError](err); b.name == "proc_exit" && ok && exit.Code == 7 {
			return
		}
		if err != nil {
			t.Fatalf("%x: %v", values, err)
		}
		switch {
		case b.isBad(values):
			bad++
		case b.errno(stack[0]) <= 0:
			succeeded++
		}
		if err := b.check(values, stack[0], before[:], memory); err != nil {
			t.Errorf("%x: %v", values, err)
			if failures++; failures > 20 {
				return
			}
		}
		copy(memory, before[:])
	}
	if hasPointer := slices.ContainsFunc(b.params, func(p param) bool { return p.size != nil }); hasPointer && bad == 0 {
		t.Error("no pointer was bad")
	}
	if b.refuses() != (succeeded == 0) {
		t.Errorf("%d calls succeeded", succeeded)
	}
	// The instance is none the worse, and neither is the function.
	if err := in.abi.Handle(t.Context(), in.live); err != nil {
		t.Errorf("afterwards the instance: %v", err)
	}
	if _, err := s.Run(t.Context(), nil); err != nil {
		t.Errorf("afterwards the sandbox: %v", err)
	}
}

// instance makes a module that exports the function as "f", with an empty
// folder in /tmp, a file there that is open as descriptor 4, and an answered
// call as 5.
func (b border) instance(t *testing.T, eng engine.Engine) (*Sandbox, *instance) {
	t.Helper()
	list := func(types []engine.ValueType) (out wb.Types) {
		for _, v := range types {
			out = append(out, byte(v))
		}
		return out
	}
	i32, i64 := wb.I32, wb.I64
	var m wb.Builder
	m.Trampolines(
		wb.Trampoline{Module: b.module, Name: b.name, Params: list(b.types()), Results: list(b.results()), Export: "f"},
		wb.Trampoline{Module: "wasi_snapshot_preview1", Name: "path_open", Params: wb.Types{i32, i32, i32, i32, i32, i64, i64, i32, i32}, Results: wb.Types{i32}, Export: "open"},
		wb.Trampoline{Module: "lambent_v1", Name: "call", Params: wb.Types{i32, i32, i32, i32}, Results: wb.Types{i32}, Export: "echo"},
	)
	m.Memory(1, 1)
	m.ExportMemory()
	m.ExportFunc("lambent_handle", m.Func(m.Type(nil, wb.Types{i32}), nil, wb.I32Const(0)))
	s, err := New(t.Context(), eng, m.Bytes(), Config{
		Limits: Limits{Time: time.Hour, Init: time.Hour},
		Calls:  Calls{"echo": func(_ context.Context, in []byte) ([]byte, error) { return in, nil }},
	})
	if err != nil {
		t.Fatal(err)
	}
	in, err := entered(s, &Request{ID: borderID, LogStream: borderStream})
	if err == nil {
		in.world.begins(time.Now(), time.Hour)
		err = in.init(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	in.abi.Event = []byte(borderEvent)
	copy(in.live.Memory(), "tmp/f")
	must := func(export string, want uint32, stack ...uint64) {
		t.Helper()
		if err := in.live.Func(export).Call(t.Context(), stack); err != nil || uint32(stack[0]) != want {
			t.Fatalf("%s: %d, %v", export, int32(stack[0]), err)
		}
	}
	const rights = uint64(wasi.RightPollFdReadwrite<<1 - 1)
	if errno := in.files.Root().Mkdir("tmp/empty"); errno != wasi.ESUCCESS {
		t.Fatalf("mkdir: %v", errno)
	}
	must("open", 0, 3, 0, 0, 5, 1, rights, rights, 0, 16)
	copy(in.live.Memory(), "echo\x00")
	must("echo", 5, 0, 4, 0, 4)
	d, _ := in.wasi.Descriptor(5)
	<-d.(wasi.Waiter).Ready()
	clear(in.live.Memory())
	return s, in
}

const (
	borderID     = "01234567-89ab-4def-8123-456789abcdef"
	borderStream = "stream"
	borderEvent  = `{"event":1}`
)

func (b border) types() (types []engine.ValueType) {
	for _, p := range b.params {
		if p.wide {
			types = append(types, engine.I64)
		} else {
			types = append(types, engine.I32)
		}
	}
	return types
}

func (b border) results() []engine.ValueType {
	switch b.name {
	case "deadline_ms", "remaining_ms":
		return []engine.ValueType{engine.I64}
	case "proc_exit":
		return nil
	}
	return []engine.ValueType{engine.I32}
}

// combinations yields every combination of values.
func (b border) combinations() func(yield func([]uint64) bool) {
	return func(yield func([]uint64) bool) {
		values := make([]uint64, len(b.params))
		var next func(i int) bool
		next = func(i int) bool {
			if i == len(values) {
				return yield(values)
			}
			for _, v := range b.params[i].values {
				values[i] = v
				if !next(i + 1) {
					return false
				}
			}
			return true
		}
		next(0)
	}
}

// refuses says whether the function never does what is asked: what guests
// cannot have yet, and register, whose time is over.
func (b border) refuses() bool {
	switch b.name {
	case "register", "http_send", "path_link", "path_readlink", "path_symlink", "proc_raise":
		return true
	}
	return strings.HasPrefix(b.name, "sock_")
}

// errno returns the error number in a result: 0 or below if there is none.
func (b border) errno(result uint64) int64 {
	if b.module == "lambent_v1" {
		return -int64(int32(uint32(result)))
	}
	return int64(uint32(result))
}

// isBad says whether a pointer leads out of memory.
func (b border) isBad(values []uint64) bool {
	for i, p := range b.params {
		if p.size != nil && values[i]+p.size(values) > borderMemory {
			return true
		}
	}
	return false
}

// check looks at what one call returned and wrote.
func (b border) check(values []uint64, result uint64, before, after []byte) error {
	if b.results()[0] == engine.I64 {
		return nil
	}
	errno := b.errno(result)
	if errno > int64(wasi.ENOTCAPABLE) {
		return fmt.Errorf("returned %d, which is no error number", int32(uint32(result)))
	}
	bad := b.isBad(values)
	if bad && errno != int64(wasi.EFAULT) && !slices.ContainsFunc(b.also, func(e wasi.Errno) bool { return int64(e) == errno }) {
		return fmt.Errorf("returned %d for a bad pointer, want EFAULT or one of %v", int32(uint32(result)), b.also)
	}
	if !bad && errno == int64(wasi.EFAULT) {
		return errors.New("returned EFAULT for pointers that are good")
	}
	if bytes.Equal(before, after) {
		return nil
	}
	if bad {
		return errors.New("refused a bad pointer and wrote memory")
	}
	allowed := bytes.Clone(before)
	for i, p := range b.params {
		if p.out {
			n := p.size(values)
			copy(allowed[values[i]:values[i]+n], after[values[i]:values[i]+n])
		}
	}
	if !bytes.Equal(allowed, after) {
		return errors.New("wrote outside of what it may write")
	}
	return nil
}

// TestHostFunctionsRefuseBadBuffers passes lists of buffers that lie outside of
// memory, overlap each other, the list and the result, or claim 4 GiB together.
func TestHostFunctionsRefuseBadBuffers(t *testing.T) {
	eng, err := OpenEngine("")
	if err != nil {
		t.Fatal(err)
	}
	defer eng.Close()
	const list, result = 8192, 16384
	lists := []struct {
		buffers []uint32 // pointer, length, …
		errno   wasi.Errno
	}{
		{[]uint32{0xffffffff, 1}, wasi.EFAULT},
		{[]uint32{0xffffffff, 0xffffffff}, wasi.EFAULT},
		{[]uint32{borderMemory, 1}, wasi.EFAULT},
		{[]uint32{borderMemory - 1, 2}, wasi.EFAULT},
		{[]uint32{0, borderMemory + 1}, wasi.EFAULT},
		{[]uint32{0, 0x80000000}, wasi.EFAULT},
		{[]uint32{0, 8, borderMemory - 4, 5}, wasi.EFAULT},
		{slices.Repeat([]uint32{0xfffffff0, 0x20}, 3), wasi.EFAULT},
		{[]uint32{borderMemory - 1, 1}, wasi.ESUCCESS},
		{[]uint32{0, borderMemory}, wasi.ESUCCESS},
		{[]uint32{list, 16, list, 16, result - 2, 8}, wasi.ESUCCESS},
	}
	for _, name := range []string{"fd_read", "fd_pread", "fd_write", "fd_pwrite"} {
		b := find(t, name)
		s, in := b.instance(t, eng)
		for _, c := range lists {
			memory := in.live.Memory()
			clear(memory)
			for i, v := range c.buffers {
				binary.LittleEndian.PutUint32(memory[list+4*i:], v)
			}
			before := bytes.Clone(memory)
			stack := []uint64{4, list, uint64(len(c.buffers) / 2), result}
			if len(b.params) == 5 {
				stack = []uint64{4, list, uint64(len(c.buffers) / 2), 0, result}
			}
			if err := in.live.Func("f").Call(t.Context(), stack); err != nil {
				t.Fatalf("%s %x: %v", name, c.buffers, err)
			}
			if got := wasi.Errno(stack[0]); got != c.errno {
				t.Errorf("%s %x: errno %d, want %d", name, c.buffers, got, c.errno)
			}
			if c.errno != wasi.ESUCCESS && !bytes.Equal(before, memory) {
				t.Errorf("%s %x: refused and wrote memory", name, c.buffers)
			}
		}
		s.pool.destroy(in)
		s.Close()
	}
}

func find(t *testing.T, name string) border {
	t.Helper()
	for _, b := range borders() {
		if b.name == name {
			return b
		}
	}
	t.Fatalf("no function %s", name)
	return border{}
}
