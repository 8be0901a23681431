package wasi

import (
	"context"
	"slices"

	"github.com/lambent-dev/lambent/engine"
	"github.com/lambent-dev/lambent/sandbox/internal/memfs"
)

// Config is what one guest is given. World and FS must be set.
type Config struct {
	// Args are the guest's arguments, its own name first. They must not hold NUL
	// bytes.
	Args []string

	// Env returns the guest's environment, each variable as "NAME=value" without
	// NUL bytes: the same whenever it is asked. nil: there is none.
	Env func() []string

	// Stdin is what descriptor 0 reads. It is not copied.
	Stdin []byte

	// Stdout and Stderr take what is written to descriptors 1 and 2, in pieces
	// of at most 1 MiB that are not cut at lines. A piece is guest memory: it is
	// valid until the sink returns. An Errno other than ESUCCESS is the guest's.
	// nil drops everything.
	Stdout, Stderr func(p []byte) Errno

	// FS is what the guest sees as "/", descriptor 3. Its clock should be
	// World.Wall.
	FS *memfs.FS

	World World

	// Flags are those of descriptors 0 to 3, which a guest may set and then goes
	// on with: what Flags returned of the State that it has been through its init
	// phase with. The zero value is what New's guests begin with.
	Flags [4]Fdflags

	// OpenFiles is how many descriptors may be open at once; the first four are
	// open in any case.
	OpenFiles int
}

// State is one guest's side of the module: its descriptors and what it was
// given. It is used by one goroutine at a time. Making one is cheap.
type State struct {
	// Calls counts the guest's calls of host functions, and Bytes what crossed
	// the border in them, both ways; see Begin and Pay.
	Calls, Bytes uint64

	cfg   Config
	table table

	// What is open at first.
	stdin          input
	stdout, stderr output
	root           folder

	work func(n int) // Work, made once

	// Of the call under way.
	ctx   context.Context
	meter *engine.Meter

	// Room that is used again in the next call. None of it keeps a view of
	// guest memory or a channel from one call to the next.
	views [][]byte
	poll  poll
}

// New makes the State of a guest that has not run yet.
func New(cfg Config) *State {
	s := new(State)
	s.Reset(cfg)
	return s
}

// Reset makes s the State of another guest that has not run yet.
func (s *State) Reset(cfg Config) {
	s.Close()
	s.Calls, s.Bytes, s.cfg = 0, 0, cfg
	if s.work == nil {
		s.work = s.Work
	}
	cfg.FS.OnWork(s.work)
	s.stdin, s.stdout, s.stderr = input{rest: cfg.Stdin}, output{sink: cfg.Stdout}, output{sink: cfg.Stderr}
	s.root = folder{handle: cfg.FS.Root()}
	clear(s.table.entries)
	first := s.first()
	s.table = table{max: max(cfg.OpenFiles, 4), entries: append(s.table.entries[:0], first[:]...)}
}

// first returns the descriptors that are open at first.
func (s *State) first() [4]entry {
	flags := &s.cfg.Flags
	return [4]entry{
		{d: &s.stdin, flags: flags[0], base: streamRights | RightFdRead},
		{d: &s.stdout, flags: flags[1], base: streamRights | RightFdWrite},
		{d: &s.stderr, flags: flags[2], base: streamRights | RightFdWrite},
		{d: &s.root, flags: flags[3], base: folderRights, inheriting: folderRights | fileRights, preopen: true},
	}
}

// Pristine says whether the descriptors are as New makes them, but for the flags
// that Flags returns: a guest that goes on with another State, made with those,
// would notice nothing.
func (s *State) Pristine() bool {
	first := s.first()
	for i, flags := range s.Flags() {
		first[i].flags = flags
	}
	// A number beyond them that is free again is as good as one never used.
	open := s.table.entries
	for len(open) > len(first) && open[len(open)-1].d == nil {
		open = open[:len(open)-1]
	}
	return slices.Equal(open, first[:])
}

// Flags returns those of descriptors 0 to 3, for Config.Flags. Go's runtime, for
// one, sets some before main.
func (s *State) Flags() (flags [4]Fdflags) {
	for i := range flags {
		if e, errno := s.table.get(uint32(i)); errno == ESUCCESS {
			flags[i] = e.flags
		}
	}
	return flags
}

// Full says whether Insert has no room for another descriptor: for what must
// not begin in vain.
func (s *State) Full() bool { return s.table.room() != ESUCCESS }

// Insert gives d the lowest free number: EMFILE if OpenFiles are open. The
// State closes d when the guest does, or in Close.
func (s *State) Insert(d Descriptor) (fd uint32, errno Errno) {
	if errno := s.table.room(); errno != ESUCCESS {
		return 0, errno
	}
	return s.table.put(entry{
		d:     d,
		flags: d.Fdflags(),
		base:  streamRights | RightFdRead,
	}), ESUCCESS
}

// Descriptor returns what stands behind fd, whatever put it there.
func (s *State) Descriptor(fd uint32) (Descriptor, bool) {
	e, errno := s.table.get(fd)
	if errno != ESUCCESS {
		return nil, false
	}
	return e.d, true
}

// Close closes every descriptor that is open, and lets go of what the guest was
// given. Until Reset the State is of no use.
func (s *State) Close() {
	s.meter = nil // nobody pays any more
	for fd := range s.table.entries {
		s.table.close(uint32(fd))
	}
	s.cfg, s.ctx, s.root = Config{}, nil, folder{}
}
