package awstest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/lambent-dev/lambent/host/internal/auth/sigv4"
)

// unsigned is a request that is to be signed.
type unsigned struct {
	Method  string      `json:"method"`
	URL     string      `json:"url"`
	Headers [][2]string `json:"headers"`
	Body    []byte      `json:"body"`
	Service string      `json:"service"`
	Token   string      `json:"token"`
	Query   bool        `json:"query"` // it is to be signed in its query
}

const signingSecret = "secret/+key"

// randomRequests are requests with everything in them that signers write in a
// canonical form.
func randomRequests(n int) []unsigned {
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	word := func() string {
		var b strings.Builder
		for range r.IntN(5) {
			b.WriteString(pick("a", "Z", "0", "-", "_", ".", "~", " ", "+", "/", "%", "&", "=", "é", "日", "*", ":", "$", "@", "!", "'", "(", ",", ";", "\"", "<"))
		}
		return b.String()
	}
	all := make([]unsigned, n)
	for i := range all {
		u := unsigned{
			Method: pick("GET", "POST", "PUT", "DELETE"), Service: pick("lambda", "lambda", "states", "iam", "s3"),
			Token: pick("", "", "token/with+signs=="), Query: r.IntN(4) == 0,
		}
		path := ""
		encode := url.PathEscape // which leaves more as it is than signatures do
		if u.Service == "s3" {   // whose clients write paths as they sign them
			encode = escape
		}
		for range 1 + r.IntN(4) {
			path += "/" + encode("x"+word())
		}
		u.URL = "http://" + pick("localhost", "127.0.0.1:9000", "lambda.us-east-1.amazonaws.com", "example.com:8443") + path + pick("", "/")
		var pairs []string
		for range r.IntN(5) {
			pairs = append(pairs, escape(pick("a", "b", "a", "A-b", "Qualifier", "List")+word())+"="+escape(word()))
		}
		if len(pairs) > 0 {
			u.URL += "?" + strings.Join(pairs, "&")
		}
		if u.Method != "GET" {
			u.Body = []byte(strings.Repeat(word(), 10))
		}
		if r.IntN(2) == 0 {
			u.Headers = append(u.Headers, [2]string{"X-Amz-Log-Type", pick("Tail", "a  b", " padded ")})
		}
		if r.IntN(2) == 0 {
			u.Headers = append(u.Headers, [2]string{"Content-Type", pick("application/json", "text/plain;  charset=utf-8")})
		}
		all[i] = u
	}
	return all
}

// escape is how SDKs write names and values in a query.
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// signedHeader is a sigv4.Header.
type signedHeader [][2]string

func (h signedHeader) Get(name string) string {
	for _, field := range h {
		if strings.EqualFold(field[0], name) {
			return strings.TrimSpace(field[1])
		}
	}
	return ""
}

func (h signedHeader) Fields(yield func(name, value []byte) bool) {
	for _, field := range h {
		if !yield([]byte(field[0]), []byte(field[1])) {
			return
		}
	}
}

// verify wants a signed request to be believed, and no altered one.
func verify(t *testing.T, u unsigned, signed string, header [][2]string) {
	t.Helper()
	_, rest, _ := strings.Cut(signed, "://")
	host, target, _ := strings.Cut(rest, "/")
	path, query, _ := strings.Cut("/"+target, "?")
	if !slices.ContainsFunc(header, func(field [2]string) bool { return strings.EqualFold(field[0], "Host") }) {
		header = append(header, [2]string{"Host", host})
	}
	r := &sigv4.Request{Method: u.Method, Path: path, Query: query, Header: signedHeader(header)}
	s, err := sigv4.Parse(r)
	if err != nil {
		t.Errorf("%s %s: %v", u.Method, signed, err)
		return
	}
	if s.Token != u.Token || s.AccessKeyID != "AKIDEXAMPLE" || s.Presigned != u.Query {
		t.Errorf("%s: %+v", signed, s)
	}
	if err := s.CheckTime(time.Now()); err != nil {
		t.Errorf("%s: %v", signed, err)
	}
	if err := s.CheckScope("us-east-1", u.Service); err != nil {
		t.Errorf("%s: %v", signed, err)
	}
	key := sigv4.DeriveKey(signingSecret, s.Scope)
	if _, err := s.Verify(r, u.Body, key); err != nil {
		t.Errorf("%+v: %s %q: %v", u, signed, header, err)
	}
	altered := *r
	altered.Path += "x"
	if _, err := s.Verify(&altered, u.Body, key); err == nil {
		t.Errorf("%s: another path is believed", signed)
	}
	altered = *r
	altered.Query += "&y=1"
	if _, err := s.Verify(&altered, u.Body, key); err == nil {
		t.Errorf("%s: another query is believed", signed)
	}
	if _, err := s.Verify(r, append([]byte("x"), u.Body...), key); err == nil {
		t.Errorf("%s: another body is believed", signed)
	}
}

// TestSignaturesOfBotocore verifies what botocore signs.
func TestSignaturesOfBotocore(t *testing.T) {
	t.Parallel()
	if out, err := exec.Command("python3", "-c", "import botocore").CombinedOutput(); err != nil {
		t.Skipf("botocore is not installed (%v, %s); install it with: pip install boto3", err, out)
	}
	requests := slices.DeleteFunc(randomRequests(400), func(u unsigned) bool {
		// botocore turns a body into parameters then, and signs no payload for S3.
		return u.Query && (len(u.Body) > 0 || u.Service == "s3")
	})
	in, err := json.Marshal(requests)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), "python3", "testdata/sign.py")
	c.Stdin = bytes.NewReader(in)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.Bytes())
	}
	var signed []struct {
		URL     string      `json:"url"`
		Headers [][2]string `json:"headers"`
	}
	if err := json.Unmarshal(out, &signed); err != nil || len(signed) != len(requests) {
		t.Fatalf("%d of %d, %v", len(signed), len(requests), err)
	}
	for i, u := range requests {
		verify(t, u, signed[i].URL, signed[i].Headers)
	}
}

// TestSignaturesOfSDK verifies what AWS's SDK for Go signs.
func TestSignaturesOfSDK(t *testing.T) {
	t.Parallel()
	signer := v4.NewSigner()
	for _, u := range randomRequests(400) {
		r, err := http.NewRequest(u.Method, u.URL, bytes.NewReader(u.Body))
		if err != nil {
			t.Fatal(err)
		}
		for _, field := range u.Headers {
			r.Header.Set(field[0], field[1])
		}
		sum := sha256.Sum256(u.Body)
		hash := hex.EncodeToString(sum[:])
		credentials := aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: signingSecret, SessionToken: u.Token}
		option := func(o *v4.SignerOptions) { o.DisableURIPathEscaping = u.Service == "s3" }
		signed := ""
		if u.Query {
			query := r.URL.Query()
			query.Set("X-Amz-Expires", "600")
			r.URL.RawQuery = query.Encode()
			var header http.Header
			if signed, header, err = signer.PresignHTTP(t.Context(), credentials, r, hash, u.Service, "us-east-1", time.Now(), option); err == nil {
				r.Header = header
			}
		} else {
			err = signer.SignHTTP(t.Context(), credentials, r, hash, u.Service, "us-east-1", time.Now(), option)
			signed = r.URL.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		var header [][2]string
		for name, values := range r.Header {
			for _, value := range values {
				header = append(header, [2]string{name, value})
			}
		}
		if u.Method != "GET" && !u.Query {
			header = append(header, [2]string{"Content-Length", fmt.Sprint(len(u.Body))})
		}
		verify(t, u, signed, header)
	}
}
