package wasi

import "context"

// The standard streams report an unknown type, as a pipe does: a libc that
// sees a character device takes it for a terminal, flushes every line and
// colours it; a Go program that sees one does not read its input.

// input is descriptor 0: bytes that are all there already.
type input struct{ rest []byte }

func (*input) Filetype() Filetype  { return Unknown }
func (*input) Fdflags() Fdflags    { return 0 }
func (i *input) Close()            { i.rest = nil }
func (i *input) Available() uint64 { return uint64(len(i.rest)) }

func (i *input) Read(_ context.Context, p []byte) (int, Errno) {
	n := copy(p, i.rest)
	i.rest = i.rest[n:]
	return n, ESUCCESS
}

// output is descriptor 1 or 2: a sink.
type output struct{ sink func(p []byte) Errno }

func (*output) Filetype() Filetype { return Unknown }
func (*output) Fdflags() Fdflags   { return 0 }
func (*output) Close()             {}
func (*output) Available() uint64  { return 0 }

func (*output) Read(context.Context, []byte) (int, Errno) { return 0, EBADF }

func (o *output) write(p []byte) (int, Errno) {
	if o.sink == nil {
		return len(p), ESUCCESS
	}
	if errno := o.sink(p); errno != ESUCCESS {
		return 0, errno
	}
	return len(p), ESUCCESS
}
