package gateway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"sync"
	"sync/atomic"

	"github.com/valyala/fasthttp"

	"github.com/lambent-dev/lambent/host"
	"github.com/lambent-dev/lambent/host/internal/api"
	"github.com/lambent-dev/lambent/sandbox"
)

// Gateway serves one listener. Its methods may be called from any goroutine.
type Gateway struct {
	api         *api.API
	config      Config
	server      *fasthttp.Server
	connections connections
	bytes       budget
	requests    atomic.Int64
	ids         sandbox.RequestIDs

	life context.Context // of invocations; done when Shutdown gives up waiting
	end  context.CancelFunc

	mu       sync.Mutex
	listener net.Listener
	over     bool // Shutdown was called
}

// ErrServed is what Serve returns of a Gateway that has served, or was shut down.
var ErrServed = errors.New("gateway: it has served a listener already, or was shut down")

// New makes a Gateway for a Host, which must be open for as long as it serves.
func New(h *host.Host, c Config) *Gateway {
	if c.Auth == AuthKeys {
		h.EnforceRoles()
	}
	return newGateway(newAccounts(h, c.Auth).own, c)
}

func newGateway(a *api.API, c Config) *Gateway {
	c.complete()
	g := &Gateway{api: a, config: c}
	g.bytes.limit = c.Bytes
	g.life, g.end = context.WithCancel(context.Background())
	g.server = &fasthttp.Server{
		Handler:        g.handle,
		HeaderReceived: g.headerReceived,
		ExpectHandler:  g.expect,
		ErrorHandler:   g.malformed,
		ConnState:      g.connections.state,

		// One more than limited admits, so that its answer is the one that
		// clients see.
		Concurrency:     c.Connections + 1,
		ReadBufferSize:  maxHeader,
		WriteBufferSize: 16 << 10,
		ReadTimeout:     c.HeaderTimeout,
		WriteTimeout:    c.WriteTimeout,
		IdleTimeout:     c.IdleTimeout,

		// Bodies are streams: a request is refused before its body is read, and
		// read into memory of its own after.
		StreamRequestBody:            true,
		DisablePreParseMultipartForm: true,

		CloseOnShutdown:       true,
		NoDefaultServerHeader: true,
		NoDefaultContentType:  true,
		LazyRequestTime:       true,
		SecureErrorLogMessage: true,
		Logger:                log.New(io.Discard, "", 0), // what clients do wrong
	}
	return g
}

// ListenAndServe serves an address. See Listen and Serve.
func (g *Gateway) ListenAndServe(address string) error {
	l, err := Listen(address, g.config.Auth)
	if err != nil {
		return err
	}
	return g.Serve(l)
}

// Serve accepts connections until Shutdown, and returns nil then. It closes the
// listener, which must be on a loopback address or a Unix socket unless Auth is
// AuthKeys. A Gateway serves once.
func (g *Gateway) Serve(l net.Listener) error {
	defer l.Close()
	if err := g.config.check(); err != nil {
		return err
	}
	if err := mayServe(l.Addr(), g.config.Auth); err != nil {
		return err
	}
	g.mu.Lock()
	if g.over || g.listener != nil {
		g.mu.Unlock()
		return ErrServed
	}
	g.listener = l
	g.mu.Unlock()
	if err := g.server.Serve(&limited{l, &g.connections, int64(g.config.Connections), g.config.TLS}); err != nil {
		return fmt.Errorf("gateway: %w", err)
	}
	return nil
}

// Shutdown stops accepting, lets requests under way end until ctx does, then ends
// them. The error is that of ctx if they were ended.
func (g *Gateway) Shutdown(ctx context.Context) error {
	defer g.end()
	// fasthttp does not know of the listener before it accepts.
	g.mu.Lock()
	g.over = true
	if g.listener != nil {
		g.listener.Close()
	}
	g.mu.Unlock()
	err := g.server.ShutdownWithContext(ctx)
	if err != nil && errors.Is(err, ctx.Err()) {
		g.end()
		g.connections.closeAll()
		return fmt.Errorf("gateway: requests under way were ended: %w", context.Cause(ctx))
	}
	if err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("gateway: %w", err)
	}
	return nil
}
