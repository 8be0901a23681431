package sigv4

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Credentials are what a request is signed with. Token is that of a session, "" if
// they are none.
type Credentials struct{ AccessKeyID, SecretAccessKey, Token string }

// Sign signs a request with its body: it sets X-Amz-Date, X-Amz-Security-Token,
// Authorization and, unless it is there, Amz-Sdk-Invocation-Id, which tells requests
// apart that ask for the same in one second. The fields that decide what is asked
// for are signed.
func Sign(r *http.Request, body []byte, c Credentials, region, service string, now time.Time) error {
	r.Header.Set("X-Amz-Date", stamp(now))
	r.Header.Del("Authorization")
	if c.Token != "" {
		r.Header.Set("X-Amz-Security-Token", c.Token)
	}
	if r.Header.Get("Amz-Sdk-Invocation-Id") == "" {
		r.Header.Set("Amz-Sdk-Invocation-Id", rand.Text())
	}
	s := &Signature{stamp: stamp(now), Scope: Scope{stamp(now)[:8], region, service}, headers: []string{"host"}}
	for name := range r.Header {
		if lower := strings.ToLower(name); lower == "content-type" || lower == "amz-sdk-invocation-id" || strings.HasPrefix(lower, amz) {
			s.headers = append(s.headers, lower)
		}
	}
	slices.Sort(s.headers)
	path := r.URL.EscapedPath()
	if path == "" {
		path = "/"
	}
	canonical, err := s.appendCanonical(nil, &Request{r.Method, path, r.URL.RawQuery, sending{r}}, body)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(canonical)
	text := Algorithm + "\n" + s.stamp + "\n" + s.Scope.String() + "\n" + hex.EncodeToString(sum[:])
	signature := mac(DeriveKey(c.SecretAccessKey, s.Scope), []byte(text))
	r.Header.Set("Authorization", Algorithm+" Credential="+c.AccessKeyID+"/"+s.Scope.String()+
		", SignedHeaders="+strings.Join(s.headers, ";")+", Signature="+hex.EncodeToString(signature[:]))
	return nil
}

// sending is the Header of a request that will be sent.
type sending struct{ r *http.Request }

func (s sending) Get(name string) string { return s.r.Header.Get(name) }

func (s sending) Fields(yield func(name, value []byte) bool) {
	host := s.r.Host
	if host == "" {
		host = s.r.URL.Host
	}
	if !yield([]byte("Host"), []byte(host)) {
		return
	}
	for name, values := range s.r.Header {
		for _, value := range values {
			if !yield([]byte(name), []byte(value)) {
				return
			}
		}
	}
}
