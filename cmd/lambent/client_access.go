package main

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/lambent-dev/lambent/host"
)

// base is the URL that paths are added to. An endpoint unix:PATH is a Lambent that
// listens on a Unix socket.
func (c *client) base() string {
	path, ok := strings.CutPrefix(c.endpoint, "unix:")
	if !ok {
		return c.endpoint
	}
	if c.http.Transport == nil {
		c.http.Transport = &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", path)
		}}
	}
	return "http://localhost"
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
