package gateway

import (
	"net"
	"net/netip"
	"strings"

	"github.com/lambent-dev/lambent/host/internal/fault"
)

// checkClient decides whether a request may come from where it does. It keeps out
// browsers that act for pages of other origins: a page whose name was made to
// resolve to a loopback address sends that name as Host, and a page that posts
// here sends its origin. The header was found strict before, so that each of
// these fields is there at most once.
func (c *connection) checkClient() *fault.Error {
	once := &c.fields.once
	// Clients name the same host in all requests of a connection.
	if c.host == "" || string(once[hostName]) != c.host {
		host := string(once[hostName])
		if !isLoopbackHost(host) {
			return fault.New(fault.AccessDenied, "Host is %q; this host answers to loopback addresses, localhost and names under .localhost only.", host)
		}
		c.host = host
	}
	// Browsers leave ports out of an origin where they leave it out of Host, and
	// write names in lower case.
	if origin := once[origin]; origin != nil && !strings.EqualFold(string(origin), "http://"+c.host) {
		return fault.New(fault.AccessDenied, "Origin is %q; pages of other origins may not speak to this host.", origin)
	}
	// GET without CORS has no Origin, but this, which scripts cannot set.
	switch site := string(once[fetchSite]); site {
	case "", "none", "same-origin":
	default:
		return fault.New(fault.AccessDenied, "Sec-Fetch-Site is %q; pages of other origins may not speak to this host.", site)
	}
	return nil
}

// isLoopbackHost wants a Host field to name this machine in a way that no DNS
// server has a say in (RFC 6761 has names under localhost resolve to loopback).
func isLoopbackHost(host string) bool {
	if name, port, err := net.SplitHostPort(host); err == nil {
		for i := range len(port) {
			if port[i] < '0' || port[i] > '9' {
				return false
			}
		}
		host = name
	} else if strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]") {
		host = host[1 : len(host)-1]
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.IsLoopback() && ip.Zone() == ""
	}
	host = strings.ToLower(host)
	if host == "localhost" {
		return true
	}
	label, ok := strings.CutSuffix(host, ".localhost")
	return ok && isHostname(label)
}

func isHostname(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '-', c == '_', c == '.':
		default:
			return false
		}
	}
	return !strings.Contains("."+s+".", "..")
}
