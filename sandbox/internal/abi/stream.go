package abi

import (
	"context"
	"fmt"

	"github.com/lambent-dev/lambent/sandbox/internal/wasi"
)

// stream is the descriptor of one call: a non-blocking stream that ends after
// the body of the answer.
type stream struct {
	state   *State
	reply   Reply
	cancel  context.CancelFunc
	fetched bool // the answer was taken over
	over    bool // read to the end, or closed: no longer under way
	head    []byte
	body    []byte // what is left to read
	held    int    // bytes of the whole body, while it is under way
}

// fetch takes the answer over. The World has said that it is there.
func (st *stream) fetch() {
	if st.fetched {
		return
	}
	status, body := st.reply.Answer()
	st.head = fmt.Appendf(nil, `{"status":%d,"headers":{}}`, status)
	st.body, st.held, st.fetched = body, len(body), true
	st.cancel()
	st.state.held += st.held
	st.state.peak = max(st.state.peak, st.state.held)
}

func (st *stream) Filetype() wasi.Filetype { return wasi.SocketStream }
func (st *stream) Fdflags() wasi.Fdflags   { return wasi.NonBlock }
func (st *stream) Ready() <-chan struct{}  { return st.reply.Ready() }

func (st *stream) Available() uint64 {
	st.fetch()
	return uint64(len(st.body))
}

func (st *stream) Read(_ context.Context, p []byte) (int, wasi.Errno) {
	st.fetch()
	n := copy(p, st.body)
	st.body = st.body[n:]
	if len(st.body) == 0 {
		st.end()
	}
	return n, wasi.ESUCCESS
}

func (st *stream) Close() {
	st.cancel()
	st.end()
}

// end lets go of the answer. A call counts as under way until then: what the
// host holds for a guest is bounded by Limits, not by how many descriptors it
// has open.
func (st *stream) end() {
	if st.over {
		return
	}
	st.over = true
	st.state.calls--
	st.state.held -= st.held
	st.body, st.held = nil, 0
}
