package sandbox

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/lambent-dev/lambent/engine"
	wb "github.com/lambent-dev/lambent/engine/enginetest/wasmbuild"
	"github.com/lambent-dev/lambent/sandbox/internal/memfs"
	"github.com/lambent-dev/lambent/sandbox/internal/wasi"
)

// A charge is one call of a host function that does as much as the guest wants.
type charge struct {
	module, name string
	args         []uint64
	moved        int  // bytes that cross the border
	work         int  // what else is done, in bytes that could be copied meanwhile
	writes       bool // to memory, at chargeBuffer
}

const (
	chargeMemory = 80 << 16 // of the guest, in bytes
	chargeBuffer = 1 << 20
	chargeBytes  = 3<<20 + 5 // moved from or to there: more than at once
	chargeList   = 4096      // of one buffer: pointer and length
	chargeResult = 8192
	chargeName   = 16384 // names, one page each
	chargeMany   = 1000  // files in a folder
)

// charges lists the functions whose work grows with what the guest asks for.
// Descriptors are those of chargeGuest.
func charges() []charge {
	const buffer, n, list, result, name = chargeBuffer, chargeBytes, chargeList, chargeResult, chargeName
	lambent := func(name string, moved, work int, writes bool, args ...uint64) charge {
		return charge{"lambent_v1", name, args, moved, work, writes}
	}
	preview1 := func(name string, moved, work int, writes bool, args ...uint64) charge {
		return charge{"wasi_snapshot_preview1", name, args, moved, work, writes}
	}
	path := func(name string, before, after []uint64) charge {
		args := append(append(slices.Clone(before), chargeName, 4096), after...)
		return preview1(name, 4096, 512*1024, false, args...)
	}
	return []charge{
		lambent("event_read", n, 0, true, buffer, n, 0),
		lambent("response_write", n, 0, false, buffer, n),
		lambent("response_meta", 64<<10, 64*64<<10, false, name, 64<<10),
		lambent("response_error", 256<<10, 64*256<<10, false, name, 256<<10),
		lambent("ctx_get", n, 0, true, result, 14, buffer, n),
		lambent("log", n, 0, false, 2, buffer, n),
		lambent("call", n+4, 0, false, result+64, 4, buffer, n),

		preview1("environ_get", n, 0, true, name, buffer),
		preview1("fd_read", n+8, 0, true, 4, list, 1, result),
		preview1("fd_read", n+8, 0, true, 7, list, 1, result),
		preview1("fd_pread", n+8, 0, true, 4, list, 1, 0, result),
		preview1("fd_write", n+8, 0, false, 1, list, 1, result),
		preview1("fd_write", n+8, n, false, 5, list, 1, result),
		preview1("fd_pwrite", n+8, n, false, 5, list, 1, 0, result),
		preview1("fd_readdir", chargeMany*24, chargeMany*1024, true, 6, buffer, n, 0, result),
		preview1("fd_allocate", 0, 64<<20, false, 5, 0, 64<<20),
		preview1("fd_filestat_set_size", 0, (64<<20>>16)*24, false, 8, 0),
		preview1("poll_oneoff", 1024*(48+32), 1024*1024, true, name, buffer, 1024, result),
		preview1("random_get", n, n, true, buffer, n),

		path("path_create_directory", []uint64{3}, nil),
		path("path_filestat_get", []uint64{3, 0}, []uint64{result}),
		path("path_filestat_set_times", []uint64{3, 0}, []uint64{0, 0, 0}),
		path("path_link", []uint64{3, 0}, []uint64{3, name, 4096}),
		path("path_open", []uint64{3, 0}, []uint64{0, 0, 0, 0, result}),
		path("path_readlink", []uint64{3}, []uint64{buffer, n, result}),
		path("path_remove_directory", []uint64{3}, nil),
		path("path_rename", []uint64{3}, []uint64{3, name, 4096}),
		path("path_symlink", nil, []uint64{3, name, 4096}),
		path("path_unlink_file", []uint64{3}, nil),
	}
}

