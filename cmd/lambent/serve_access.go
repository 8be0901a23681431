package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lambent-dev/lambent/host"
	"github.com/lambent-dev/lambent/host/gateway"
)

// accessOptions are the flags that say who may come in, and how.
type accessOptions struct {
	auth            string // "": none where that is possible
	tlsCert, tlsKey string
}

func (o *accessOptions) add(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.auth, "auth", "", "`who` may come in: none asks nobody for a signature, keys wants one made with an access key (default none, which takes a loopback address or a Unix socket)")
	f.StringVar(&o.tlsCert, "tls-cert", "", "the `file` with the certificate to encrypt connections with, in PEM")
	f.StringVar(&o.tlsKey, "tls-key", "", "the `file` with its private key, in PEM")
}

// listen listens on an address, if it may be served like that.
func (o *accessOptions) listen(address, data string) (net.Listener, gateway.Config, error) {
	auth := gateway.Auth(cmp.Or(o.auth, string(gateway.AuthNone)))
	if auth != gateway.AuthNone && auth != gateway.AuthKeys {
		return nil, gateway.Config{}, fmt.Errorf("--auth %q: allowed are none and keys", o.auth)
	}
	config := gateway.Config{Auth: auth}
	if (o.tlsCert == "") != (o.tlsKey == "") {
		return nil, config, errors.New("--tls-cert and --tls-key go together: the certificate and its private key")
	}
	if o.tlsCert != "" {
		certificate, err := tls.LoadX509KeyPair(o.tlsCert, o.tlsKey)
		if err != nil {
			return nil, config, fmt.Errorf("--tls-cert %s, --tls-key %s: %w", o.tlsCert, o.tlsKey, err)
		}
		config.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}}
	}
	l, err := gateway.Listen(address, auth)
	switch {
	case err == nil:
	case strings.Contains(err.Error(), "is not a loopback address"):
		err = fmt.Errorf("%w; make a key with: lambent keys create --data %s, and add --auth keys", err, data)
	default:
		err = fmt.Errorf("%w; choose another with --listen, such as 127.0.0.1:0", err)
	}
	return l, config, err
}

// check refuses to serve where nobody could come in.
func (o *accessOptions) check(ctx context.Context, h *host.Host, config gateway.Config, data string) error {
	if config.Auth != gateway.AuthKeys {
		return nil
	}
	keys, err := h.Access().List(ctx)
	if err == nil && len(keys) == 0 {
		err = fmt.Errorf("--auth keys: there is no access key yet, nobody could come in; make one with: lambent keys create --data %s", data)
	}
	return err
}

// tell says who may come in.
func tellAccess(w io.Writer, config gateway.Config, address net.Addr) {
	tcp, isTCP := address.(*net.TCPAddr)
	switch {
	case config.Auth == gateway.AuthNone && isTCP:
		fmt.Fprintln(w, "Warning: no authentication (--auth none): every program on this machine may deploy, invoke and delete functions. --auth keys asks for signatures.")
	case config.Auth == gateway.AuthNone:
		fmt.Fprintln(w, "Warning: no authentication (--auth none): whoever may open the socket may do everything. --auth keys asks for signatures.")
	case isTCP && !tcp.IP.IsLoopback() && config.TLS == nil:
		fmt.Fprintln(w, "Warning: connections are not encrypted; --tls-cert and --tls-key do that.")
	}
}

// urlOf is how clients name what a listener listens on.
func urlOf(address net.Addr, config gateway.Config) string {
	switch {
	case address.Network() == "unix":
		return "unix:" + address.String()
	case config.TLS != nil:
		return "https://" + address.String()
	}
	return "http://" + address.String()
}
