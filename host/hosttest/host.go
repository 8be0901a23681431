package hosttest

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host"
	"github.com/lambent-dev/lambent/host/gateway"
)

// Host is a Host with an address.
type Host struct {
	*host.Host

	Endpoint string // http://127.0.0.1:PORT
	Region   string // us-east-1, unless configured otherwise

	// What SDKs sign with. Signatures are verified if it is a Host of NewWithKeys.
	AccessKeyID, SecretAccessKey string
}

// New starts a Host in a temporary directory, with AWS's API at Endpoint, and
// stops it when the test ends. The functions configure change what the Host is
// opened with; its Dir is set already. Logs of functions go to the test's log,
// unless Log is set.
func New(t testing.TB, configure ...func(*host.Config)) *Host {
	t.Helper()
	return start(t, gateway.AuthNone, configure)
}

// NewWithKeys is New of a Host that answers only what is signed with an access key
// and allowed by policies. AccessKeyID and SecretAccessKey are those of its account
// itself; others come of Access.
func NewWithKeys(t testing.TB, configure ...func(*host.Config)) *Host {
	t.Helper()
	h := start(t, gateway.AuthKeys, configure)
	key, err := h.Access().Create(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	h.AccessKeyID, h.SecretAccessKey = key.ID, key.Secret
	return h
}

func start(t testing.TB, auth gateway.Auth, configure []func(*host.Config)) *Host {
	t.Helper()
	config := host.Config{
		Dir:    t.TempDir(),
		Region: "us-east-1",

		EnforceRoles: auth == gateway.AuthKeys,
		Log: func(function, _ string, line host.LogLine) {
			t.Logf("%s: %s", function, line.Message)
		},
	}
	for _, f := range configure {
		f(&config)
	}
	h, err := host.Open(config)
	if err != nil {
		t.Fatal(err)
	}
	// In this order: the address goes before the Host, both before the directory.
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Errorf("close the host: %v", err)
		}
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := gateway.New(h, gateway.Config{Auth: auth, Log: slog.New(slog.NewTextHandler(output{t}, nil))})
	served := make(chan error, 1)
	go func() { served <- g.Serve(l) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := g.Shutdown(ctx); err != nil {
			t.Errorf("stop serving: %v", err)
		}
		// A test may end before its address is served.
		if err := <-served; err != nil && !errors.Is(err, gateway.ErrServed) {
			t.Errorf("serve: %v", err)
		}
	})
	return &Host{
		Host:        h,
		Endpoint:    "http://" + l.Addr().String(),
		Region:      config.Region,
		AccessKeyID: "test", SecretAccessKey: "test",
	}
}

// Environ is what the AWS CLI and programs with an AWS SDK need in their
// environment to speak to the Host and to nothing else: NAME=VALUE pairs.
func (h *Host) Environ() []string {
	return []string{
		"AWS_ENDPOINT_URL=" + h.Endpoint,
		"AWS_REGION=" + h.Region,
		"AWS_DEFAULT_REGION=" + h.Region,
		"AWS_ACCESS_KEY_ID=" + h.AccessKeyID,
		"AWS_SECRET_ACCESS_KEY=" + h.SecretAccessKey,
		"AWS_SESSION_TOKEN=",
		// Neither a file of the user's nor a server in the network overrides them.
		"AWS_CONFIG_FILE=/dev/null",
		"AWS_SHARED_CREDENTIALS_FILE=/dev/null",
		"AWS_EC2_METADATA_DISABLED=true",
		"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=false",
		"NO_PROXY=127.0.0.1",
	}
}

// output makes a test's log a writer.
type output struct{ t testing.TB }

var _ io.Writer = output{}

func (o output) Write(p []byte) (int, error) {
	o.t.Logf("%s", p)
	return len(p), nil
}
