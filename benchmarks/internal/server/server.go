package server

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/lambent-dev/lambent/benchmarks/internal/load"
)

// Server is a child process that answers.
type Server struct {
	Address string
	cmd     *exec.Cmd
	log     *os.File // standard output and standard error
}

// patience is how long a server may take to start, and to stop.
const patience = time.Minute

// pause lies between two attempts to connect.
const pause = 50 * time.Microsecond

// Start starts a program on a free loopback address, which it gets as --listen,
// and returns when it has answered the exchange first. took is the time from
// just before the process was made.
func Start(ctx context.Context, first *load.Exchange, program string, args ...string) (s *Server, took time.Duration, err error) {
	return StartAt(ctx, first, program, func(address string) []string { return append(args, "--listen", address) })
}

// StartAt is Start for a program that is told its address in another way.
func StartAt(ctx context.Context, first *load.Exchange, program string, args func(address string) []string) (s *Server, took time.Duration, err error) {
	s = &Server{}
	if s.Address, err = freeAddress(); err != nil {
		return nil, 0, err
	}
	if s.log, err = os.CreateTemp("", "lambent-benchmarks-log-"); err != nil {
		return nil, 0, err
	}
	s.cmd = exec.Command(program, args(s.Address)...)
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	begin := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, 0, errors.Join(err, s.forget())
	}
	if err := s.await(ctx, first); err != nil {
		err = fmt.Errorf("%s does not answer: %w", filepath.Base(program), err)
		return nil, 0, errors.Join(err, s.Stop())
	}
	return s, time.Since(begin), nil
}

// freeAddress returns one that nobody listens on. Where there are millions of
// loopback addresses it is on one of its own: a port of 127.0.0.1 may be taken by
// the next connection that somebody makes, before the child listens.
func freeAddress() (string, error) {
	own := net.IPv4(127, byte(1+rand.N(254)), byte(rand.N(256)), byte(1+rand.N(254)))
	l, err := net.Listen("tcp", net.JoinHostPort(own.String(), "0"))
	if err != nil {
		l, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// await asks until there is an answer. A server that listens before it is ready
// is waited for on the connection.
func (s *Server) await(ctx context.Context, first *load.Exchange) error {
	for begin := time.Now(); ; time.Sleep(pause) {
		c, err := load.Dial(ctx, s.Address, patience)
		if errors.Is(err, syscall.ECONNREFUSED) && time.Since(begin) < patience {
			continue
		}
		if err != nil {
			return err
		}
		defer c.Close()
		return c.Do(first)
	}
}

// Stop asks the server to end, and waits. It must do so by itself, with success.
func (s *Server) Stop() error {
	kill := time.AfterFunc(patience, func() { s.cmd.Process.Kill() })
	defer kill.Stop()
	err := s.cmd.Process.Signal(syscall.SIGTERM)
	if ended := s.cmd.Wait(); ended != nil {
		said, _ := os.ReadFile(s.log.Name())
		err = errors.Join(err, fmt.Errorf("%s: %w\n%s", filepath.Base(s.cmd.Path), ended, tail(said)))
	}
	return errors.Join(err, s.forget())
}

func (s *Server) forget() error { return errors.Join(s.log.Close(), os.Remove(s.log.Name())) }

// tail is the end of what a program said.
func tail(b []byte) []byte { return b[max(0, len(b)-4096):] }
