package gateway

import (
	"bytes"

	"github.com/valyala/fasthttp"

	"github.com/lambent-dev/lambent/host/internal/api"
)

var health = api.Response{Status: 200, Header: []api.Field{{Name: "Content-Type", Value: "application/json"}}, Body: []byte(`{"status":"ok"}`)}

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
