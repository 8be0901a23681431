package sigv4

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"
)

// Algorithm is the one that is spoken here.
const Algorithm = "AWS4-HMAC-SHA256"

// Signature is what a request claims.
type Signature struct {
	AccessKeyID string
	Scope       Scope
	At          time.Time // when it was signed, to the second
	Token       string    // of a session, "" if there is none
	// Presigned: the signature came in the query, and is valid for Expires from At
	// on, however often it is used.
	Presigned bool
	Expires   time.Duration

	stamp   string   // At, as it is signed
	headers []string // that are signed, in lower case and in order
	fields  []field  // what they say in request
	request *Request // that was parsed
	use     use
	// unsigned is the name of a field that should be signed and is not; nil: all are.
	unsigned []byte

	payload string // what X-Amz-Content-Sha256 says, "" if it is not there
	value   [sha256.Size]byte

	// Room for headers and fields, of which SDKs sign up to eight.
	fewHeaders [8]string
	fewFields  [8]field
}

// field is a field of the header: how often it is there, and what it says first.
type field struct {
	n     int
	value []byte
}

// use are the fields by which a client tells requests apart that it signs alike.
type use struct {
	invocation, attempt []byte
	signed              bool // invocation is: no two requests are signed alike
}

const (
	invocationID    = "amz-sdk-invocation-id"
	invocationIDPHP = "aws-sdk-invocation-id" // as AWS's SDK for PHP writes it
	attempt         = "amz-sdk-request"
)

// Scope is what a key is derived for.
type Scope struct {
	Date    string // YYYYMMDD
	Region  string
	Service string
}

// terminator ends a scope.
const terminator = "aws4_request"

func (s Scope) String() string {
	return s.Date + "/" + s.Region + "/" + s.Service + "/" + terminator
}

// Parse reads what a request claims of its signature, which must not change until it
// is verified. Errors are *Error: Missing,
// Incomplete or Invalid.
func Parse(r *Request) (*Signature, error) {
	authorization := r.Header.Get("Authorization")
	if strings.Contains(r.Query, "X-Amz-") {
		p, err := parsePresigned(r.Query)
		switch {
		case err != nil:
			return nil, err
		case p != nil && authorization != "":
			return nil, refuse(Invalid, "The request has a signature in the Authorization header and one in the query; allowed is one.")
		case p != nil:
			return p.check(r)
		}
	}
	if authorization == "" {
		return nil, refuse(Missing, "Missing Authentication Token")
	}
	return parseAuthorization(r, authorization)
}

// claim are the parts of a signature as they are written.
type claim struct {
	algorithm, credential, date, headers, signature string

	token, payload string
	expires        string // of a presigned request
	presigned      bool
}

func parseAuthorization(r *Request, field string) (*Signature, error) {
	c := claim{payload: r.Header.Get("X-Amz-Content-Sha256"), token: r.Header.Get("X-Amz-Security-Token")}
	if len(field) > maxText {
		return nil, refuse(Incomplete, "Authorization has %d bytes; at most %d are allowed.", len(field), maxText)
	}
	var rest string
	c.algorithm, rest, _ = strings.Cut(field, " ")
	if c.algorithm != Algorithm {
		return nil, refuse(Incomplete, "Unsupported AWS 'algorithm': '%s'. Allowed is %s.", printable(c.algorithm), Algorithm)
	}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, ok := strings.Cut(strings.TrimSpace(part), "=")
		if !ok {
			return nil, refuse(Incomplete, "'%s' not a valid key=value pair (missing equal-sign) in Authorization header %s.", printable(name), hashed(field))
		}
		var to *string
		switch name {
		case "Credential":
			to = &c.credential
		case "SignedHeaders":
			to = &c.headers
		case "Signature":
			to = &c.signature
		default:
			return nil, refuse(Incomplete, "Authorization has '%s'; allowed are Credential, SignedHeaders and Signature. %s", printable(name), hashed(field))
		}
		if *to != "" {
			return nil, refuse(Incomplete, "Authorization has '%s' twice. %s", name, hashed(field))
		}
		*to = value
	}
	if c.date = r.Header.Get("X-Amz-Date"); c.date == "" {
		c.date = stampOf(r.Header.Get("Date"))
	}
	var lacking []string
	for _, part := range []struct{ value, complaint string }{
		{c.credential, "Authorization header requires 'Credential' parameter."},
		{c.signature, "Authorization header requires 'Signature' parameter."},
		{c.headers, "Authorization header requires 'SignedHeaders' parameter."},
		{c.date, "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."},
	} {
		if part.value == "" {
			lacking = append(lacking, part.complaint)
		}
	}
	if lacking != nil {
		return nil, refuse(Incomplete, "%s %s", strings.Join(lacking, " "), hashed(field))
	}
	return c.check(r)
}

// hashed names a field without repeating it, as AWS does.
func hashed(field string) string {
	sum := sha256.Sum256([]byte(field))
	return "(Hashed with SHA-256 and encoded with Base64) Authorization=" + base64.StdEncoding.EncodeToString(sum[:])
}

