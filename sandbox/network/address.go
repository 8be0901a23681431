package network

import "net/netip"

// Real returns the address that a connection to addr ends at. Some IPv6 addresses
// hold an IPv4 address which routers, or the kernel, take out of them: they are
// that address, or they would be a way around every rule about it.
//
// It looks into ::ffff:0:0/96 (mapped, RFC 4291), ::/96 (compatible, the same,
// deprecated), 64:ff9b::/96 and 64:ff9b:1::/48 (NAT64, RFC 6052 and 8215), and
// 2002::/16 (6to4, RFC 3056). The zone is dropped.
func Real(addr netip.Addr) netip.Addr {
	addr = addr.WithZone("").Unmap()
	if addr.Is4() || !addr.IsValid() {
		return addr
	}
	b := addr.As16()
	switch {
	case nat64.Contains(addr), nat64Local.Contains(addr), compatible.Contains(addr) && !addr.IsLoopback() && !addr.IsUnspecified():
		return netip.AddrFrom4([4]byte(b[12:16]))
	case sixToFour.Contains(addr):
		return netip.AddrFrom4([4]byte(b[2:6]))
	}
	return addr
}

var (
	nat64      = netip.MustParsePrefix("64:ff9b::/96")
	nat64Local = netip.MustParsePrefix("64:ff9b:1::/48")
	compatible = netip.MustParsePrefix("::/96")
	sixToFour  = netip.MustParsePrefix("2002::/16")
)

// special are the ranges that no rule but one that names them opens: nothing in
// them is a public host. Source: IANA's registries of special-purpose addresses.
var special = []struct {
	prefix netip.Prefix
	what   string
}{
	{netip.MustParsePrefix("0.0.0.0/8"), "an unspecified address"},
	{netip.MustParsePrefix("10.0.0.0/8"), "a private address"},
	{netip.MustParsePrefix("100.64.0.0/10"), "an address shared by a provider's customers"},
	{netip.MustParsePrefix("127.0.0.0/8"), "a loopback address"},
	{netip.MustParsePrefix("169.254.0.0/16"), "a link-local address, as those of instance metadata"},
	{netip.MustParsePrefix("172.16.0.0/12"), "a private address"},
	{netip.MustParsePrefix("192.0.0.0/24"), "an address reserved for protocols"},
	{netip.MustParsePrefix("192.0.2.0/24"), "an address reserved for documentation"},
	{netip.MustParsePrefix("192.88.99.0/24"), "an address reserved for relays"},
	{netip.MustParsePrefix("192.168.0.0/16"), "a private address"},
	{netip.MustParsePrefix("198.18.0.0/15"), "an address reserved for benchmarks"},
	{netip.MustParsePrefix("198.51.100.0/24"), "an address reserved for documentation"},
	{netip.MustParsePrefix("203.0.113.0/24"), "an address reserved for documentation"},
	{netip.MustParsePrefix("224.0.0.0/4"), "a multicast address"},
	{netip.MustParsePrefix("240.0.0.0/4"), "a reserved address"},

	{netip.MustParsePrefix("::/128"), "an unspecified address"},
	{netip.MustParsePrefix("::1/128"), "a loopback address"},
	{netip.MustParsePrefix("100::/64"), "an address that discards"},
	{netip.MustParsePrefix("2001::/23"), "an address reserved for protocols"},
	{netip.MustParsePrefix("2001:db8::/32"), "an address reserved for documentation"},
	{netip.MustParsePrefix("3fff::/20"), "an address reserved for documentation"},
	{netip.MustParsePrefix("5f00::/16"), "an address reserved for routing"},
	{netip.MustParsePrefix("fc00::/7"), "a private address, as those of instance metadata"},
	{netip.MustParsePrefix("fe80::/10"), "a link-local address"},
	{netip.MustParsePrefix("fec0::/10"), "a private address"},
	{netip.MustParsePrefix("ff00::/8"), "a multicast address"},
}

// reserved says what kind of special address a real one is, "" if it is none.
func reserved(addr netip.Addr) string {
	for _, s := range special {
		if s.prefix.Contains(addr) {
			return s.what
		}
	}
	return ""
}
