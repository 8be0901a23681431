package abi

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox/internal/wasi"
)

// maxPiece is the most bytes that are taken at once, about a millisecond's work:
// paying for each ends a guest whose time is over.
const maxPiece = 1 << 20

// jsonWork is what parsing a byte costs, in bytes copied.
const jsonWork = 128

// response_write(ptr, len) → len: appends to the response. −E2BIG: the
// response would exceed its limit; nothing was appended, and the invocation
// fails with Function.ResponseSizeTooLarge unless the guest reports an error of
// its own. −EFAULT.
func (s *State) responseWrite(_ context.Context, m engine.Memory, p []uint64) int32 {
	b, ok := argument(m, p, 0)
	if !ok {
		return fail(wasi.EFAULT)
	}
	if len(b) > s.Limits.Response-len(s.Response) {
		s.TooLarge = true
		return fail(wasi.E2BIG)
	}
	for piece := range slices.Chunk(b, maxPiece) {
		s.WASI.Pay(len(piece))
		s.Response = append(s.Response, piece...)
	}
	return int32(len(b))
}

// response_meta(ptr, len) → len: the prelude of the response, a JSON object
// with content type, HTTP status and headers; the last one wins. −EINVAL: not
// a JSON object, or the response has begun. −E2BIG: more than MaxMeta. −EFAULT.
func (s *State) responseMeta(_ context.Context, m engine.Memory, p []uint64) int32 {
	b, errno := s.object(m, p, MaxMeta)
	if errno == wasi.ESUCCESS && len(s.Response) > 0 {
		errno = wasi.EINVAL
	}
	if errno != wasi.ESUCCESS {
		return fail(errno)
	}
	s.Meta = slices.Clone(b)
	return int32(len(b))
}

// response_error(ptr, len) → len: the function's error, a JSON object
// {"errorType", "errorMessage", "stackTrace"}; the last one wins. −EINVAL: not
// a JSON object. −E2BIG: more than MaxError. −EFAULT.
func (s *State) responseError(_ context.Context, m engine.Memory, p []uint64) int32 {
	b, errno := s.object(m, p, MaxError)
	if errno != wasi.ESUCCESS {
		return fail(errno)
	}
	s.Error = slices.Clone(b)
	return int32(len(b))
}

// object returns the JSON object at p[0], p[1].
func (s *State) object(m engine.Memory, p []uint64, limit int) ([]byte, wasi.Errno) {
	b, ok := argument(m, p, 0)
	switch {
	case !ok:
		return nil, wasi.EFAULT
	case len(b) > limit:
		return nil, wasi.E2BIG
	}
	s.WASI.Pay(len(b))
	s.WASI.Work(jsonWork * len(b))
	// A view of guest memory is stable here: the guest does not run.
	var fields map[string]json.RawMessage
	if json.Unmarshal(b, &fields) != nil || fields == nil {
		return nil, wasi.EINVAL
	}
	return b, wasi.ESUCCESS
}

// isError reports whether b is the error object of a stdio program.
func isError(b []byte) bool {
	var e struct {
		Type    *string `json:"errorType"`
		Message *string `json:"errorMessage"`
	}
	return json.Unmarshal(b, &e) == nil && (e.Type != nil || e.Message != nil)
}
