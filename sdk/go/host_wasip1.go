package lambent

import (
	"syscall"
	"time"
	"unsafe"
)

// The functions of the host. A result ≥ 0 is a length or a descriptor, < 0 is
// −errno. The host reads and writes during the call only, and never calls back.

//go:wasmimport lambent_v1 register
func hostRegister(name string) int32

//go:wasmimport lambent_v1 event_len
func hostEventLen() int32

//go:wasmimport lambent_v1 event_read
//go:noescape
func hostEventRead(p unsafe.Pointer, capacity, offset uint32) int32

//go:wasmimport lambent_v1 response_write
//go:noescape
func hostResponseWrite(p unsafe.Pointer, n uint32) int32

//go:wasmimport lambent_v1 response_error
//go:noescape
func hostResponseError(p unsafe.Pointer, n uint32) int32

//go:wasmimport lambent_v1 ctx_get
//go:noescape
func hostCtxGet(key string, p unsafe.Pointer, capacity uint32) int32

//go:wasmimport lambent_v1 deadline_ms
func hostDeadlineMs() int64

//go:wasmimport lambent_v1 log
//go:noescape
func hostLog(level int32, p unsafe.Pointer, n uint32) int32

//go:wasmimport lambent_v1 call
//go:noescape
func hostCall(name string, p unsafe.Pointer, n uint32) int32

//go:wasmimport lambent_v1 http_head
//go:noescape
func hostHTTPHead(fd int32, p unsafe.Pointer, capacity uint32) int32

// errno makes an error of a negative result.
func errno(result int32) syscall.Errno { return syscall.Errno(-result) }

// pointer returns where b lies, for the duration of one call of the host.
func pointer(b []byte) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(b)) }

// readEvent copies the event from the host.
func readEvent() ([]byte, error) {
	n := hostEventLen()
	if n < 0 {
		return nil, errno(n)
	}
	event := make([]byte, n)
	for done := 0; done < len(event); {
		rest := event[done:]
		n := hostEventRead(pointer(rest), uint32(len(rest)), uint32(done))
		switch {
		case n < 0:
			return nil, errno(n)
		case n == 0:
			return event[:done], nil
		}
		done += int(n)
	}
	return event, nil
}

// hostValue is the lookup that asks the host.
func hostValue(key string) string {
	var small [128]byte
	b := small[:]
	for {
		n := int(hostCtxGet(key, pointer(b), uint32(len(b))))
		switch {
		case n < 0: // no such value
			return ""
		case n <= len(b):
			return string(b[:n])
		}
		b = make([]byte, n)
	}
}

// hostDeadline returns when the invocation's time is over.
func hostDeadline() time.Time {
	ms := hostDeadlineMs()
	if ms <= 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

func emitLog(level logLevel, line []byte) {
	hostLog(int32(level), pointer(line), uint32(len(line))) // a line that is refused has nowhere else to go
}
