package gateway

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime/debug"
	"strings"

	"github.com/valyala/fasthttp"

	"github.com/lambent-dev/lambent/host/internal/api"
	"github.com/lambent-dev/lambent/host/internal/auth/sigv4"
	"github.com/lambent-dev/lambent/host/internal/fault"
)

// admission is a request that may be answered, once its body was read.
type admission struct {
	match  api.Match
	claim  api.Claim
	health bool
	length int // of the body, -1 if it was not declared
}

// refusal is why a request may not be.
type refusal struct {
	response api.Response
	close    bool // what follows on the connection is in doubt
}

// headerReceived gives the body its time.
func (g *Gateway) headerReceived(*fasthttp.RequestHeader) fasthttp.RequestConfig {
	return fasthttp.RequestConfig{ReadTimeout: g.config.BodyTimeout}
}

// admit decides what a request's header can decide.
func (g *Gateway) admit(id string, c *connection, h *fasthttp.RequestHeader) (admission, *refusal) {
	if status, reason := strict(h, &c.fields); status != 0 {
		return admission{}, &refusal{api.FailAs(id, status, badRequest("%s", reason)), true}
	}
	fail := func(err *fault.Error) (admission, *refusal) {
		return admission{}, &refusal{api.Fail(id, err), false}
	}
	// A page in a browser cannot sign, so it need not be kept out otherwise.
	if !g.api.Enforced() {
		if err := c.checkClient(); err != nil {
			return fail(err)
		}
	} else {
		if name := c.fields.once[hostName]; c.host != string(name) {
			c.host = string(name)
		}
	}
	target := h.RequestURI()
	match, isURL := g.api.FindURL(c.fields.once[hostName])
	if isURL {
		c.keep(h)
	} else if string(target) == "/health" && (h.IsGet() || h.IsHead()) {
		return admission{health: true}, nil
	} else {
		var err *fault.Error
		if match, err = g.find(h, target); err != nil {
			return fail(err)
		}
	}
	a := admission{match: match, length: h.ContentLength()}
	if g.api.Enforced() {
		var failed error
		if a.claim, failed = g.claim(c, h, match); failed != nil {
			return admission{}, &refusal{match.Operation.Fail(id, failed), false}
		}
	}
	if a.length < -1 {
		a.length = 0
	}
	if a.length > match.Operation.MaxBody() && match.Operation.Served() {
		return admission{}, &refusal{match.Operation.Fail(id, match.Operation.TooLarge(a.length)), false}
	}
	return a, nil
}

// claim reads who a request claims to come from.
func (g *Gateway) claim(c *connection, h *fasthttp.RequestHeader, match api.Match) (api.Claim, error) {
	c.keep(h)
	return g.api.Claim(g.life, match, &api.Request{Signed: &c.signed})
}

// keep notes a request as it came.
func (c *connection) keep(h *fasthttp.RequestHeader) {
	path, query, _ := strings.Cut(string(h.RequestURI()), "?")
	c.signed = sigv4.Request{Method: string(h.Method()), Path: path, Query: query, Header: &c.fields}
}

// find finds the operation: what a header names, if there is one, else the path.
func (g *Gateway) find(h *fasthttp.RequestHeader, target []byte) (api.Match, *fault.Error) {
	if match, ok := g.api.FindInvoke(h.Method(), target); ok {
		return match, nil
	}
	if string(target) == "/" && h.IsPost() {
		if name := h.Peek("X-Amz-Target"); name != nil {
			return g.api.FindTarget(string(name))
		}
		if bytes.HasPrefix(h.ContentType(), formType) {
			return g.api.FindForm()
		}
	}
	if h.IsGet() && bytes.HasPrefix(target, []byte("/?")) && bytes.Contains(target, []byte("Action=")) {
		return g.api.FindForm()
	}
	return g.api.Find(string(h.Method()), string(target))
}

// formType is the media type of forms.
var formType = []byte("application/x-www-form-urlencoded")

func badRequest(format string, args ...any) *fault.Error {
	return fault.New(fault.InvalidRequestContent, "The request is not one of HTTP/1.1: "+format, args...)
}

// expect answers a client that waits to be told to send its body.
func (g *Gateway) expect(ctx *fasthttp.RequestCtx) int {
	_, refused := g.admit(g.ids.New(), served(ctx), &ctx.Request.Header)
	if refused == nil {
		return fasthttp.StatusContinue
	}
	g.write(ctx, &refused.response)
	return refused.response.Status
}

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
func clip(s string) string {
	if len(s) > 200 {
		s = s[:200] + "…"
	}
	return s
}

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

var health = api.Response{Status: 200, Header: []api.Field{{Name: "Content-Type", Value: "application/json"}}, Body: []byte(`{"status":"ok"}`)}

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

func query(target []byte) string {
	if i := bytes.IndexByte(target, '?'); i >= 0 {
		return string(target[i+1:])
	}
	return ""
}

// maxUncounted is the largest response that is not counted until it is sent.
const maxUncounted = 64 << 10

// write makes a response the one that is sent.
func (g *Gateway) write(ctx *fasthttp.RequestCtx, r *api.Response) {
	ctx.SetStatusCode(r.Status)
	for _, f := range r.Header {
		if f.Name == "Set-Cookie" { // there may be many
			ctx.Response.Header.Add(f.Name, f.Value)
			continue
		}
		ctx.Response.Header.SetCanonical([]byte(f.Name), []byte(f.Value))
	}
	if len(r.Body) <= maxUncounted {
		ctx.Response.SetBodyRaw(r.Body)
		return
	}
	ctx.Response.SetBodyStream(g.counted(r.Body), len(r.Body))
}

// countedBody is one of the bodies that are held until it was sent.
type countedBody struct {
	*bytes.Reader
	bytes *budget
	size  int64
}

func (g *Gateway) counted(body []byte) *countedBody {
	g.bytes.hold(int64(len(body)))
	return &countedBody{bytes.NewReader(body), &g.bytes, int64(len(body))}
}

// Close is called by fasthttp when the response was sent, or could not be.
func (b *countedBody) Close() error {
	b.bytes.release(b.size)
	b.size = 0
	return nil
}
