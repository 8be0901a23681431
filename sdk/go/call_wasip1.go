package lambent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"
)

// callHost starts a call and waits for its answer. The host gives a descriptor
// that is never blocking and reports being a socket, so that Go's poller parks
// this goroutine alone; it becomes readable when the answer is there. Closing
// it cancels the call.
func callHost(ctx context.Context, name string, in []byte) (status int, body []byte, err error) {
	fd := hostCall(name, pointer(in), uint32(len(in)))
	if fd < 0 {
		return 0, nil, callErrno(errno(fd))
	}
	answer := os.NewFile(uintptr(fd), "call "+name)
	defer answer.Close()
	stop := context.AfterFunc(ctx, func() { answer.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()

	status, err = answerStatus(answer)
	if err == nil {
		body, err = io.ReadAll(answer)
	}
	if ctx.Err() != nil {
		return 0, nil, ctx.Err()
	}
	return status, body, err
}

// callErrno says what it means that a call could not be started.
func callErrno(e syscall.Errno) error {
	switch e {
	case syscall.ENOSYS:
		return ErrUnknownCall
	case syscall.EACCES:
		return ErrForbiddenCall
	case syscall.EAGAIN:
		return ErrTooManyCalls
	case syscall.E2BIG:
		return ErrCallTooLarge
	}
	return e
}

// answerStatus waits for the head of an answer.
func answerStatus(answer *os.File) (int, error) {
	conn, err := answer.SyscallConn()
	if err != nil {
		return 0, err
	}
	head := make([]byte, 512)
	var n int32
	err = conn.Read(func(fd uintptr) (done bool) {
		n = hostHTTPHead(int32(fd), pointer(head), uint32(len(head)))
		if int(n) > len(head) {
			head = make([]byte, n)
			n = hostHTTPHead(int32(fd), pointer(head), uint32(len(head)))
		}
		return n != -int32(syscall.EAGAIN)
	})
	switch {
	case err != nil:
		return 0, err
	case n < 0:
		return 0, errno(n)
	case int(n) > len(head):
		return 0, errors.New("the head of the answer changed while it was read")
	}
	var h struct {
		Status int `json:"status"`
	}
	if err := json.Unmarshal(head[:n], &h); err != nil {
		return 0, fmt.Errorf("head of the answer: %w", err)
	}
	return h.Status, nil
}
