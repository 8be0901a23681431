package sigv4

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// lines is a Header as it is written, one field a line.
type lines []string

func (l lines) Get(name string) string {
	value := ""
	l.Fields(func(n, v []byte) bool {
		if strings.EqualFold(string(n), name) {
			value = strings.Trim(string(v), " \t")
			return false
		}
		return true
	})
	return value
}

func (l lines) Fields(yield func(name, value []byte) bool) {
	for _, line := range l {
		name, value, _ := strings.Cut(line, ":")
		if !yield([]byte(name), []byte(value)) {
			return
		}
	}
}

const (
	suiteSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
	s3Secret    = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
)

var suiteTime = time.Date(2015, 8, 30, 12, 36, 0, 0, time.UTC)

// TestPublishedSignatures verifies signatures that AWS publishes: of its test
// suite for Signature Version 4, and of the examples in the reference of Amazon
// S3's API.
func TestPublishedSignatures(t *testing.T) {
	suite := func(headers, signature string, more ...string) lines {
		return append(lines{
			"Host:example.amazonaws.com", "X-Amz-Date:20150830T123600Z",
			"Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=" + headers + ", Signature=" + signature,
		}, more...)
	}
	s3 := func(headers, signature string, more ...string) lines {
		return append(lines{
			"Host: examplebucket.s3.amazonaws.com", "x-amz-date:20130524T000000Z",
			"Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=" + headers + ",Signature=" + signature,
		}, more...)
	}
	for _, c := range []struct {
		name, method, path, query, secret, body string
		header                                  lines
	}{
		{"get-vanilla", "GET", "/", "", suiteSecret, "", suite("host;x-amz-date", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")},
		{"get-vanilla-query-order-key-case", "GET", "/", "Param2=value2&Param1=value1", suiteSecret, "", suite("host;x-amz-date", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")},
		{"post-vanilla", "POST", "/", "", suiteSecret, "", suite("host;x-amz-date", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")},
		{"post-vanilla-query", "POST", "/", "Param1=value1", suiteSecret, "", suite("host;x-amz-date", "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11")},
		{"GET an object", "GET", "/test.txt", "", s3Secret, "", s3("host;range;x-amz-content-sha256;x-amz-date",
			"f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41", "Range: bytes=0-9", "x-amz-content-sha256:"+emptySum)},
		{"PUT an object", "PUT", "/test$file.text", "", s3Secret, "Welcome to Amazon S3.", s3("date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
			"98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd", "Date: Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class: REDUCED_REDUNDANCY",
			"x-amz-content-sha256:44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072")},
		{"a presigned GET", "GET", "/test.txt", "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z" +
			"&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404", s3Secret, "",
			lines{"Host:examplebucket.s3.amazonaws.com"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := &Request{Method: c.method, Path: c.path, Query: c.query, Header: c.header}
			s, err := Parse(r)
			if err != nil {
				t.Fatal(err)
			}
			if s.Presigned { // S3 leaves their payload unsigned without being told
				s.payload = unsignedPayload
			}
			if _, err := s.Verify(r, []byte(c.body), DeriveKey(c.secret, s.Scope)); err != nil {
				canonical, _ := s.appendCanonical(nil, r, []byte(c.body))
				t.Errorf("%v; canonical is\n%s", err, canonical)
			}
			for _, wrong := range []struct {
				what string
				with func(*Request) (body string)
			}{
				{"method", func(r *Request) string { r.Method = "DELETE"; return c.body }},
				{"path", func(r *Request) string { r.Path += "x"; return c.body }},
				{"query", func(r *Request) string { r.Query += "&x=y"; return c.body }},
				{"host", func(r *Request) string {
					r.Header = append(lines{"Host:other"}, c.header[1:]...)
					return c.body
				}},
			} {
				altered := *r
				body := wrong.with(&altered)
				var refused *Error
				if _, err := s.Verify(&altered, []byte(body), DeriveKey(c.secret, s.Scope)); !errors.As(err, &refused) || refused.Kind != Invalid || refused.Message != mismatch {
					t.Errorf("with another %s: %v", wrong.what, err)
				}
			}
			if _, err := s.Verify(r, []byte(c.body), DeriveKey(c.secret+"x", s.Scope)); err == nil {
				t.Error("another key verifies it")
			}
		})
	}
}

// TestPublishedKey is the example of deriving a key in AWS's reference.
func TestPublishedKey(t *testing.T) {
	key := DeriveKey(suiteSecret, Scope{"20150830", "us-east-1", "iam"})
	if got := hex.EncodeToString(key[:]); got != "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9" {
		t.Errorf("%s", got)
	}
	var keys Keys
	for range 2 {
		if got := keys.Signing(suiteSecret, Scope{"20150830", "us-east-1", "iam"}); got != key {
			t.Errorf("remembered %x", got)
		}
	}
	for i := range 2 * maxKeys {
		keys.Signing(fmt.Sprint(i), Scope{})
	}
	if len(keys.keys) > maxKeys {
		t.Errorf("%d keys are remembered", len(keys.keys))
	}
}

func TestCanonicalPath(t *testing.T) {
	for _, c := range []struct{ path, service, want string }{
		{"", "lambda", "/"}, {"/", "lambda", "/"}, {"/a/b", "lambda", "/a/b"}, {"/a/", "lambda", "/a/"},
		{"/a%20b/arn%3Aaws", "lambda", "/a%2520b/arn%253Aaws"}, {"/a:b@c", "lambda", "/a%3Ab%40c"},
		{"//a///b//", "lambda", "/a/b/"}, {"/./a/./b", "lambda", "/a/b"}, {"/a/../b", "lambda", "/b"}, {"/..", "lambda", "/"}, {"/a/..", "lambda", "/"}, {"/a/b/..", "lambda", "/a/"}, {"/../../x", "lambda", "/x"},
		{"//a/../b", "s3", "//a/../b"}, {"/a%20b%2fc$", "s3", "/a%20b%2Fc%24"}, {"/%zz%4", "s3", "/%25zz%254"}, {"/%41~", "s3", "/A~"},
		{"/.hidden", "lambda", "/.hidden"},
	} {
		if got := string(appendPath(nil, c.path, c.service)); got != c.want {
			t.Errorf("%s of %s: %s, want %s", c.path, c.service, got, c.want)
		}
	}
}

func TestCanonicalQuery(t *testing.T) {
	for _, c := range []struct{ query, want string }{
		{"", ""}, {"a", "a="}, {"b=2&a=1", "a=1&b=2"}, {"a=2&a=1&a", "a=&a=1&a=2"}, {"a=b=c", "a=b%3Dc"}, {"a=x+y&a=x%20y", "a=x%20y&a=x%20y"},
		{"%61=%7e%2f", "a=~%2F"}, {"&&a=1&", "a=1"}, {"X-Amz-Signature=1&a=2", "a=2"}, {"a=%zz&A=%c3%a9", "A=%C3%A9&a=%25zz"}, {"ab=1&a=2&a%20=0", "a=2&a%20=0&ab=1"},
	} {
		if got, ok := appendQuery(nil, c.query, true); !ok || string(got) != c.want {
			t.Errorf("%s: %s, want %s", c.query, got, c.want)
		}
	}
	if _, ok := appendQuery(nil, strings.Repeat("a&", maxParameters), false); ok {
		t.Error("too many parameters are taken")
	}
}

func TestCanonicalHeader(t *testing.T) {
	header := lines{"My-Header1: b \t c  ", "MY-header1:d", "Other:x", "my-header1:", "Quoted: \"a   b\""}
	for name, want := range map[string]string{"my-header1": "my-header1:b c,d,\n", "other": "other:x\n", "quoted": "quoted:\"a b\"\n"} {
		if got, ok := appendHeader(nil, header, name); !ok || string(got) != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if _, ok := appendHeader(nil, header, "absent"); ok {
		t.Error("a field that is absent is there")
	}
}

func TestParseRefuses(t *testing.T) {
	const (
		credential = "Credential=A/20150830/us-east-1/lambda/aws4_request"
		signed     = "SignedHeaders=host;x-amz-date"
	)
	signature := "Signature=" + strings.Repeat("0", 64)
	header := func(authorization string, more ...string) lines {
		return append(lines{"Host:h", "X-Amz-Date:20150830T123600Z", "Authorization:" + authorization}, more...)
	}
	whole := func(parts ...string) string { return Algorithm + " " + strings.Join(parts, ", ") }
	presigned := func(replace, with string) string {
		return strings.Replace("X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=A/20150830/us-east-1/lambda/aws4_request&X-Amz-Date=20150830T123600Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature="+strings.Repeat("0", 64), replace, with, 1)
	}
	for _, c := range []struct {
		name   string
		query  string
		header lines
		kind   Kind
		want   string
	}{
		{"none", "", lines{"Host:h"}, Missing, "Missing Authentication Token"},
		{"another scheme", "", header("Bearer x"), Incomplete, "Unsupported AWS 'algorithm': 'Bearer'"},
		{"asymmetric", "", header("AWS4-ECDSA-P256-SHA256 x"), Incomplete, "Unsupported AWS 'algorithm'"},
		{"nothing in it", "", header(Algorithm), Incomplete, "missing equal-sign"},
		{"only a credential", "", lines{"Authorization:" + whole(credential)}, Incomplete, "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. (Hashed"},
		{"no credential", "", header(whole(signed, signature)), Incomplete, "Authorization header requires 'Credential' parameter. (Hashed"},
		{"a part twice", "", header(whole(credential, credential, signed, signature)), Incomplete, "'Credential' twice"},
		{"an unknown part", "", header(whole(credential, "X=y")), Incomplete, "has 'X'"},
		{"short credential", "", header(whole("Credential=A/20150830/us-east-1", signed, signature)), Incomplete, "exactly 5 slash-delimited elements"},
		{"terminator", "", header(whole("Credential=A/20150830/us-east-1/lambda/aws5", signed, signature)), Invalid, "valid terminator: 'aws4_request'"},
		{"scope's date", "", header(whole("Credential=A/20150831/us-east-1/lambda/aws4_request", signed, signature)), Invalid, "'20150831' != '20150830', from '20150830T123600Z'"},
		{"date", "", lines{"Host:h", "X-Amz-Date:2015-08-30", "Authorization:" + whole(credential, signed, signature)}, Incomplete, "ISO-8601 'basic format'. Got '2015-08-30'"},
		{"http date", "", lines{"Host:h", "Date:yesterday", "Authorization:" + whole(credential, signed, signature)}, Incomplete, "Got 'yesterday'"},
		{"short signature", "", header(whole(credential, signed, "Signature=00")), Incomplete, "Signature has 2 characters"},
		{"no hex", "", header(whole(credential, signed, "Signature="+strings.Repeat("x", 64))), Incomplete, "hexadecimal digits"},
		{"no host", "", header(whole(credential, "SignedHeaders=x-amz-date", signature)), Invalid, "'Host' or ':authority' must be"},
		{"not sorted", "", header(whole(credential, "SignedHeaders=x-amz-date;host", signature)), Incomplete, "sorted"},
		{"upper case", "", header(whole(credential, "SignedHeaders=Host", signature)), Incomplete, "in lower case"},
		{"one twice", "", header(whole(credential, "SignedHeaders=host;host", signature)), Incomplete, "each once"},
		{"very many", "", header(whole(credential, "SignedHeaders="+strings.Repeat("a;", 200), signature)), Incomplete, "at most 100"},
		{"unsigned meaning", "", header(whole(credential, signed, signature), "X-Amz-Invocation-Type: DryRun"), Invalid, "not signed: X-Amz-Invocation-Type"},
		{"long", "", header(whole(credential, signed, signature, strings.Repeat("x", maxText))), Incomplete, "at most 8192"},
		{"long token", "", header(whole(credential, signed, signature), "X-Amz-Security-Token:"+strings.Repeat("x", maxText+1)), Unknown, "The security token included in the request is invalid."},
		{"both", presigned("", ""), header(whole(credential, signed, signature)), Invalid, "allowed is one"},
		{"presigned, no date", presigned("X-Amz-Date", "Y"), lines{"Host:h"}, Incomplete, "must include 'X-Amz-Date'"},
		{"presigned, algorithm", presigned("AWS4-HMAC-SHA256", "AWS2"), lines{"Host:h"}, Incomplete, "'AWS2'"},
		{"presigned, too long", presigned("=60", "=604801"), lines{"Host:h"}, Incomplete, "from 1 to 604800"},
		{"presigned, no time", presigned("=60", "=0"), lines{"Host:h"}, Incomplete, "from 1 to 604800"},
		{"presigned, negative", presigned("=60", "=-1"), lines{"Host:h"}, Incomplete, "from 1 to 604800"},
		{"presigned, encoding", presigned("=60", "=%zz"), lines{"Host:h"}, Incomplete, "not percent-encoded"},
		{"presigned, twice", presigned("X-Amz-Expires=60", "X-Amz-Expires=60&X-Amz-Expires=70"), lines{"Host:h"}, Incomplete, "twice"},
		{"presigned, unsigned meaning", presigned("", ""), lines{"Host:h", "X-Amz-Tenant-Id: t"}, Invalid, "not signed: X-Amz-Tenant-Id"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := Parse(&Request{Method: "GET", Path: "/", Query: c.query, Header: c.header})
			var refused *Error
			if !errors.As(err, &refused) || refused.Kind != c.kind || !strings.Contains(refused.Message, c.want) || s != nil {
				t.Errorf("%+v, want kind %d, %q", err, c.kind, c.want)
			}
		})
	}
	// A query that only looks alike has no signature.
	if _, err := Parse(&Request{Query: "X-Amz-Date=1", Header: lines{"Host:h"}}); err == nil || err.(*Error).Kind != Missing {
		t.Errorf("%v", err)
	}
}

func TestCheckTime(t *testing.T) {
	for _, c := range []struct {
		after   time.Duration
		expires time.Duration // 0: not presigned
		want    string
	}{
		{0, 0, ""}, {5 * time.Minute, 0, ""}, {-5 * time.Minute, 0, ""},
		{5*time.Minute + time.Second, 0, "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T124101Z - 5 min.)"},
		{-5*time.Minute - time.Second, 0, "Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z (20150830T123059Z + 5 min.)"},
		{time.Hour, time.Hour, ""},
		{time.Hour + time.Second, time.Hour, "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T133601Z - 60 min.)"},
		{91 * time.Second, 90 * time.Second, "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T123731Z - 90 sec.)"},
		{-6 * time.Minute, time.Hour, "Signature not yet current"},
	} {
		s := &Signature{At: suiteTime, stamp: "20150830T123600Z", Presigned: c.expires != 0, Expires: c.expires}
		err := s.CheckTime(suiteTime.Add(c.after))
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)) {
			t.Errorf("%v after, for %v: %v, want %q", c.after, c.expires, err, c.want)
		}
	}
}

func TestCheckScope(t *testing.T) {
	s := &Signature{Scope: Scope{"20150830", "us-east-1", "lambda"}}
	if err := s.CheckScope("us-east-1", "states", "lambda"); err != nil {
		t.Error(err)
	}
	if err := s.CheckScope("eu-west-1", "lambda"); err == nil || !strings.HasPrefix(err.Error(), "Credential should be scoped to a valid region, not 'us-east-1'.") {
		t.Error(err)
	}
	if err := s.CheckScope("us-east-1", "iam"); err == nil || err.Error() != "Credential should be scoped to correct service: 'iam'." {
		t.Error(err)
	}
}

// TestMAC compares with the standard library.
func TestMAC(t *testing.T) {
	key := DeriveKey(suiteSecret, Scope{"20150830", "us-east-1", "iam"})
	for n := range 2000 {
		message := []byte(strings.Repeat("x", n))
		h := hmac.New(sha256.New, key[:])
		h.Write(message)
		if got := mac(key, message); !hmac.Equal(got[:], h.Sum(nil)) {
			t.Fatalf("of %d bytes: %x", n, got)
		}
	}
}

// TestParseStamp compares with time.Parse, which it stands in for.
func TestParseStamp(t *testing.T) {
	for _, s := range []string{
		"20150830T123600Z", "20240229T235959Z", "20230229T000000Z", "20231301T000000Z", "20230001T000000Z", "20230100T000000Z", "20230132T000000Z",
		"20230101T240000Z", "20230101T006000Z", "20230101T000060Z", "00000101T000000Z", "99991231T235959Z", "2023010aT000000Z", "20230101t000000Z",
		"20230101T000000z", "20230101T000000", "20230101T000000ZZ", "", "-0230101T000000Z", "+2023101T000000Z", "２0230101T00000", "20230431T000000Z",
	} {
		got, err := parseStamp(s)
		want, refused := time.Parse(stampLayout, s)
		if !got.Equal(want) || (err == nil) != (refused == nil) {
			t.Errorf("%q: %v, %v; want %v, %v", s, got, err, want, refused)
		}
	}
}