// printable is what a message may repeat of a request.
func printable(s string) string {
	if len(s) > 200 {
		s = s[:200] + "…"
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\uFFFD' {
			return '.'
		}
		return r
	}, s)
}

// check checks the form of every part.
func (c *claim) check(r *Request) (*Signature, error) {
	s := &Signature{Token: c.token, Presigned: c.presigned, stamp: c.date, payload: c.payload}
	if strings.Count(c.credential, "/") != 4 {
		return nil, refuse(Incomplete, "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '%s'", printable(c.credential))
	}
	rest := c.credential
	for _, part := range []*string{&s.AccessKeyID, &s.Scope.Date, &s.Scope.Region, &s.Scope.Service} {
		*part, rest, _ = strings.Cut(rest, "/")
	}
	if rest != terminator {
		return nil, refuse(Invalid, "Credential should be scoped with a valid terminator: '%s', not '%s'.", terminator, printable(rest))
	}
	var err error
	if s.At, err = parseStamp(c.date); err != nil {
		return nil, refuse(Incomplete, "Date must be in ISO-8601 'basic format'. Got '%s'. See http://en.wikipedia.org/wiki/ISO_8601", printable(c.date))
	}
	if s.Scope.Date != c.date[:8] {
		return nil, refuse(Invalid, "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '%s' != '%s', from '%s'.",
			printable(s.Scope.Date), c.date[:8], c.date)
	}
	if len(c.signature) != hex.EncodedLen(len(s.value)) {
		return nil, refuse(Incomplete, "Signature has %d characters; it must have %d hexadecimal digits.", len(c.signature), hex.EncodedLen(len(s.value)))
	}
	if _, err := hex.Decode(s.value[:], []byte(c.signature)); err != nil {
		return nil, refuse(Incomplete, "Signature must be hexadecimal digits.")
	}
	if c.presigned {
		if s.Expires, err = c.checkExpires(); err != nil {
			return nil, err
		}
	}
	if len(s.Token) > maxText {
		return nil, refuse(Unknown, "The security token included in the request is invalid.")
	}
	if err := s.listHeaders(r, c.headers); err != nil {
		return nil, err
	}
	return s, nil
}

// listHeaders reads the list of fields that are signed, looks them up, and looks for
// fields that should be signed: in one pass over the header.
func (s *Signature) listHeaders(r *Request, list string) error {
	if n := strings.Count(list, ";") + 1; n > maxSignedHeaders {
		return refuse(Incomplete, "SignedHeaders names %d header fields; at most %d are allowed.", n, maxSignedHeaders)
	}
	s.headers = s.fewHeaders[:0]
	host, before := false, ""
	for name := range strings.SplitSeq(list, ";") {
		if name == "" || hasUpper(name) || name <= before {
			return refuse(Incomplete, "SignedHeaders is '%s'; it must name header fields in lower case, each once, sorted, separated by semicolons.", printable(list))
		}
		s.headers, before = append(s.headers, name), name
		host = host || name == "host"
	}
	if !host {
		return refuse(Invalid, "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
	}
	s.request = r
	if s.fields = s.fewFields[:]; len(s.headers) > len(s.fields) {
		s.fields = make([]field, len(s.headers))
	}
	r.Header.Fields(func(name, value []byte) bool {
		i := s.index(name)
		if i >= 0 {
			f := &s.fields[i]
			if f.n++; f.n == 1 {
				f.value = value
			}
		}
		if len(name) < len(amz) {
			return true
		}
		switch name[0] | 0x20 {
		case 'x':
			// A token stands for itself.
			if i < 0 && equalFold(name[:len(amz)], amz) && !equalFold(name, "x-amz-security-token") {
				s.unsigned = name
				return false
			}
		case 'a':
			s.use.note(name, value, i >= 0)
		}
		return true
	})
	if s.unsigned != nil {
		return refuse(Invalid, "There were headers present in the request which were not signed: %s", printable(string(s.unsigned)))
	}
	return nil
}

// index returns which of the signed fields that is, -1 if it is none.
func (s *Signature) index(name []byte) int {
	for i, signed := range s.headers {
		if equalFold(name, signed) {
			return i
		}
	}
	return -1
}

// note remembers what the first of each field says.
func (u *use) note(name, value []byte, signed bool) {
	switch {
	case u.invocation == nil && (equalFold(name, invocationID) || equalFold(name, invocationIDPHP)):
		u.invocation, u.signed = value, signed
	case u.attempt == nil && equalFold(name, attempt):
		u.attempt = value
	}
}

func hasUpper(s string) bool {
	for i := range len(s) {
		if 'A' <= s[i] && s[i] <= 'Z' {
			return true
		}
	}
	return false
}

const amz = "x-amz-"

// equalFold compares a field's name with one in lower case.
func equalFold(name []byte, lower string) bool {
	if len(name) != len(lower) {
		return false
	}
	for i, c := range name {
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}
