package network

import (
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
)

// Limits bounds what a Quota lets pass. The zero value of a field means its
// default.
type Limits struct {
	// Sockets is how many connections may be open at once, those included that
	// are still being made. Default 64.
	Sockets int

	// Sent and Received are how many bytes may pass each way over all connections
	// together. Default 1 GiB each.
	Sent, Received int64
}

// Defaults of Limits.
const (
	DefaultSockets = 64
	DefaultBytes   = 1 << 30
)

// ErrQuota is what errors wrap when a Quota is used up.
var ErrQuota = errors.New("network: quota used up")

// Quota counts what the connections of one party use, all of them together: of
// one event, or of one host. It is safe for concurrent use.
type Quota struct {
	limits         Limits
	open           atomic.Int64
	sent, received atomic.Int64
}

// NewQuota makes a quota of which nothing is used.
func NewQuota(l Limits) *Quota {
	if l.Sockets <= 0 {
		l.Sockets = DefaultSockets
	}
	if l.Sent <= 0 {
		l.Sent = DefaultBytes
	}
	if l.Received <= 0 {
		l.Received = DefaultBytes
	}
	return &Quota{limits: l}
}

// Used returns how many connections are open, and how many bytes passed.
func (q *Quota) Used() (open int, sent, received int64) {
	return int(q.open.Load()), q.sent.Load(), q.received.Load()
}

func (q *Quota) take() error {
	if q.open.Add(1) > int64(q.limits.Sockets) {
		q.open.Add(-1)
		return fmt.Errorf("%w: %d connections are open; no more are allowed", ErrQuota, q.limits.Sockets)
	}
	return nil
}

func (q *Quota) release() { q.open.Add(-1) }

// left returns how much of n bytes is left of limit.
func left(used *atomic.Int64, limit int64, n int) (int, error) {
	room := min(limit-used.Load(), int64(n))
	if room <= 0 {
		return 0, fmt.Errorf("%w: %d bytes passed this way; no more are allowed", ErrQuota, limit)
	}
	return int(room), nil
}

// grant takes up to n bytes of what is left of limit.
func grant(used *atomic.Int64, limit int64, n int) (int, error) {
	for {
		was := used.Load()
		room, err := left(used, limit, n)
		if err != nil {
			return 0, err
		}
		if used.CompareAndSwap(was, was+int64(room)) {
			return room, nil
		}
	}
}

// conn is a connection that a quota counts.
type conn struct {
	net.Conn
	quota *Quota
	once  sync.Once
}

func (c *conn) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return c.Conn.Read(p)
	}
	used, limit := &c.quota.received, c.quota.limits.Received
	room, err := left(used, limit, len(p))
	if err != nil {
		return 0, err
	}
	n, err := c.Conn.Read(p[:room])
	if n == 0 {
		return 0, err
	}
	// Not counted before: a connection on which nothing comes would keep the
	// others from what is left. If they were faster, what is too much is dropped.
	granted, spent := grant(used, limit, n)
	if granted < n {
		clear(p[granted:n])
		err = spent
	}
	return granted, err
}

func (c *conn) Write(p []byte) (written int, err error) {
	for len(p) > 0 {
		granted, err := grant(&c.quota.sent, c.quota.limits.Sent, len(p))
		if err != nil {
			return written, err
		}
		n, err := c.Conn.Write(p[:granted])
		c.quota.sent.Add(int64(n - granted))
		written += n
		if err != nil {
			return written, err
		}
		p = p[n:]
	}
	return written, nil
}

func (c *conn) Close() error {
	err := c.Conn.Close()
	c.once.Do(c.quota.release)
	return err
}

// CloseWrite ends the sending half, as protocols ask for that end a request so.
func (c *conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return errors.ErrUnsupported
}