// fixed are the functions whose work does not grow: they move at most as many
// bytes as the price of a call pays for.
var fixed = []string{
	"register", "event_len", "deadline_ms", "remaining_ms", "http_send", "http_head", "feature",
	"args_get", "args_sizes_get", "environ_sizes_get", "clock_res_get", "clock_time_get",
	"fd_advise", "fd_close", "fd_datasync", "fd_fdstat_get", "fd_fdstat_set_flags", "fd_fdstat_set_rights",
	"fd_filestat_get", "fd_filestat_set_times", "fd_prestat_get", "fd_prestat_dir_name", "fd_renumber", "fd_seek", "fd_sync", "fd_tell",
	"proc_exit", "proc_raise", "sched_yield",
	"sock_accept", "sock_recv", "sock_send", "sock_shutdown", "sock_open", "sock_bind", "sock_listen", "sock_connect",
	"sock_getaddrinfo", "sock_getpeeraddr", "sock_getlocaladdr", "sock_getsockopt", "sock_setsockopt",
}

// TestHostCallsCharge calls every function that moves as many bytes as the guest
// names. It costs what they cost; who cannot pay does not get them.
func TestHostCallsCharge(t *testing.T) {
	eng, err := OpenEngine("")
	if err != nil {
		t.Fatal(err)
	}
	defer eng.Close()
	var named []string
	for _, c := range charges() {
		named = append(named, c.name)
		t.Run(fmt.Sprintf("%s %v", c.name, c.args), func(t *testing.T) { c.try(t, eng) })
	}
	for _, f := range host().Funcs() {
		if slices.Contains(fixed, f.Name) == slices.Contains(named, f.Name) {
			t.Errorf("%s.%s is not tested, or is tested and fixed", f.Module, f.Name)
		}
	}
}

func (c charge) try(t *testing.T, eng engine.Engine) {
	least := uint64(engine.HostCallFuel + c.moved/16 + c.work/16)
	in := chargeGuest(t, eng, c)
	before := in.wasi.Bytes
	if err := c.call(in, 0); err != nil {
		t.Fatal(err)
	}
	if used := in.live.Meter().Used(); used < least || used > 20*least {
		t.Errorf("it cost %d units, want %d and not much more", used, least)
	}
	if moved := in.wasi.Bytes - before; moved < uint64(c.moved) || moved > 2*uint64(c.moved)+4096 {
		t.Errorf("%d bytes were counted, %d were moved", moved, c.moved)
	}
	if written := !bytes.Equal(in.live.Memory()[chargeBuffer:], filling()); written != c.writes {
		t.Errorf("wrote memory: %v", written)
	}

	// Enough for the call, and for a little of what it does.
	in = chargeGuest(t, eng, c)
	if err := c.call(in, 600); !errors.Is(err, engine.ErrOutOfFuel) {
		t.Errorf("with 600 units: %v, want ErrOutOfFuel", err)
	}
	// A list is written entry by entry.
	if got := in.live.Memory()[chargeBuffer:]; !bytes.Equal(got[4096:], filling()[4096:]) {
		t.Error("with 600 units it wrote memory")
	}
}

func (c charge) call(in *instance, budget uint64) error {
	in.live.Meter().Begin(budget)
	stack := slices.Clone(c.args)
	err := in.live.Func("f").Call(context.Background(), stack)
	refused := c.module == "lambent_v1" && int32(uint32(stack[0])) < 0 || c.module != "lambent_v1" && stack[0] != 0
	if err == nil && refused && !strings.HasPrefix(c.name, "path_") {
		return fmt.Errorf("it answered %d", int32(uint32(stack[0])))
	}
	return err
}

// filling is what chargeGuest has from chargeBuffer on.
func filling() []byte { return bytes.Repeat([]byte{'x'}, chargeMemory-chargeBuffer) }

