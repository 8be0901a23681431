package sandbox

import (
	"math"

	"github.com/lambent-dev/lambent/sandbox/internal/wasi"
)

// A shape makes the parameters of one argument; slot is the number of its
// first.
type shape func(slot int) []param

// pointer points to size bytes: well inside, at the very end, one beyond, and
// far outside.
func pointer(slot int, size func(p []uint64) uint64, edge uint64, out bool, fill string) param {
	at := uint64(8192 + 4096*slot)
	return param{
		values: []uint64{at, borderMemory - edge, borderMemory - edge + 1, borderMemory - 1, borderMemory, math.MaxInt32, 1 << 31, math.MaxUint32},
		size:   size, out: out, at: at, fill: fill,
	}
}

// puts is a pointer to n bytes that are written.
func puts(n uint64) shape {
	return func(slot int) []param {
		return []param{pointer(slot, func([]uint64) uint64 { return n }, n, true, "")}
	}
}

// pair is pointer and length of bytes that are read or, up to most, written.
func pair(out bool, most uint64, fill string) shape {
	return func(slot int) []param {
		size := func(p []uint64) uint64 { return min(p[slot+1], most) }
		return []param{
			pointer(slot, size, 16, out, fill),
			{values: []uint64{0, 1, uint64(len(fill)), 16, math.MaxInt32, math.MaxUint32}},
		}
	}
}

func reads(fill string) shape   { return pair(false, math.MaxUint64, fill) }
func writes(most uint64) shape  { return pair(true, most, "sixteen bytes...") }
func writesAll() shape          { return writes(math.MaxUint64) }
func numbers(v ...uint64) shape { return func(int) []param { return []param{{values: v}} } }
func wide(v ...uint64) shape    { return func(int) []param { return []param{{values: v, wide: true}} } }

// recordList is pointer and number of records.
func recordList(size uint64) shape {
	return func(slot int) []param {
		return []param{records(slot, slot+1, size, false), {values: counts}}
	}
}

// records points to as many records as the parameter count says.
func records(slot, count int, size uint64, out bool) param {
	return pointer(slot, func(p []uint64) uint64 { return size * p[count] }, size, out, "")
}

var (
	counts = []uint64{0, 1, 2, 1024, 1025, 1 << 29, math.MaxInt32, math.MaxUint32}
	edges  = []uint64{0, 1, borderMemory, math.MaxInt32, math.MaxUint32}
	edge64 = []uint64{0, 1, math.MaxInt64, 1 << 63, math.MaxUint64}
	flags  = []uint64{0, 1, math.MaxUint32}
	// Standard input and output, the root, a file, a call, and nothing.
	fds = []uint64{0, 1, 3, 4, 5, 6, math.MaxUint32}
)

func shapes(all ...shape) (params []param) {
	for _, s := range all {
		params = append(params, s(len(params))...)
	}
	return params
}

