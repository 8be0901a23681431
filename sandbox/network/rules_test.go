package network

import (
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"
)

func rules(t testing.TB, p Policy) *Rules {
	t.Helper()
	r, err := NewRules(p)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestCheck(t *testing.T) {
	listed := []string{
		"api.example.com:443", "*.internal.example:8000-8099", "10.1.0.0/16:5432", "[fd00::]/8:6379",
		"127.0.0.1:9000", "[2606:4700::1]:*", "0.0.0.0/0:24-26", "64:ff9b::c0a8:100/120:80",
	}
	for _, c := range []struct {
		public     bool
		host, addr string
		why        string // "" if it is allowed
	}{
		{false, "", "93.184.216.34:443", "does not list"},
		{true, "", "93.184.216.34:443", ""},
		{true, "", "[2606:4700:4700::1111]:53", ""},
		{true, "", "93.184.216.34:0", "no address"},

		// Listed.
		{false, "api.example.com", "10.9.9.9:443", ""}, // its own resolver's word
		{false, "API.Example.com.", "93.184.216.34:443", ""},
		{false, "api.example.com", "10.9.9.9:80", "private"},
		{false, "", "10.9.9.9:443", "private"}, // not dialled by its name
		{false, "xapi.example.com", "93.184.216.34:443", "does not list"},
		{false, "a.b.internal.example", "10.0.0.1:8099", ""},
		{false, "internal.example", "10.0.0.1:8099", "private"},
		{false, "ainternal.example", "10.0.0.1:8099", "private"},
		{false, "a.internal.example", "10.0.0.1:8100", "private"},
		{false, "", "10.1.255.255:5432", ""},
		{false, "", "10.2.0.0:5432", "private"},
		{false, "", "[fd12::1]:6379", ""},
		{false, "", "127.0.0.1:9000", ""},
		{false, "", "127.0.0.2:9000", "loopback"},
		{false, "", "[2606:4700::1]:1", ""},

		// Whatever is listed.
		{true, "", "93.184.216.34:25", "port 25"},
		{true, "api.example.com", "93.184.216.34:25", "port 25"},
		{true, "", "[::ffff:93.184.216.34]:25", "port 25"},
		{false, "", "10.0.0.1:24", ""},

		// Addresses within addresses.
		{true, "", "[::ffff:127.0.0.1]:80", "loopback"},
		{true, "", "[::127.0.0.1]:80", "loopback"},
		{true, "", "[64:ff9b::7f00:1]:80", "loopback"},
		{true, "", "[64:ff9b:1::a00:1]:80", "private"},
		{true, "", "[2002:7f00:1::]:80", "loopback"},
		{true, "", "[2002:a9fe:a9fe::1]:80", "link-local"},
		{true, "", "[2002:5db8:d822::1]:80", ""},
		{false, "", "[::ffff:10.1.2.3]:5432", ""},
		{false, "", "192.168.1.7:80", ""}, // listed as NAT64 writes it

		// Special ones.
		{true, "", "0.0.0.0:80", "unspecified"},
		{true, "", "0.1.2.3:80", "unspecified"},
		{true, "", "10.0.0.1:80", "private"},
		{true, "", "100.64.0.1:80", "shared"},
		{true, "", "127.255.255.255:80", "loopback"},
		{true, "", "169.254.169.254:80", "metadata"},
		{true, "", "172.31.0.1:80", "private"},
		{true, "", "172.32.0.1:80", ""},
		{true, "", "192.168.0.1:80", "private"},
		{true, "", "198.19.0.1:80", "benchmarks"},
		{true, "", "224.0.0.1:80", "multicast"},
		{true, "", "255.255.255.255:80", "reserved"},
		{true, "", "[::]:80", "unspecified"},
		{true, "", "[::1]:80", "loopback"},
		{true, "", "[fe80::1%eth0]:80", "link-local"},
		{true, "", "[fd00:ec2::254]:80", "metadata"},
		{true, "", "[fec0::1]:80", "private"},
		{true, "", "[ff02::1]:80", "multicast"},
		{true, "", "[2001::1]:80", "protocols"}, // Teredo
		{true, "", "[2001:db8::1]:80", "documentation"},
	} {
		err := rules(t, Policy{Allow: listed, Public: c.public}).Check(c.host, netip.MustParseAddrPort(c.addr))
		switch {
		case c.why == "" && err != nil:
			t.Errorf("%s %s, public %v: %v", c.host, c.addr, c.public, err)
		case c.why != "" && (!errors.Is(err, ErrDenied) || !strings.Contains(err.Error(), c.why)):
			t.Errorf("%s %s, public %v: %v, want one that says %q", c.host, c.addr, c.public, err, c.why)
		}
	}
}

func TestTheZeroPolicyAllowsNothing(t *testing.T) {
	r := rules(t, Policy{})
	for _, addr := range []string{"93.184.216.34:443", "127.0.0.1:80", "[::1]:80"} {
		if err := r.Check("example.com", netip.MustParseAddrPort(addr)); !errors.Is(err, ErrDenied) {
			t.Errorf("%s: %v", addr, err)
		}
	}
	if r.mayResolve("example.com", 443) {
		t.Error("a name is looked up that cannot be dialled")
	}
}

func TestPolicyRefused(t *testing.T) {
	for entry, why := range map[string]string{
		"":                                "HOST:PORT",
		"example.com":                     "HOST:PORT",
		":80":                             "HOST:PORT",
		"example.com:":                    "is no port",
		"example.com:http":                "is no port",
		"example.com:0":                   "is no port",
		"example.com:70000":               "is no port",
		"example.com:90-80":               "is no port",
		"example.com:25":                  "port 25",
		"10.0.0.0/33:80":                  "no range",
		"10.0.0/8:80":                     "no range",
		"::1:80":                          "in brackets",
		"exa mple.com:80":                 "no host's name",
		"-é.com:80":                       "xn--",
		"*:80":                            "no host's name",
		"a.*.com:80":                      "no host's name",
		"a..com:80":                       "1 to 63",
		strings.Repeat("a", 64) + ":1":    "1 to 63",
		strings.Repeat("a.", 200) + "a:1": "at most 253",
		"http://example.com:80":           "no range",
	} {
		_, err := NewRules(Policy{Allow: []string{entry}})
		if !errors.Is(err, ErrPolicy) || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: %v, want one that says %q", entry, err, why)
		}
	}
	_, err := NewRules(Policy{Allow: slices.Repeat([]string{"a.example:1"}, MaxAllow+1)})
	if !errors.Is(err, ErrPolicy) || !strings.Contains(err.Error(), "1001 destinations; at most 1000") {
		t.Error(err)
	}
}

