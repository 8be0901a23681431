package policy

import (
	"encoding/base64"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// operators are those that conditions may have; names are case-sensitive.
var operators = []operator{
	{"StringEquals", false, prepareEqual}, {"StringNotEquals", true, prepareEqual},
	{"StringEqualsIgnoreCase", false, prepareFolded}, {"StringNotEqualsIgnoreCase", true, prepareFolded},
	{"StringLike", false, prepareLike}, {"StringNotLike", true, prepareLike},
	// On AWS, both spellings of these mean the same.
	{"ArnEquals", false, prepareARN}, {"ArnNotEquals", true, prepareARN},
	{"ArnLike", false, prepareARN}, {"ArnNotLike", true, prepareARN},
	{"NumericEquals", false, prepareNumber(func(c int) bool { return c == 0 })},
	{"NumericNotEquals", true, prepareNumber(func(c int) bool { return c == 0 })},
	{"NumericLessThan", false, prepareNumber(func(c int) bool { return c < 0 })},
	{"NumericLessThanEquals", false, prepareNumber(func(c int) bool { return c <= 0 })},
	{"NumericGreaterThan", false, prepareNumber(func(c int) bool { return c > 0 })},
	{"NumericGreaterThanEquals", false, prepareNumber(func(c int) bool { return c >= 0 })},
	{"DateEquals", false, prepareDate(func(c int) bool { return c == 0 })},
	{"DateNotEquals", true, prepareDate(func(c int) bool { return c == 0 })},
	{"DateLessThan", false, prepareDate(func(c int) bool { return c < 0 })},
	{"DateLessThanEquals", false, prepareDate(func(c int) bool { return c <= 0 })},
	{"DateGreaterThan", false, prepareDate(func(c int) bool { return c > 0 })},
	{"DateGreaterThanEquals", false, prepareDate(func(c int) bool { return c >= 0 })},
	{"Bool", false, prepareBool}, {nullOperator, false, prepareBool},
	{"BinaryEquals", false, prepareBinary},
	{"IpAddress", false, prepareAddress}, {"NotIpAddress", true, prepareAddress},
}

// equal is a text that may have variables, but no wildcards.
type equal struct {
	pattern
	fold bool
}

func (e equal) compare(said string, keys Keys) bool {
	want, ok := e.text(keys)
	return ok && (said == want || e.fold && strings.EqualFold(said, want))
}

func prepareEqual(value string, variables bool) (comparison, error) {
	p, err := compile(value, syntax{variables: variables})
	return equal{p, false}, err
}

func prepareFolded(value string, variables bool) (comparison, error) {
	p, err := compile(value, syntax{variables: variables})
	return equal{p, true}, err
}

type like struct{ pattern }

func (l like) compare(said string, keys Keys) bool { return l.match(said, keys) }

func prepareLike(value string, variables bool) (comparison, error) {
	p, err := compile(value, syntax{wildcards: true, variables: variables})
	return like{p}, err
}

// arnLike compares the six parts of an ARN one by one, so that a wildcard never
// reaches into the next. "*" alone is every ARN.
type arnLike []pattern

func (a arnLike) compare(said string, keys Keys) bool {
	if a == nil {
		return true
	}
	parts := strings.SplitN(said, ":", 6)
	if len(parts) < 6 {
		return false
	}
	for i, part := range parts {
		if !a[i].match(part, keys) {
			return false
		}
	}
	return true
}

func prepareARN(value string, variables bool) (comparison, error) {
	if value == "*" {
		return arnLike(nil), nil
	}
	if variables && strings.HasPrefix(value, "${") && strings.IndexByte(value, '}') == len(value)-1 {
		return prepareLike(value, variables) // what stands for a whole ARN
	}
	parts, err := splitARN(value, variables)
	if err != nil {
		return nil, err
	}
	var all arnLike
	for _, part := range parts {
		p, err := compile(part, syntax{wildcards: true, variables: variables})
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// splitARN splits a pattern of an ARN at its colons, but those in variables.
func splitARN(value string, variables bool) ([]string, error) {
	var parts []string
	begin, inside := 0, false
	for i := 0; i < len(value) && len(parts) < 5; i++ {
		switch {
		case variables && strings.HasPrefix(value[i:], "${"):
			inside = true
		case inside && value[i] == '}':
			inside = false
		case !inside && value[i] == ':':
			parts = append(parts, value[begin:i])
			begin = i + 1
		}
	}
	if parts = append(parts, value[begin:]); len(parts) != 6 {
		return nil, fmt.Errorf("%q is not an ARN: it must be arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE, with wildcards if need be", value)
	}
	return parts, nil
}

type number struct {
	value float64
	fits  func(int) bool
}

func (n number) compare(said string, _ Keys) bool {
	got, err := parseNumber(said)
	return err == nil && n.fits(order(got, n.value))
}

func prepareNumber(fits func(int) bool) func(string, bool) (comparison, error) {
	return func(value string, _ bool) (comparison, error) {
		v, err := parseNumber(value)
		return number{v, fits}, err
	}
}

func parseNumber(s string) (float64, error) {
	for i := range len(s) { // no hexadecimal, no infinity
		if c := s[i]; (c < '0' || c > '9') && strings.IndexByte("+-.eE", c) < 0 {
			return 0, fmt.Errorf("%q is not a number", s)
		}
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is not a number", s)
	}
	return v, nil
}

func order(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

type date struct {
	value time.Time
	fits  func(int) bool
}

func (d date) compare(said string, _ Keys) bool {
	got, err := parseDate(said)
	return err == nil && d.fits(got.Compare(d.value))
}

func prepareDate(fits func(int) bool) func(string, bool) (comparison, error) {
	return func(value string, _ bool) (comparison, error) {
		v, err := parseDate(value)
		return date{v, fits}, err
	}
}

// parseDate reads a date of ISO 8601, as far as the W3C's note on dates has it, or
// seconds since 1970.
func parseDate(s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	if seconds, err := strconv.ParseInt(s, 10, 64); err == nil && seconds > -1<<40 && seconds < 1<<40 {
		return time.Unix(seconds, 0), nil
	}
	return time.Time{}, fmt.Errorf("%q is neither a date such as 2026-03-01T12:00:00Z nor seconds since 1970", s)
}

type boolean bool

func (b boolean) compare(said string, _ Keys) bool {
	return strings.EqualFold(said, strconv.FormatBool(bool(b)))
}

func prepareBool(value string, _ bool) (comparison, error) {
	switch strings.ToLower(value) {
	case "true":
		return boolean(true), nil
	case "false":
		return boolean(false), nil
	}
	return nil, fmt.Errorf("%q is neither true nor false", value)
}

// binary is bytes in base64.
type binary string

func (b binary) compare(said string, _ Keys) bool { return said == string(b) }

func prepareBinary(value string, _ bool) (comparison, error) {
	if _, err := base64.StdEncoding.DecodeString(value); err != nil {
		return nil, fmt.Errorf("%q is not base64", value)
	}
	return binary(value), nil
}

type addresses struct{ netip.Prefix }

func (a addresses) compare(said string, _ Keys) bool {
	ip, err := netip.ParseAddr(said)
	return err == nil && a.Contains(ip.Unmap().WithZone(""))
}

func prepareAddress(value string, _ bool) (comparison, error) {
	if ip, err := netip.ParseAddr(value); err == nil && ip.Zone() == "" {
		ip = ip.Unmap()
		return addresses{netip.PrefixFrom(ip, ip.BitLen())}, nil
	}
	prefix, err := netip.ParsePrefix(value)
	if err != nil {
		return nil, fmt.Errorf("%q is neither an address nor a range such as 203.0.113.0/24", value)
	}
	return addresses{prefix.Masked()}, nil
}