// borders lists every function that a guest can import.
func borders() []border {
	lambent := func(name string, params []param, also ...wasi.Errno) border {
		return border{"lambent_v1", name, params, also}
	}
	preview1 := func(name string, params []param, also ...wasi.Errno) border {
		return border{"wasi_snapshot_preview1", name, params, also}
	}
	// What a descriptor may be found to be before a pointer is looked at.
	descriptor := []wasi.Errno{wasi.EBADF, wasi.EISDIR, wasi.ENOTDIR, wasi.ESPIPE, wasi.EINVAL, wasi.ENOTCAPABLE}
	fd, path := numbers(fds...), reads("tmp/f")
	event := func(slot int) []param { // event_read's ptr, cap, off
		size := func(p []uint64) uint64 {
			return min(p[slot+1], uint64(len(borderEvent))-min(p[slot+2], uint64(len(borderEvent))))
		}
		return []param{pointer(slot, size, uint64(len(borderEvent)), true, ""), {values: append([]uint64{5, 11, 12}, edges...)}, {values: append([]uint64{10, 11, 12}, edges...)}}
	}
	poll := func(slot int) []param {
		return []param{records(0, 2, 48, false), records(1, 2, 32, true), {values: counts}}
	}
	config := Config{}
	if err := config.complete(); err != nil {
		panic(err)
	}
	env := append(config.environment(), "AWS_LAMBDA_LOG_STREAM_NAME="+borderStream)
	bytes := uint64(0)
	for _, v := range env {
		bytes += uint64(len(v)) + 1
	}
	const head = uint64(len(`{"status":200,"headers":{}}`))
	const bootstrap = uint64(len("/var/task/bootstrap") + 1)

	return []border{
		lambent("register", shapes(reads("name"))),
		lambent("event_len", nil),
		lambent("event_read", shapes(event)),
		lambent("response_write", shapes(reads("[1]"))),
		lambent("response_meta", shapes(reads("{}"))),
		lambent("response_error", shapes(reads("{}"))),
		lambent("ctx_get", shapes(reads("request_id"), writes(uint64(len(borderID)))), wasi.ENOENT),
		lambent("deadline_ms", nil),
		lambent("remaining_ms", nil),
		lambent("log", shapes(numbers(0, 4, 5, math.MaxUint32), reads("line"))),
		lambent("call", shapes(reads("echo"), reads("in"))),
		lambent("http_send", shapes(reads("{}"), reads("body"))),
		lambent("http_head", shapes(fd, writes(head)), wasi.EBADF),
		lambent("feature", shapes(reads("call"))),

		preview1("args_get", shapes(puts(4), puts(bootstrap))),
		preview1("args_sizes_get", shapes(puts(4), puts(4))),
		preview1("environ_get", shapes(puts(4*uint64(len(env))), puts(bytes))),
		preview1("environ_sizes_get", shapes(puts(4), puts(4))),
		preview1("clock_res_get", shapes(numbers(0, 1, 2, 3, 4, math.MaxUint32), puts(8)), wasi.EINVAL, wasi.ENOTSUP),
		preview1("clock_time_get", shapes(numbers(0, 1, 2, 3, 4, math.MaxUint32), wide(edge64...), puts(8)), wasi.EINVAL, wasi.ENOTSUP),
		preview1("fd_advise", shapes(fd, wide(edge64...), wide(edge64...), numbers(0, 5, 6))),
		preview1("fd_allocate", shapes(fd, wide(edge64...), wide(edge64...))),
		preview1("fd_close", shapes(fd)),
		preview1("fd_datasync", shapes(fd)),
		preview1("fd_fdstat_get", shapes(fd, puts(24)), wasi.EBADF),
		preview1("fd_fdstat_set_flags", shapes(fd, numbers(0, 31, 32, math.MaxUint32))),
		preview1("fd_fdstat_set_rights", shapes(fd, wide(edge64...), wide(edge64...))),
		preview1("fd_filestat_get", shapes(fd, puts(64)), wasi.EBADF),
		preview1("fd_filestat_set_size", shapes(fd, wide(edge64...))),
		preview1("fd_filestat_set_times", shapes(fd, wide(edge64...), wide(edge64...), numbers(0, 1, 4, 3, 16, math.MaxUint32))),
		preview1("fd_pread", shapes(fd, recordList(8), wide(edge64...), puts(4)), descriptor...),
		preview1("fd_prestat_get", shapes(fd, puts(8)), wasi.EBADF),
		preview1("fd_prestat_dir_name", shapes(fd, writesAll()), wasi.EBADF),
		preview1("fd_pwrite", shapes(fd, recordList(8), wide(edge64...), puts(4)), descriptor...),
		preview1("fd_read", shapes(fd, recordList(8), puts(4)), descriptor...),
		preview1("fd_readdir", shapes(fd, writesAll(), wide(edge64...), puts(4)), descriptor...),
		preview1("fd_renumber", shapes(fd, fd)),
		preview1("fd_seek", shapes(fd, wide(edge64...), numbers(0, 1, 2, 3), puts(8)), append(descriptor, wasi.EOVERFLOW)...),
		preview1("fd_sync", shapes(fd)),
		preview1("fd_tell", shapes(fd, puts(8)), descriptor...),
		preview1("fd_write", shapes(fd, recordList(8), puts(4)), descriptor...),
		preview1("path_create_directory", shapes(fd, reads("tmp/d")), descriptor...),
		preview1("path_filestat_get", shapes(fd, numbers(flags...), path, puts(64)), append(descriptor, wasi.ENAMETOOLONG)...),
		preview1("path_filestat_set_times", shapes(fd, numbers(flags...), path, wide(0, 1), wide(0, 1), numbers(0, 1, 3, 16)), descriptor...),
		preview1("path_link", shapes(numbers(3, 6), numbers(0, 2), path, numbers(3, 6), path), descriptor...),
		preview1("path_open", shapes(numbers(3, 4, 6), numbers(0, 2), path, numbers(0, 1, 16), wide(0, math.MaxUint64), wide(0), numbers(0, 32), puts(4)), descriptor...),
		preview1("path_readlink", shapes(numbers(3, 6), path, writesAll(), puts(4)), descriptor...),
		preview1("path_remove_directory", shapes(fd, reads("tmp/empty")), descriptor...),
		preview1("path_rename", shapes(numbers(3, 6), path, numbers(3, 6), path), descriptor...),
		preview1("path_symlink", shapes(path, numbers(3, 6), path), descriptor...),
		preview1("path_unlink_file", shapes(fd, path), descriptor...),
		preview1("poll_oneoff", shapes(poll, puts(4)), wasi.EINVAL),
		preview1("proc_exit", shapes(numbers(7))),
		preview1("proc_raise", shapes(numbers(edges...))),
		preview1("random_get", shapes(writesAll())),
		preview1("sched_yield", nil),

		// They read and write nothing, so none of these is a pointer to them.
		preview1("sock_accept", shapes(fd, numbers(edges...))),
		preview1("sock_accept", shapes(fd, numbers(edges...), numbers(edges...))),
		preview1("sock_recv", shapes(fd, numbers(edges...), numbers(edges...), numbers(0), numbers(edges...), numbers(edges...))),
		preview1("sock_send", shapes(fd, numbers(edges...), numbers(edges...), numbers(0), numbers(edges...))),
		preview1("sock_shutdown", shapes(fd, numbers(edges...))),
		preview1("sock_open", shapes(numbers(edges...), numbers(0, 1, 2, 3), puts(4))),
		preview1("sock_bind", shapes(fd, numbers(edges...), numbers(edges...))),
		preview1("sock_listen", shapes(fd, numbers(edges...))),
		preview1("sock_connect", shapes(fd, numbers(edges...), numbers(edges...))),
		preview1("sock_getaddrinfo", shapes(numbers(edges...), numbers(edges...), numbers(0), numbers(0), numbers(edges...), numbers(edges...), numbers(0), numbers(edges...))),
		preview1("sock_getpeeraddr", shapes(fd, numbers(edges...), numbers(edges...))),
		preview1("sock_getpeeraddr", shapes(fd, numbers(edges...), numbers(edges...), numbers(edges...))),
		preview1("sock_getlocaladdr", shapes(fd, numbers(edges...), numbers(edges...))),
		preview1("sock_getlocaladdr", shapes(fd, numbers(edges...), numbers(edges...), numbers(edges...))),
		preview1("sock_getsockopt", shapes(fd, numbers(edges...), numbers(edges...), numbers(edges...), numbers(edges...))),
		preview1("sock_setsockopt", shapes(fd, numbers(edges...), numbers(edges...), numbers(edges...), numbers(edges...))),
	}
}