// FuzzRules: whatever is listed, port 25 and addresses that are not listed stay
// closed, however they are written.
func FuzzRules(f *testing.F) {
	for _, entry := range []string{"api.example.com:443", "10.0.0.0/8:*", "[::]/0:1-65535", "2002::/16:80", "*.example:1"} {
		f.Add(entry, []byte{127, 0, 0, 1}, uint16(25))
		f.Add(entry, netip.MustParseAddr("64:ff9b::7f00:1").AsSlice(), uint16(80))
	}
	f.Fuzz(func(t *testing.T, entry string, raw []byte, port uint16) {
		r, err := NewRules(Policy{Allow: []string{entry}})
		if err != nil {
			if !errors.Is(err, ErrPolicy) {
				t.Fatal(err)
			}
			return
		}
		addr, ok := netip.AddrFromSlice(raw)
		if !ok {
			return
		}
		got := r.Check("", netip.AddrPortFrom(addr, port))
		if port == 25 && got == nil {
			t.Errorf("%q opens port 25", entry)
		}
		mapped := r.Check("", netip.AddrPortFrom(netip.AddrFrom16(addr.As16()), port))
		if (got == nil) != (mapped == nil) {
			t.Errorf("%q: %v for %s, %v for the same as IPv6", entry, got, addr, mapped)
		}
		if got == nil && len(r.hosts) > 0 && len(r.prefixes) == 0 {
			t.Errorf("%q opens %s without its name", entry, addr)
		}
	})
}
