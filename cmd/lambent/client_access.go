package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/lambent-dev/lambent/host"
)

// unixPrefix is what the endpoint of a Lambent that listens on a Unix socket
// begins with; the socket's path follows.
const unixPrefix = "unix:"

// base is the URL that paths are added to.
func (c *client) base() string {
	if strings.HasPrefix(c.endpoint, unixPrefix) {
		return "http://localhost"
	}
	return strings.TrimSuffix(c.endpoint, "/")
}

// open makes the transport, unless there is one.
func (c *client) open() error {
	c.opening.Do(func() {
		if c.http.Transport != nil {
			return
		}
		var transport *http.Transport
		if transport, c.unopened = transportTo(c.endpoint); c.unopened == nil {
			c.http.Transport = transport
		}
	})
	return c.unopened
}

// transportTo makes a transport to an endpoint: a URL, or unix:PATH. As AWS's tools
// do, it trusts the certificates in the file that $AWS_CA_BUNDLE names, beside those
// that the system does.
func transportTo(endpoint string) (*http.Transport, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	bundle := os.Getenv("AWS_CA_BUNDLE")
	if path, ok := strings.CutPrefix(endpoint, unixPrefix); ok {
		transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", path)
		}
		return transport, nil
	}
	u, err := url.Parse(endpoint)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("the endpoint %q is neither a URL such as %s nor unix:PATH", endpoint, defaultEndpoint)
	}
	if u.Scheme == "https" && bundle != "" {
		text, err := os.ReadFile(bundle)
		if err != nil {
			return nil, fmt.Errorf("$AWS_CA_BUNDLE: %w", err)
		}
		trusted, err := x509.SystemCertPool()
		if err != nil {
			trusted = x509.NewCertPool()
		}
		if !trusted.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("$AWS_CA_BUNDLE: %s holds no certificate in PEM", bundle)
		}
		transport.TLSClientConfig = &tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS12}
	}
	return transport, nil
}

// explain says of an error of HTTP what may be done about it.
func (c *client) explain(err error) error {
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	switch {
	case errors.Is(err, syscall.ECONNREFUSED), strings.HasPrefix(c.endpoint, unixPrefix) && errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("nothing listens at %s; start it with: lambent serve", c.endpoint)
	case untrusted:
		return fmt.Errorf("%w; $AWS_CA_BUNDLE may name a file with certificates to trust", err)
	case errors.Is(err, io.EOF) && strings.HasPrefix(c.endpoint, "http://"):
		return fmt.Errorf("%w: the connection was closed without an answer; if it is to be encrypted (lambent serve --tls-cert), the endpoint begins with https://", err)
	}
	return err
}

// sign signs a request if the environment has an access key, as for AWS's tools.
func sign(r *http.Request, body []byte) error {
	credentials := host.Credentials{
		AccessKeyID:     os.Getenv("AWS_ACCESS_KEY_ID"),
		SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"),
		SessionToken:    os.Getenv("AWS_SESSION_TOKEN"),
	}
	if credentials.AccessKeyID == "" || credentials.SecretAccessKey == "" {
		return nil
	}
	region := cmp.Or(os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION"), "us-east-1")
	return credentials.Sign(r, body, region, "lambda", time.Now())
}
