package bucket

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/lambent-dev/lambent/host/internal/auth/sigv4"
	"github.com/lambent-dev/lambent/sandbox/network"
)

// Config says where objects are.
type Config struct {
	// Endpoint is the store's URL, without a bucket: "https://s3.example.com" or
	// "http://127.0.0.1:9001". Buckets are addressed by path.
	Endpoint string

	// Region is signed for. Default "us-east-1".
	Region string

	// Credentials sign requests; without an AccessKeyID they are not signed.
	Credentials sigv4.Credentials

	// Now is the clock. Default: time.Now.
	Now func() time.Time
}

// Store is a store of objects. It is safe for concurrent use.
type Store struct {
	config   Config
	endpoint *url.URL
	client   *http.Client
}

// Open prepares to ask a store; it does not ask it yet.
func Open(c Config) (*Store, error) {
	endpoint, err := url.Parse(c.Endpoint)
	if err != nil || endpoint.Host == "" || endpoint.Scheme != "http" && endpoint.Scheme != "https" || strings.Trim(endpoint.Path, "/") != "" || endpoint.RawQuery != "" || endpoint.User != nil {
		return nil, fmt.Errorf("bucket: the endpoint %q is not a URL such as https://s3.example.com or http://127.0.0.1:9001", c.Endpoint)
	}
	if c.Region == "" {
		c.Region = "us-east-1"
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	port := endpoint.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[endpoint.Scheme]
	}
	rules, err := network.NewRules(network.Policy{Allow: []string{net.JoinHostPort(endpoint.Hostname(), port)}})
	if err != nil {
		return nil, fmt.Errorf("bucket: the endpoint %q: %w", c.Endpoint, err)
	}
	return &Store{config: c, endpoint: endpoint, client: (&network.Dialer{Rules: rules}).Client()}, nil
}

// Close lets go of connections.
func (s *Store) Close() { s.client.CloseIdleConnections() }

// Error is what a store answered instead of an object: S3's code and message.
type Error struct {
	Status        int
	Code, Message string
}

func (e *Error) Error() string {
	return fmt.Sprintf("S3 Error Code: %s. S3 Error Message: %s", e.Code, e.Message)
}

// ErrTooLarge is the error of an object that has more bytes than were asked for.
var ErrTooLarge = errors.New("bucket: the object is too large")

// timeout is how long fetching an object may take.
const timeout = time.Minute

// Get returns an object of at most limit bytes: a version of it, or the newest if
// version is "". Errors: *Error, ErrTooLarge, those of the network and of ctx.
func (s *Store) Get(ctx context.Context, bucket, key, version string, limit int) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	r, err := s.request(ctx, bucket, key, version)
	if err != nil {
		return nil, err
	}
	answer, err := s.client.Do(r)
	if err != nil {
		return nil, fmt.Errorf("bucket: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, refusal(answer)
	}
	if answer.ContentLength > int64(limit) {
		return nil, fmt.Errorf("%w: %d bytes; at most %d are allowed", ErrTooLarge, answer.ContentLength, limit)
	}
	object, err := io.ReadAll(io.LimitReader(answer.Body, int64(limit)+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("bucket: %w", err)
	case len(object) > limit:
		return nil, fmt.Errorf("%w: more than the %d bytes that are allowed", ErrTooLarge, limit)
	}
	return object, nil
}

func (s *Store) request(ctx context.Context, bucket, key, version string) (*http.Request, error) {
	for part := range strings.SplitSeq(bucket+"/"+key, "/") {
		if part == "." || part == ".." { // who resolves them reads something else than was asked for
			return nil, &Error{http.StatusBadRequest, "InvalidURI", "Couldn't parse the specified URI."}
		}
	}
	at := *s.endpoint
	at.Path = "/" + bucket + "/" + key
	at.RawPath = "/" + escape(bucket) + "/" + escape(key)
	if version != "" {
		at.RawQuery = "versionId=" + url.QueryEscape(version)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("bucket: %w", err)
	}
	if c := s.config.Credentials; c.AccessKeyID != "" {
		empty := sha256.Sum256(nil)
		r.Header.Set("X-Amz-Content-Sha256", hex.EncodeToString(empty[:]))
		if err := sigv4.Sign(r, nil, c, s.config.Region, "s3", s.config.Now()); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// escape writes each part of a key as it is signed: percent-encoded, unless
// unreserved.
func escape(key string) string {
	parts := strings.Split(key, "/")
	for i, part := range parts {
		parts[i] = strings.ReplaceAll(url.QueryEscape(part), "+", "%20")
	}
	return strings.Join(parts, "/")
}

// maxRefusal is how much of an error's text is read.
const maxRefusal = 16 << 10

// refusal reads S3's error.
func refusal(answer *http.Response) error {
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxRefusal))
	if err != nil {
		return fmt.Errorf("bucket: %w", err)
	}
	var said struct{ Code, Message string }
	if xml.Unmarshal(text, &said) != nil || said.Code == "" {
		said.Code, said.Message = fmt.Sprint(answer.StatusCode), http.StatusText(answer.StatusCode)
	}
	return &Error{answer.StatusCode, said.Code, said.Message}
}