// chargeGuest makes an instance of a module that exports the function as "f".
// Descriptor 4 is a file of the package, 5 an empty one in /tmp, 6 a folder of
// many, 7 an answered call, 8 a file of 64 MiB without a page.
func chargeGuest(t *testing.T, eng engine.Engine, c charge) *instance {
	t.Helper()
	i32, i64 := wb.I32, wb.I64
	var b border
	for _, one := range borders() {
		if one.name == c.name {
			b = one
		}
	}
	var params wb.Types
	for _, p := range b.types() {
		params = append(params, byte(p))
	}
	var m wb.Builder
	m.Trampolines(
		wb.Trampoline{Module: c.module, Name: c.name, Params: params, Results: wb.Types{i32}, Export: "f"},
		wb.Trampoline{Module: "wasi_snapshot_preview1", Name: "path_open", Params: wb.Types{i32, i32, i32, i32, i32, i64, i64, i32, i32}, Results: wb.Types{i32}, Export: "open"},
		wb.Trampoline{Module: "lambent_v1", Name: "call", Params: wb.Types{i32, i32, i32, i32}, Results: wb.Types{i32}, Export: "echo"},
	)
	m.Memory(chargeMemory>>16, chargeMemory>>16)
	m.ExportMemory()
	m.ExportFunc("lambent_handle", m.Func(m.Type(nil, wb.Types{i32}), nil, wb.I32Const(0)))
	s, err := New(t.Context(), eng, m.Bytes(), Config{
		Limits: Limits{Time: time.Hour, Init: time.Hour, Environment: 8 << 20},
		Env:    map[string]string{"LONG": strings.Repeat("e", chargeBytes)},
		Files:  fstest.MapFS{"big": {Data: make([]byte, chargeBytes)}},
		Calls:  Calls{"echo": func(context.Context, []byte) ([]byte, error) { return make([]byte, chargeBytes), nil }},
	})
	if err != nil {
		t.Fatal(err)
	}
	clientContext, err := json.Marshal(strings.Repeat("y", chargeBytes))
	if err != nil {
		t.Fatal(err)
	}
	in, err := entered(s, &Request{ClientContext: clientContext})
	if err == nil {
		in.world.begins(time.Now(), time.Hour)
		err = in.init(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.pool.destroy(in)
		s.Close()
	})
	in.abi.Event = make([]byte, chargeBytes)
	root := in.files.Root()
	root.Mkdir("tmp/many")
	for i := range chargeMany {
		root.Mkdir(fmt.Sprint("tmp/many/", i))
	}
	memory := in.live.Memory()
	open := func(want uint32, path string, oflags uint64) {
		t.Helper()
		copy(memory, path)
		const rights = uint64(wasi.RightPollFdReadwrite<<1 - 1)
		if strings.HasPrefix(path, "var") {
			in.must(t, "open", 0, 3, 0, 0, uint64(len(path)), oflags, uint64(wasi.RightFdRead|wasi.RightFdSeek), 0, 0, 1024)
		} else {
			in.must(t, "open", 0, 3, 0, 0, uint64(len(path)), oflags, rights&^uint64(wasi.RightFdReaddir), rights, 0, 1024)
		}
		if fd := binary.LittleEndian.Uint32(memory[1024:]); fd != want {
			t.Fatalf("%s is %d, want %d", path, fd, want)
		}
	}
	open(4, "var/task/big", 0)
	open(5, "tmp/f", 1)
	copy(memory, "tmp/many")
	in.must(t, "open", 0, 3, 0, 0, 8, 2, 0, 0, 0, 1024)
	copy(memory, "echo")
	in.must(t, "echo", 7, 0, 4, 0, 4)
	d, _ := in.wasi.Descriptor(7)
	<-d.(wasi.Waiter).Ready()
	hole, errno := root.Open("tmp/hole", memfs.Create, memfs.Write)
	if errno == wasi.ESUCCESS {
		_, errno = hole.WriteAt([]byte("x"), 64<<20-1)
	}
	if errno != wasi.ESUCCESS {
		t.Fatal(errno)
	}
	open(8, "tmp/hole", 0)
	in.fill(c)
	return in
}

func (in *instance) must(t *testing.T, export string, want uint32, stack ...uint64) {
	t.Helper()
	if err := in.live.Func(export).Call(t.Context(), stack); err != nil || uint32(stack[0]) != want {
		t.Fatalf("%s: %d, %v", export, int32(uint32(stack[0])), err)
	}
}

// fill writes what the functions read.
func (in *instance) fill(c charge) {
	memory := in.live.Memory()
	copy(memory[chargeBuffer:], filling())
	memory.PutUint32(chargeList, chargeBuffer)
	memory.PutUint32(chargeList+4, chargeBytes)
	copy(memory[chargeResult:], "client_context")
	copy(memory[chargeResult+64:], "echo")
	area := memory[chargeName:][:256<<10]
	switch {
	case c.name == "poll_oneoff":
		for i := range uint32(1024) { // standard output, to be written
			memory[chargeName+48*i+8] = 2
			memory.PutUint32(chargeName+48*i+16, 1)
		}
	case c.module == "lambent_v1":
		object := area[:min(c.moved, len(area))]
		copy(object, bytes.Repeat([]byte(" "), len(object)))
		object[0], object[len(object)-1] = '{', '}'
	default:
		copy(area, bytes.Repeat([]byte("tmp/..//"), 512))
	}
}
