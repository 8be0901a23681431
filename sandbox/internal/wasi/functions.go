package wasi

import (
	"context"

	"github.com/lambent-dev/lambent/engine"
)

// Module is the name that guests import.
const Module = "wasi_snapshot_preview1"

const (
	i32 = engine.I32
	i64 = engine.I64
)

// function answers one call. p holds the parameters, of which an i32's upper
// half is garbage; m is the guest's memory.
type function func(s *State, ctx context.Context, m engine.Memory, p []uint64) Errno

// Functions returns the host functions of wasi_snapshot_preview1: all of the
// specification, and the socket functions that WasmEdge added to it. state
// finds, from an instance's data, the State of the event that it sees.
func Functions(state func(data any) *State) []engine.HostFunc {
	link := func(name string, call function, params ...engine.ValueType) engine.HostFunc {
		return engine.HostFunc{
			Module: Module, Name: name, Params: params, Results: []engine.ValueType{i32},
			Call: func(ctx context.Context, in engine.Instance, stack []uint64) {
				s := state(in.Data())
				s.Begin(ctx, in.Meter())
				stack[0] = uint64(call(s, ctx, in.Memory(), stack))
			},
		}
	}
	return []engine.HostFunc{
		link("args_get", (*State).argsGet, i32, i32),
		link("args_sizes_get", (*State).argsSizesGet, i32, i32),
		link("environ_get", (*State).environGet, i32, i32),
		link("environ_sizes_get", (*State).environSizesGet, i32, i32),

		link("clock_res_get", (*State).clockResGet, i32, i32),
		link("clock_time_get", (*State).clockTimeGet, i32, i64, i32),

		link("fd_advise", (*State).fdAdvise, i32, i64, i64, i32),
		link("fd_allocate", (*State).fdAllocate, i32, i64, i64),
		link("fd_close", (*State).fdClose, i32),
		link("fd_datasync", (*State).fdDatasync, i32),
		link("fd_fdstat_get", (*State).fdFdstatGet, i32, i32),
		link("fd_fdstat_set_flags", (*State).fdFdstatSetFlags, i32, i32),
		link("fd_fdstat_set_rights", (*State).fdFdstatSetRights, i32, i64, i64),
		link("fd_filestat_get", (*State).fdFilestatGet, i32, i32),
		link("fd_filestat_set_size", (*State).fdFilestatSetSize, i32, i64),
		link("fd_filestat_set_times", (*State).fdFilestatSetTimes, i32, i64, i64, i32),
		link("fd_pread", (*State).fdPread, i32, i32, i32, i64, i32),
		link("fd_prestat_get", (*State).fdPrestatGet, i32, i32),
		link("fd_prestat_dir_name", (*State).fdPrestatDirName, i32, i32, i32),
		link("fd_pwrite", (*State).fdPwrite, i32, i32, i32, i64, i32),
		link("fd_read", (*State).fdRead, i32, i32, i32, i32),
		link("fd_readdir", (*State).fdReaddir, i32, i32, i32, i64, i32),
		link("fd_renumber", (*State).fdRenumber, i32, i32),
		link("fd_seek", (*State).fdSeek, i32, i64, i32, i32),
		link("fd_sync", (*State).fdSync, i32),
		link("fd_tell", (*State).fdTell, i32, i32),
		link("fd_write", (*State).fdWrite, i32, i32, i32, i32),

		link("path_create_directory", (*State).pathCreateDirectory, i32, i32, i32),
		link("path_filestat_get", (*State).pathFilestatGet, i32, i32, i32, i32, i32),
		link("path_filestat_set_times", (*State).pathFilestatSetTimes, i32, i32, i32, i32, i64, i64, i32),
		link("path_link", (*State).pathLink, i32, i32, i32, i32, i32, i32, i32),
		link("path_open", (*State).pathOpen, i32, i32, i32, i32, i32, i64, i64, i32, i32),
		link("path_readlink", (*State).pathReadlink, i32, i32, i32, i32, i32, i32),
		link("path_remove_directory", (*State).pathRemoveDirectory, i32, i32, i32),
		link("path_rename", (*State).pathRename, i32, i32, i32, i32, i32, i32),
		link("path_symlink", (*State).pathSymlink, i32, i32, i32, i32, i32),
		link("path_unlink_file", (*State).pathUnlinkFile, i32, i32, i32),

		link("poll_oneoff", (*State).pollOneoff, i32, i32, i32, i32),

		procExit(state),
		link("proc_raise", (*State).procRaise, i32),
		link("random_get", (*State).randomGet, i32, i32),
		link("sched_yield", (*State).schedYield),

		// sock_accept got its second parameter after programs had been built.
		link("sock_accept", (*State).sockRefuse, i32, i32),
		link("sock_accept", (*State).sockRefuse, i32, i32, i32),
		link("sock_recv", (*State).sockTransfer, i32, i32, i32, i32, i32, i32),
		link("sock_send", (*State).sockTransfer, i32, i32, i32, i32, i32),
		link("sock_shutdown", (*State).sockTransfer, i32, i32),

		// WasmEdge's, which has two shapes of the address functions: the first
		// also tells the address family.
		link("sock_open", (*State).sockOpen, i32, i32, i32),
		link("sock_bind", (*State).sockRefuse, i32, i32, i32),
		link("sock_listen", (*State).sockRefuse, i32, i32),
		link("sock_connect", (*State).sockRefuse, i32, i32, i32),
		link("sock_getaddrinfo", (*State).sockRefuse, i32, i32, i32, i32, i32, i32, i32, i32),
		link("sock_getpeeraddr", (*State).sockRefuse, i32, i32, i32),
		link("sock_getpeeraddr", (*State).sockRefuse, i32, i32, i32, i32),
		link("sock_getlocaladdr", (*State).sockRefuse, i32, i32, i32),
		link("sock_getlocaladdr", (*State).sockRefuse, i32, i32, i32, i32),
		link("sock_getsockopt", (*State).sockRefuse, i32, i32, i32, i32, i32),
		link("sock_setsockopt", (*State).sockRefuse, i32, i32, i32, i32, i32),
	}
}

// maxChunk is the most bytes that a function moves between two looks at the
// context: about a millisecond's work.
const maxChunk = 1 << 20

// interrupted stops the guest if ctx is done.
func interrupted(ctx context.Context) {
	if ctx.Err() != nil {
		engine.Stop(engine.Interrupted(ctx))
	}
}
