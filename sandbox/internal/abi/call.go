package abi

import (
	"context"
	"encoding/json"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox/internal/wasi"
)

// call(nptr, nlen, ptr, len) → fd: starts the embedder's function of that name
// with the bytes at ptr. poll_oneoff says when it has answered, http_head then
// gives {"status", "headers"} and fd_read the body: what the function returned,
// with status 200, or its error as {"errorType", "errorMessage"} with status
// 500. fd_close before that cancels it. −ENOSYS: no function of that name.
// −E2BIG: the argument exceeds its limit. −EAGAIN: too many calls are under
// way, unread answers included. −EMFILE: too many descriptors are open; nothing
// was started. −EFAULT.
func (s *State) call(ctx context.Context, m engine.Memory, p []uint64) int32 {
	name, ok := argument(m, p, 0)
	if !ok {
		return fail(wasi.EFAULT)
	}
	in, ok := argument(m, p, 2)
	switch {
	case !ok:
		return fail(wasi.EFAULT)
	case len(in) > s.Limits.CallBytes:
		return fail(wasi.E2BIG)
	case s.calls == s.Limits.Calls:
		return fail(wasi.EAGAIN)
	case len(name) > MaxCallName:
		return fail(wasi.ENOSYS) // before it is copied
	case s.WASI.Full():
		return fail(wasi.EMFILE) // the function must not be called for nobody
	}
	s.WASI.Pay(len(name) + len(in))
	ctx, cancel := context.WithCancel(ctx)
	reply, errno := s.World.Call(ctx, string(name), in)
	if errno != wasi.ESUCCESS {
		cancel()
		return fail(errno)
	}
	fd, errno := s.WASI.Insert(&stream{state: s, reply: reply, cancel: cancel})
	if errno != wasi.ESUCCESS {
		cancel()
		return fail(errno)
	}
	s.calls++
	return int32(fd)
}

// http_send(ptr, len, body, blen) → fd: guests have no network yet, so every
// request is answered as the empty policy does: −EACCES. −EFAULT.
func (s *State) httpSend(_ context.Context, m engine.Memory, p []uint64) int32 {
	_, head := argument(m, p, 0)
	_, body := argument(m, p, 2)
	if !head || !body {
		return fail(wasi.EFAULT)
	}
	return fail(wasi.EACCES)
}

// http_head(fd, ptr, cap) → length of the head: writes min(cap, length) bytes
// of {"status", "headers"} to ptr. −EAGAIN: no answer yet. −EBADF: not a
// descriptor of call. −EFAULT.
func (s *State) httpHead(ctx context.Context, m engine.Memory, p []uint64) int32 {
	d, ok := s.WASI.Descriptor(uint32(p[0]))
	if !ok {
		return fail(wasi.EBADF)
	}
	st, ok := d.(*stream)
	if !ok {
		return fail(wasi.EBADF)
	}
	// Whether the answer is there is for the World to say: only what it says is
	// recorded and replayed.
	if !st.fetched && !s.World.Wait(ctx, []<-chan struct{}{st.Ready()}, 0)[0] {
		return fail(wasi.EAGAIN)
	}
	st.fetch()
	n := min(uint32(len(st.head)), uint32(p[2]))
	dst, ok := m.Slice(uint32(p[1]), n)
	if !ok {
		return fail(wasi.EFAULT)
	}
	s.WASI.Copy(dst, st.head)
	return int32(len(st.head))
}

// ErrorBody writes the body of a call that failed.
func ErrorBody(errorType, message string) []byte {
	b, err := json.Marshal(struct {
		Type    string `json:"errorType"`
		Message string `json:"errorMessage"`
	}{errorType, message})
	if err != nil { // two strings always marshal
		panic(err)
	}
	return b
}
