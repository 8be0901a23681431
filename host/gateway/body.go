package gateway

import (
	"errors"
	"io"
	"net"

	"github.com/valyala/fasthttp"

	"github.com/lambent-dev/lambent/host/internal/api"
	"github.com/lambent-dev/lambent/host/internal/fault"
)

// body reads a request's body, within its limits.
func (g *Gateway) body(ctx *fasthttp.RequestCtx, id string, a *admission, take func(int) error) ([]byte, *refusal) {
	stream := ctx.RequestBodyStream()
	if stream == nil {
		return nil, nil
	}
	var err error
	if a.length > 0 {
		err = take(a.length)
	}
	var body []byte
	if err == nil {
		body, err = readBody(stream, a.length, a.match.Operation.MaxBody(), take)
	}
	if served(ctx).ended && err == nil && a.length < 0 {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, g.bodyRefused(id, a, err)
	}
	return body, nil
}

// bodyRefused says why a request's body was not read.
func (g *Gateway) bodyRefused(id string, a *admission, err error) *refusal {
	var (
		lacking *fault.Error
		timeout net.Error
	)
	switch {
	case errors.As(err, &lacking):
		return &refusal{a.match.Operation.Fail(id, lacking), false}
	case errors.Is(err, errTooLarge):
		return &refusal{a.match.Operation.Fail(id, a.match.Operation.TooLarge(a.match.Operation.MaxBody()+1)), false}
	case errors.As(err, &timeout) && timeout.Timeout():
		return &refusal{api.FailAs(id, fasthttp.StatusRequestTimeout, fault.New("RequestTimeoutException", "The body did not arrive within %v.", g.config.BodyTimeout)), true}
	}
	return &refusal{api.FailAs(id, fasthttp.StatusBadRequest, badRequest("the body: %s", clip(err.Error()))), true}
}

// errTooLarge: a body of unknown length has more bytes than it may.
var errTooLarge = errors.New("body too large")

// firstRead is what is allocated before anything was received: a declared length
// is a claim.
const firstRead = 64 << 10

// readBody reads a body into memory of its own. length is what was declared, at
// most limit; below 0 it was not, and take, which is asked before memory is
// made, may return an error.
func readBody(r io.Reader, length, limit int, take func(n int) error) ([]byte, error) {
	switch {
	case length == 0:
		return nil, nil
	case length > 0:
		body := make([]byte, min(length, firstRead))
		for have := 0; ; {
			n, err := io.ReadFull(r, body[have:])
			if have += n; err != nil {
				return nil, noEOF(err)
			}
			if have == length {
				return body, nil
			}
			body = append(body, make([]byte, min(have, length-have))...)
		}
	}
	body := make([]byte, 0, 4<<10)
	if err := take(cap(body)); err != nil {
		return nil, err
	}
	for {
		if len(body) == cap(body) {
			if len(body) > limit {
				return nil, errTooLarge
			}
			more := min(cap(body), limit+1-len(body))
			if err := take(more); err != nil {
				return nil, err
			}
			body = append(make([]byte, 0, len(body)+more), body...)
		}
		n, err := r.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		switch {
		case err == io.EOF && len(body) > limit:
			return nil, errTooLarge
		case err == io.EOF:
			return body, nil
		case err != nil:
			return nil, err
		}
	}
}

// noEOF calls the end of a body before its declared length an error.
func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// maxDiscard is how much of a body that was refused is read all the same:
// closing a connection on which a client is still sending would lose it the
// answer.
const maxDiscard = 128 << 20

// discard reads the rest of a body, if it is not too much, and reports whether it
// did.
func discard(r io.Reader) bool {
	n, err := io.CopyN(io.Discard, r, maxDiscard+1)
	return n <= maxDiscard && err == io.EOF
}
