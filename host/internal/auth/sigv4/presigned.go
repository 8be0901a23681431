package sigv4

import (
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxExpires is the longest that a presigned request may be valid.
const maxExpires = 7 * 24 * time.Hour

// signatureParameter is the one parameter of a presigned request that is not
// signed.
const signatureParameter = "X-Amz-Signature"

// parsePresigned reads the parameters of a presigned request; it returns nil if
// the query has none of them.
func parsePresigned(query string) (*claim, error) {
	c := &claim{presigned: true}
	found := false
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		var to *string
		switch name {
		case "X-Amz-Algorithm":
			to = &c.algorithm
		case "X-Amz-Credential":
			to = &c.credential
		case "X-Amz-Date":
			to = &c.date
		case "X-Amz-Expires":
			to = &c.expires
		case "X-Amz-SignedHeaders":
			to = &c.headers
		case signatureParameter:
			to = &c.signature
		case "X-Amz-Security-Token":
			to = &c.token
		case "X-Amz-Content-Sha256":
			to = &c.payload
		default:
			continue
		}
		decoded, err := url.QueryUnescape(value)
		switch {
		case err != nil:
			return nil, refuse(Incomplete, "The parameter %s in the query is not percent-encoded.", name)
		case *to != "":
			return nil, refuse(Incomplete, "The parameter %s is in the query twice.", name)
		}
		*to = decoded
		found = found || name == "X-Amz-Algorithm" || name == signatureParameter || name == "X-Amz-Credential"
	}
	if !found {
		return nil, nil
	}
	for _, part := range []struct{ name, value string }{
		{"X-Amz-Algorithm", c.algorithm}, {"X-Amz-Credential", c.credential}, {signatureParameter, c.signature},
		{"X-Amz-SignedHeaders", c.headers}, {"X-Amz-Date", c.date}, {"X-Amz-Expires", c.expires},
	} {
		if part.value == "" {
			return nil, refuse(Incomplete, "AWS query-string parameters must include '%s'. Re-examine the query-string parameters.", part.name)
		}
	}
	if c.algorithm != Algorithm {
		return nil, refuse(Incomplete, "Unsupported AWS 'algorithm': '%s'. Allowed is %s.", printable(c.algorithm), Algorithm)
	}
	return c, nil
}

// checkExpires reads how long a presigned request is valid.
func (c *claim) checkExpires() (time.Duration, error) {
	seconds, err := strconv.ParseUint(c.expires, 10, 32)
	expires := time.Duration(seconds) * time.Second
	if err != nil || expires < time.Second || expires > maxExpires {
		return 0, refuse(Incomplete, "X-Amz-Expires is '%s'; it must be a number of seconds from 1 to %d, a week.", printable(c.expires), maxExpires/time.Second)
	}
	return expires, nil
}
