package gateway

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Auth says whom a Gateway lets in.
type Auth string

const (
	// AuthNone lets everybody in who reaches the address; it must be a loopback
	// address or a Unix socket.
	AuthNone Auth = "none"
	// AuthKeys lets in whose requests are signed with an access key of the Host,
	// and lets them do what policies allow.
	AuthKeys Auth = "keys"
)

// Config bounds a Gateway. The zero value of a field means its default; Serve
// refuses negative ones.
type Config struct {
	// Auth is whom it lets in. Default: AuthNone.
	Auth Auth
	// TLS encrypts connections. Default: they are not.
	TLS *tls.Config

	// Connections that are open at once; those beyond are answered 503 and
	// closed. Default: DefaultConnections.
	Connections int
	// Requests being answered at once; those beyond are answered 429. Default:
	// DefaultRequests.
	Requests int
	// Bytes of bodies held at once: of requests from when they are declared, with
	// the zip files in them, of responses until they are sent. Requests that would
	// make them more are answered 503. Default: DefaultBytes; never less than
	// 128 MiB, which the largest request takes.
	Bytes int64

	// HeaderTimeout is how long a request's header may take, from its first byte
	// on, or from when the connection opened. Default: DefaultHeaderTimeout.
	HeaderTimeout time.Duration
	// BodyTimeout is how long its body may take. Default: DefaultBodyTimeout.
	BodyTimeout time.Duration
	// WriteTimeout is how long a client may take to receive a response. Default:
	// DefaultWriteTimeout.
	WriteTimeout time.Duration
	// IdleTimeout is how long a connection is kept for a next request. Default:
	// DefaultIdleTimeout.
	IdleTimeout time.Duration

	// Log gets failures of the host and panics, never what clients do wrong.
	// Default: slog.Default().
	Log *slog.Logger
}

// Defaults of Config.
const (
	DefaultConnections   = 4096
	DefaultRequests      = 1000 // the concurrency of a new AWS account
	DefaultBytes         = 512 << 20
	DefaultHeaderTimeout = 30 * time.Second
	DefaultBodyTimeout   = 60 * time.Second
	DefaultWriteTimeout  = 60 * time.Second
	DefaultIdleTimeout   = 120 * time.Second
)

// maxHeader is the most bytes of a request's line and header. AWS's largest
// field, the client context, has 3583.
const maxHeader = 16 << 10

// minBytes lets the largest request through: 70 MB, and 50 MiB of zip file in it.
const minBytes = 128 << 20

func (c *Config) complete() {
	c.Auth = cmp.Or(c.Auth, AuthNone)
	c.Connections = cmp.Or(c.Connections, DefaultConnections)
	c.Requests = cmp.Or(c.Requests, DefaultRequests)
	c.Bytes = cmp.Or(c.Bytes, DefaultBytes)
	if c.Bytes > 0 {
		c.Bytes = max(c.Bytes, minBytes)
	}
	c.HeaderTimeout = cmp.Or(c.HeaderTimeout, DefaultHeaderTimeout)
	c.BodyTimeout = cmp.Or(c.BodyTimeout, DefaultBodyTimeout)
	c.WriteTimeout = cmp.Or(c.WriteTimeout, DefaultWriteTimeout)
	c.IdleTimeout = cmp.Or(c.IdleTimeout, DefaultIdleTimeout)
	if c.Log == nil {
		c.Log = slog.Default()
	}
}

// check refuses what is no limit.
func (c *Config) check() error {
	return errors.Join(
		notNegative("Connections", c.Connections), notNegative("Requests", c.Requests), notNegative("Bytes", c.Bytes),
		notNegative("HeaderTimeout", c.HeaderTimeout), notNegative("BodyTimeout", c.BodyTimeout),
		notNegative("WriteTimeout", c.WriteTimeout), notNegative("IdleTimeout", c.IdleTimeout),
	)
}

func notNegative[T int | int64 | time.Duration](field string, value T) error {
	if value < 0 {
		return fmt.Errorf("gateway: Config.%s is %v; it must be positive, or 0 for the default", field, value)
	}
	return nil
}
