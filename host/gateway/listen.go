package gateway

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// unixPrefix is what the address of a Unix socket begins with.
const unixPrefix = "unix:"

// Listen listens on a TCP address such as 127.0.0.1:9000, or on a Unix socket,
// unix:/path, that only its owner may connect to. The address must be one that
// Serve takes with that Auth.
func Listen(address string, auth Auth) (net.Listener, error) {
	if path, ok := strings.CutPrefix(address, unixPrefix); ok {
		return listenUnix(path)
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("gateway: %w", err)
	}
	if err := mayServe(l.Addr(), auth); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// mayServe says why an address may not be served.
func mayServe(a net.Addr, auth Auth) error {
	switch auth {
	case AuthKeys:
		return nil
	case AuthNone:
	default:
		return fmt.Errorf("gateway: Auth is %q; allowed are %s and %s", auth, AuthNone, AuthKeys)
	}
	switch a := a.(type) {
	case *net.UnixAddr:
		return nil
	case *net.TCPAddr:
		if a.IP.IsLoopback() {
			return nil
		}
	}
	return fmt.Errorf("gateway: %s is not a loopback address; without authentication, everybody who reaches it could run code here: "+
		"require access keys, or listen on 127.0.0.1, [::1], localhost or a Unix socket", a)
}

// unixListener removes its socket, from where it was moved to, when it is closed: before
// that, while nobody else takes its place, and not another one that somebody put there.
type unixListener struct {
	*net.UnixListener
	path   string
	socket fs.FileInfo
	closed sync.Once
}

// Addr is where the socket was moved to.
func (l *unixListener) Addr() net.Addr { return &net.UnixAddr{Name: l.path, Net: "unix"} }

func (l *unixListener) Close() (err error) {
	l.closed.Do(func() {
		if there, gone := os.Lstat(l.path); gone == nil && os.SameFile(there, l.socket) {
			err = os.Remove(l.path)
		}
	})
	return errors.Join(err, l.UnixListener.Close())
}

// listenUnix makes the socket in a folder of its own and moves it to its place
// when nobody else may connect to it any more. What a process that is gone left
// there is replaced, a socket on which somebody listens is not.
func listenUnix(path string) (net.Listener, error) {
	fail := func(err error) (net.Listener, error) {
		return nil, fmt.Errorf("gateway: listening on the Unix socket %s: %w", path, err)
	}
	if path == "" {
		return nil, errors.New("gateway: unix: names no socket; the address is unix: and its path")
	}
	info, err := os.Lstat(path)
	switch {
	case err == nil && info.Mode().Type() != fs.ModeSocket:
		return fail(errors.New("something else is there"))
	case err == nil:
		if c, err := net.Dial("unix", path); err == nil {
			c.Close()
			return fail(errors.New("somebody listens there already"))
		}
	case !errors.Is(err, fs.ErrNotExist):
		return fail(err)
	}
	folder, err := os.MkdirTemp(filepath.Dir(path), ".s") // mode 0700; short, as paths of sockets must be
	if err != nil {
		return fail(err)
	}
	defer os.Remove(folder)
	made := filepath.Join(folder, "s")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: made, Net: "unix"})
	if err != nil {
		return fail(err)
	}
	l.SetUnlinkOnClose(false)
	if err = os.Chmod(made, 0o600); err == nil {
		info, err = os.Lstat(made)
	}
	if err == nil {
		err = os.Rename(made, path)
	}
	if err != nil {
		l.Close()
		os.Remove(made)
		return fail(err)
	}
	return &unixListener{UnixListener: l, path: path, socket: info}, nil
}
