package wasi

// table is the guest's descriptors. A descriptor is an index into entries.
type table struct {
	entries []entry // a free one has no d
	free    int     // no entry below it is free
	max     int     // most entries there may be
}

// entry is one open descriptor.
type entry struct {
	d                Descriptor
	flags            Fdflags
	base, inheriting Rights
	preopen          bool
}

// get returns the entry of fd: EBADF if it is not open. It is valid until
// something is put.
func (t *table) get(fd uint32) (*entry, Errno) {
	if uint64(fd) >= uint64(len(t.entries)) || t.entries[fd].d == nil {
		return nil, EBADF
	}
	return &t.entries[fd], ESUCCESS
}

// room finds the place for one more: EMFILE if there is none. It is called
// before put, and before anything else that must not happen in vain.
func (t *table) room() Errno {
	for t.free < len(t.entries) && t.entries[t.free].d != nil {
		t.free++
	}
	if t.free >= t.max {
		return EMFILE
	}
	return ESUCCESS
}

// put puts e at the lowest free number. There must be room.
func (t *table) put(e entry) uint32 {
	fd := t.free
	if fd == len(t.entries) {
		t.entries = append(t.entries, e)
	} else {
		t.entries[fd] = e
	}
	return uint32(fd)
}

// take empties the place of fd and returns what was there.
func (t *table) take(fd uint32) (entry, Errno) {
	e, errno := t.get(fd)
	if errno != ESUCCESS {
		return entry{}, errno
	}
	taken := *e
	*e = entry{}
	t.free = min(t.free, int(fd))
	return taken, ESUCCESS
}

// close closes fd.
func (t *table) close(fd uint32) Errno {
	e, errno := t.take(fd)
	if errno != ESUCCESS {
		return errno
	}
	e.d.Close()
	return ESUCCESS
}

// can says whether the entry has all of need: ENOTCAPABLE if not.
func (e *entry) can(need Rights) Errno {
	if e.base&need != need {
		return ENOTCAPABLE
	}
	return ESUCCESS
}
