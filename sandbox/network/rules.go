package network

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// Policy says where connections may go. The zero value lets none out.
type Policy struct {
	// Allow lists what may be dialled although it is a special address, or
	// although Public is false: "HOST:PORT" or "CIDR:PORT", as
	// "api.example.com:443", "*.example.com:443", "10.1.0.0/16:5432",
	// "[fd00::]/8:6379" or "127.0.0.1:9000". PORT may be a range, "8000-8099", or
	// "*". A host stands for the addresses that the host's resolver gives for it,
	// whatever they are, and only as long as it is dialled by that name; a "*."
	// at its beginning for any labels in their place. At most MaxAllow entries.
	Allow []string

	// Public lets connections out to every address that is not special: not
	// loopback, private, link-local, shared, multicast, reserved.
	Public bool
}

// MaxAllow is how many entries Policy.Allow may have.
const MaxAllow = 1000

// smtp is the port that nothing may be sent to, as on AWS Lambda: it is that of
// mail between servers, which are full of it.
const smtp = 25

// Rules is a Policy that was read. It is immutable, and safe for concurrent use.
type Rules struct {
	hosts    []hostRule
	prefixes []prefixRule
	public   bool
}

type hostRule struct {
	name string // lower-case, without a dot at its end
	any  bool   // of the names that end in "."+name
	ports
}

type prefixRule struct {
	netip.Prefix
	ports
}

// ports is a range of them, both ends included.
type ports struct{ first, last uint16 }

func (p ports) contain(port uint16) bool { return p.first <= port && port <= p.last }

// ErrPolicy is what errors about a Policy wrap.
var ErrPolicy = errors.New("network: bad policy")

// NewRules reads a policy. Errors wrap ErrPolicy and name the entry.
func NewRules(p Policy) (*Rules, error) {
	if len(p.Allow) > MaxAllow {
		return nil, fmt.Errorf("%w: it allows %d destinations; at most %d can be listed", ErrPolicy, len(p.Allow), MaxAllow)
	}
	r := &Rules{public: p.Public}
	for _, entry := range p.Allow {
		if err := r.add(entry); err != nil {
			return nil, fmt.Errorf("%w: %q: %w", ErrPolicy, entry, err)
		}
	}
	return r, nil
}

func (r *Rules) add(entry string) error {
	host, port, ok := cutLast(entry, ':')
	if !ok || host == "" {
		return errors.New("it must be HOST:PORT or CIDR:PORT")
	}
	ports, err := parsePorts(port)
	if err != nil {
		return err
	}
	bare := strings.NewReplacer("[", "", "]", "").Replace(host)
	switch prefix, err := netip.ParsePrefix(bare); {
	case err == nil:
		r.prefixes = append(r.prefixes, prefixRule{realPrefix(prefix), ports})
		return nil
	case strings.Contains(host, "/"):
		return fmt.Errorf("%q is no range of addresses such as 10.0.0.0/8", host)
	}
	if addr, err := netip.ParseAddr(bare); err == nil {
		if addr.Is6() && host == bare {
			return fmt.Errorf("an IPv6 address is written in brackets: [%s]:%s", addr, port)
		}
		addr = Real(addr)
		r.prefixes = append(r.prefixes, prefixRule{netip.PrefixFrom(addr, addr.BitLen()), ports})
		return nil
	}
	name, any := strings.CutPrefix(canonical(host), "*.")
	if err := checkName(name); err != nil {
		return err
	}
	r.hosts = append(r.hosts, hostRule{name, any, ports})
	return nil
}

// realPrefix is Real for a range that lies within one of those Real looks into.
func realPrefix(p netip.Prefix) netip.Prefix {
	p = p.Masked()
	for _, in := range []struct {
		prefix netip.Prefix
		at     int // the bit where the IPv4 address begins
	}{{nat64, 96}, {netip.MustParsePrefix("::ffff:0:0/96"), 96}, {sixToFour, 16}} {
		if p.Addr().Is6() && in.prefix.Contains(p.Addr()) && p.Bits() >= in.at {
			b := p.Addr().As16()
			return netip.PrefixFrom(netip.AddrFrom4([4]byte(b[in.at/8:in.at/8+4])), min(p.Bits()-in.at, 32))
		}
	}
	return p
}

func parsePorts(text string) (ports, error) {
	if text == "*" {
		return ports{1, 65535}, nil
	}
	low, high, ranged := strings.Cut(text, "-")
	first, err := strconv.ParseUint(low, 10, 16)
	last := first
	if err == nil && ranged {
		last, err = strconv.ParseUint(high, 10, 16)
	}
	if err != nil || first == 0 || last < first {
		return ports{}, fmt.Errorf("%q is no port: 1 to 65535, a range such as 8000-8099, or *", text)
	}
	if first == smtp && last == smtp {
		return ports{}, errors.New("port 25 can never be dialled")
	}
	return ports{uint16(first), uint16(last)}, nil
}

// checkName lets through what can be a host's name.
func checkName(name string) error {
	if len(name) > 253 {
		return fmt.Errorf("the host's name has %d bytes; at most 253 are allowed", len(name))
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 {
			return fmt.Errorf("%q is no host's name: a label has 1 to 63 characters", name)
		}
		if i := strings.IndexFunc(label, func(c rune) bool {
			return (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_'
		}); i >= 0 {
			return fmt.Errorf("%q is no host's name: it may have letters, digits, hyphens and underscores; others in their xn-- form", name)
		}
	}
	return nil
}

// canonical is how names are compared.
func canonical(host string) string { return strings.ToLower(strings.TrimSuffix(host, ".")) }

// ErrDenied is what errors wrap about connections that the rules do not allow.
var ErrDenied = errors.New("network: not allowed")

// Check decides whether an address may be dialled; host is the name that it was
// resolved from, "" if there is none. Errors wrap ErrDenied.
func (r *Rules) Check(host string, addr netip.AddrPort) error {
	ip, port := Real(addr.Addr()), addr.Port()
	deny := func(why string) error {
		at := addr.String()
		if host != "" {
			at = fmt.Sprintf("%s:%d, which is %s", host, port, addr.Addr())
		}
		return fmt.Errorf("%w: %s: %s", ErrDenied, at, why)
	}
	switch {
	case !ip.IsValid() || port == 0:
		return deny("it is no address to connect to")
	case port == smtp:
		return deny("port 25 can never be dialled")
	case host != "" && r.allowsHost(host, port), r.allowsAddress(ip, port):
		return nil
	}
	if what := reserved(ip); what != "" {
		return deny("it is " + what + ", and the policy does not list it")
	}
	if !r.public {
		return deny("the policy does not list it")
	}
	return nil
}

func (r *Rules) allowsAddress(ip netip.Addr, port uint16) bool {
	return slices.ContainsFunc(r.prefixes, func(p prefixRule) bool { return p.Contains(ip) && p.contain(port) })
}

func (r *Rules) allowsHost(host string, port uint16) bool {
	host = canonical(host)
	return slices.ContainsFunc(r.hosts, func(h hostRule) bool {
		if !h.contain(port) {
			return false
		}
		if h.any {
			return strings.HasSuffix(host, "."+h.name)
		}
		return host == h.name
	})
}

// mayResolve reports whether some rule could allow an address of the host: a name
// that none could is not looked up, for a look-up tells somebody else of it.
func (r *Rules) mayResolve(host string, port uint16) bool {
	return port != smtp && (r.public || len(r.prefixes) > 0 || r.allowsHost(host, port))
}

func cutLast(s string, sep byte) (before, after string, found bool) {
	if i := strings.LastIndexByte(s, sep); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}
