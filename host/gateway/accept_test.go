package gateway

import (
	"net"
	"os"
	"syscall"
	"testing"
)

// scripted is a listener that fails as it is told, and then has a connection.
type scripted struct {
	net.Listener
	errs []error
}

func (s *scripted) Accept() (net.Conn, error) {
	if len(s.errs) == 0 {
		c, _ := net.Pipe()
		return c, nil
	}
	err := s.errs[0]
	s.errs = s.errs[1:]
	return nil, &net.OpError{Op: "accept", Net: "tcp", Err: err}
}

// TestAcceptGoesOn has accepting fail as it does when the process has as many
// descriptors open as it may: serving must not end then.
func TestAcceptGoesOn(t *testing.T) {
	passing := []error{os.NewSyscallError("accept4", syscall.EMFILE), os.NewSyscallError("accept4", syscall.ENFILE), os.NewSyscallError("accept", syscall.ECONNABORTED)}
	l := &limited{Listener: &scripted{errs: passing}, connections: &connections{}, most: 1}
	c, err := l.Accept()
	if err != nil {
		t.Fatalf("accepting ended: %v", err)
	}
	c.Close()
	l = &limited{Listener: &scripted{errs: []error{passing[0], net.ErrClosed}}, connections: &connections{}, most: 1}
	if c, err := l.Accept(); err == nil {
		c.Close()
		t.Error("a closed listener accepts")
	}
}
