package gateway

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"runtime/debug"

	"github.com/valyala/fasthttp"

	"github.com/lambent-dev/lambent/host/internal/api"
	"github.com/lambent-dev/lambent/host/internal/fault"
)

// malformed answers what fasthttp could not read.
func (g *Gateway) malformed(ctx *fasthttp.RequestCtx, err error) {
	var (
		tooLarge *fasthttp.ErrSmallBuffer
		timeout  net.Error
		response api.Response
	)
	id := g.ids.New()
	switch {
	case errors.As(err, &tooLarge):
		response = api.FailAs(id, fasthttp.StatusRequestHeaderFieldsTooLarge, badRequest("the header has more than %d bytes", maxHeader))
	case errors.As(err, &timeout) && timeout.Timeout():
		response = api.FailAs(id, fasthttp.StatusRequestTimeout, fault.New("RequestTimeoutException", "The request did not arrive in time."))
	default:
		response = api.FailAs(id, fasthttp.StatusBadRequest, badRequest("%s", clip(err.Error())))
	}
	g.write(ctx, &response)
}

// clip bounds what an error of fasthttp may repeat of a request.
func clip(s string) string { return fault.Clip(s, 200) }

// handle answers a request.
func (g *Gateway) handle(ctx *fasthttp.RequestCtx) {
	id := g.ids.New()
	defer func() {
		if p := recover(); p != nil {
			g.config.Log.Error("panic while answering a request", "request", id, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			ctx.Response.Reset()
			ctx.SetConnectionClose()
			response := api.Fail(id, fault.New(fault.Service, "The host failed; its log says why."))
			g.write(ctx, &response)
		}
	}()
	c := served(ctx)
	a, refused := g.admit(id, c, &ctx.Request.Header)
	if refused != nil {
		g.refuse(ctx, refused)
		return
	}
	if a.health {
		g.write(ctx, &health)
		return
	}
	g.answer(ctx, c, id, &a)
}

// refuse answers a request whose body was not read.
func (g *Gateway) refuse(ctx *fasthttp.RequestCtx, r *refusal) {
	if r.close {
		ctx.SetConnectionClose()
	} else if body := ctx.RequestBodyStream(); body != nil && !discard(body) {
		ctx.SetConnectionClose()
	}
	g.write(ctx, &r.response)
}

// answer reads the body of a request that was admitted, and serves it.
func (g *Gateway) answer(ctx *fasthttp.RequestCtx, c *connection, id string, a *admission) {
	if g.requests.Add(1) > int64(g.config.Requests) {
		g.requests.Add(-1)
		g.refuse(ctx, &refusal{a.match.Operation.Fail(id, fault.New(fault.TooManyRequests, "Rate Exceeded.")), false})
		return
	}
	defer g.requests.Add(-1)
	var held int64
	defer func() { g.bytes.release(held) }()
	take := func(n int) error {
		if !g.bytes.take(int64(n)) {
			return fault.New(fault.ServiceUnavailable, "The host holds %d bytes of requests, nearly the %d it may; try again.", g.bytes.used.Load(), g.bytes.limit)
		}
		held += int64(n)
		return nil
	}

	r := &c.request
	*r = api.Request{ID: id, Host: c.host, Query: query(ctx.Request.Header.RequestURI()), Header: &c.fields,
		Signed: &c.signed, Client: api.Client{Address: ctx.RemoteAddr(), Secure: g.config.TLS != nil}}
	defer func() { *r = api.Request{} }() // its body
	if a.match.Operation.Served() {
		body, refused := g.body(ctx, id, a, take)
		if refused == nil {
			if err := take(a.match.Operation.Holds(len(body))); err != nil {
				refused = &refusal{a.match.Operation.Fail(id, err), false}
			}
		}
		if refused != nil {
			g.refuse(ctx, refused)
			return
		}
		r.Body = body
	} else if body := ctx.RequestBodyStream(); body != nil && !discard(body) {
		ctx.SetConnectionClose()
	}
	if err := g.api.Finish(a.claim, r); err != nil {
		response := a.match.Operation.Fail(id, err)
		g.write(ctx, &response)
		return
	}
	response := g.api.Serve(g.life, a.match, r)
	if response.Err != nil {
		g.config.Log.Error("request failed", "request", id, "operation", a.match.Operation.Name, "error", response.Err)
	}
	g.write(ctx, &response)
}

func query(target []byte) string {
	if i := bytes.IndexByte(target, '?'); i >= 0 {
		return string(target[i+1:])
	}
	return ""
}
