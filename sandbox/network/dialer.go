package network

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"time"
)

// Resolver gives the addresses of a host. *net.Resolver is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// Dialer opens connections. Rules must be set; it is safe for concurrent use.
type Dialer struct {
	Rules *Rules

	// Resolver resolves names. Default: the host's, net.DefaultResolver.
	Resolver Resolver

	// Quota counts. Default: one with default limits for each connection.
	Quota *Quota

	// Timeout is how long resolving and connecting may take together. Default
	// 30 s; what ctx has left, if that is less.
	Timeout time.Duration
}

// DefaultTimeout is Dialer.Timeout's default.
const DefaultTimeout = 30 * time.Second

// maxAddresses is how many addresses of a host are tried: who answers for a name
// must not make somebody connect to thousands.
const maxAddresses = 8

// DialContext connects to "HOST:PORT" over "tcp", "tcp4" or "tcp6". It tries the
// addresses of a name one after the other, as far as the rules allow them.
//
// Errors wrap ErrDenied, ErrQuota, or are those of resolving and connecting.
func (d *Dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	family, err := family(network)
	if err != nil {
		return nil, err
	}
	host, port, err := split(address)
	if err != nil {
		return nil, err
	}
	timeout := d.Timeout
	if timeout <= 0 {
		timeout = DefaultTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	quota := d.Quota
	if quota == nil {
		quota = NewQuota(Limits{})
	}
	if err := quota.take(); err != nil {
		return nil, err
	}
	c, err := d.dial(ctx, family, host, port)
	if err != nil {
		quota.release()
		return nil, err
	}
	return &conn{Conn: c, quota: quota}, nil
}

// family returns which addresses a network has.
func family(network string) (string, error) {
	switch network {
	case "tcp":
		return "ip", nil
	case "tcp4":
		return "ip4", nil
	case "tcp6":
		return "ip6", nil
	}
	return "", fmt.Errorf("%w: the network %q; there are tcp, tcp4 and tcp6", ErrDenied, network)
}

func split(address string) (host string, port uint16, err error) {
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, fmt.Errorf("network: %w", err)
	}
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil || n == 0 {
		return "", 0, fmt.Errorf("network: %q: the port must be 1 to 65535", address)
	}
	return host, uint16(n), nil
}

func (d *Dialer) dial(ctx context.Context, family, host string, port uint16) (net.Conn, error) {
	addrs, name, err := d.resolve(ctx, family, host, port)
	if err != nil {
		return nil, err
	}
	var failed error
	for i, addr := range addrs {
		to := netip.AddrPortFrom(addr, port)
		err := d.Rules.Check(name, to)
		if err == nil {
			var c net.Conn
			if c, err = connect(ctx, to, len(addrs)-i); err == nil {
				return c, nil
			}
		}
		failed = errors.Join(failed, err)
	}
	return nil, failed
}

// resolve returns the addresses of a host, and its name, "" if it is an address.
func (d *Dialer) resolve(ctx context.Context, family, host string, port uint16) ([]netip.Addr, string, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		if family != "ip" && addr.Unmap().Is4() != (family == "ip4") {
			return nil, "", fmt.Errorf("network: %s is not an address of the network that is asked for", addr)
		}
		return []netip.Addr{addr}, "", nil
	}
	if err := checkName(canonical(host)); err != nil {
		return nil, "", fmt.Errorf("network: %w", err)
	}
	if !d.Rules.mayResolve(host, port) {
		return nil, "", fmt.Errorf("%w: %s:%d: the policy does not list it", ErrDenied, host, port)
	}
	var resolver Resolver = net.DefaultResolver
	if d.Resolver != nil {
		resolver = d.Resolver
	}
	addrs, err := resolver.LookupNetIP(ctx, family, host)
	if err != nil {
		return nil, "", fmt.Errorf("network: %w", err)
	}
	if len(addrs) == 0 {
		return nil, "", fmt.Errorf("network: %s has no address", host)
	}
	return addrs[:min(len(addrs), maxAddresses)], host, nil
}

// connect connects to one address, in its part of the time that is left.
func connect(ctx context.Context, to netip.AddrPort, parts int) (net.Conn, error) {
	if deadline, ok := ctx.Deadline(); ok {
		var cancel func()
		ctx, cancel = context.WithTimeout(ctx, time.Until(deadline)/time.Duration(parts))
		defer cancel()
	}
	// An address, not a name: nothing is resolved again.
	return (&net.Dialer{}).DialContext(ctx, "tcp", to.String())
}

// maxRedirects is how many redirects a client of Transport's should follow.
const maxRedirects = 10

// Client returns an HTTP client on the Dialer's connections: HTTP/1.1 and 2, over
// TLS as the host trusts it, through no proxy, 10 redirects at most. Each
// connection is decided on as any other.
func (d *Dialer) Client() *http.Client {
	return &http.Client{
		Transport: d.Transport(),
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects {
				return fmt.Errorf("network: more than %d redirects, the last to %s", maxRedirects, r.URL.Redacted())
			}
			return nil
		},
	}
}

// Transport is Client without the redirects.
func (d *Dialer) Transport() *http.Transport {
	return &http.Transport{
		DialContext:            d.DialContext,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    10 * time.Second,
		ResponseHeaderTimeout:  time.Minute,
		IdleConnTimeout:        90 * time.Second,
		MaxIdleConns:           DefaultSockets,
		MaxResponseHeaderBytes: 64 << 10,
	}
}
