package gateway

import (
	"bytes"
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
