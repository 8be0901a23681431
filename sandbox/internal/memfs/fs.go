package memfs

import "strings"

// FS is the file system of one instance: a shared Base and a /tmp of its own.
// It and its handles are used by one goroutine at a time.
type FS struct {
	base    *Base
	now     func() int64
	tmp     *node
	entries map[entryKey]*node // what /tmp holds, at any depth
	lastIno uint64
	account account
}

// New makes an FS over base whose /tmp is empty and may hold what quota says. It
// was made at the Unix epoch, see Reset. now gives the time in nanoseconds since
// the Unix epoch, never negative; it is asked when something in /tmp changes.
func New(base *Base, quota Quota, now func() int64) *FS {
	f := &FS{base: base, now: now, account: account{quota: quota}, tmp: new(node)}
	f.Reset(0)
	return f
}

// Reset makes f as New does, with a /tmp that was made at a time in nanoseconds
// since the Unix epoch. No handle of f may be open.
func (f *FS) Reset(at int64) {
	*f.tmp = *f.base.tmp
	f.tmp.writable = true
	f.tmp.atim = uint64(at)
	f.tmp.mtim, f.tmp.ctim = f.tmp.atim, f.tmp.atim
	f.entries, f.lastIno = nil, f.base.lastIno
	f.account = account{quota: f.account.quota, pay: f.account.pay}
}

// Root opens /, from which everything else is reached.
func (f *FS) Root() *Handle { return f.open(f.base.root, Read) }

// Used returns the bytes that /tmp takes now; see Quota for what counts.
func (f *FS) Used() int64 { return f.account.used }

// Peak returns the most that Used ever was.
func (f *FS) Peak() int64 { return f.account.peak }

func (f *FS) time() uint64 { return uint64(f.now()) }

// child returns what dir holds under name, nil if nothing.
func (f *FS) child(dir *node, name string) *node {
	if dir.writable {
		return f.entries[entryKey{dir, name}]
	}
	n := f.base.entries[entryKey{dir, name}]
	if n == f.base.tmp {
		return f.tmp
	}
	return n
}

// create makes an empty file or folder in dir, where name is free.
func (f *FS) create(dir *node, name string, kind FileType) (*node, Errno) {
	if !dir.writable {
		return nil, EROFS
	}
	if dir.removed() {
		return nil, ENOENT
	}
	if !f.account.enter(len(name)) {
		return nil, ENOSPC
	}
	f.lastIno++
	now := f.time()
	n := &node{ino: f.lastIno, kind: kind, writable: true, atim: now, mtim: now, ctim: now}
	if kind == Regular {
		n.data = &content{account: &f.account}
	} else {
		n.lastCookie = cookieDotDot
	}
	f.attach(n, dir, strings.Clone(name))
	dir.changed(now)
	return n, Success
}

// attach puts n into dir, at the end.
func (f *FS) attach(n, dir *node, name string) {
	if f.entries == nil {
		f.entries = make(map[entryKey]*node)
	}
	f.entries[entryKey{dir, name}] = n
	dir.append(n, name)
}

// detach takes n out of its folder.
func (f *FS) detach(n *node) {
	delete(f.entries, entryKey{n.parent, n.name})
	const pointer = 8
	f.account.work(pointer * n.parent.remove(n))
}

// discard removes n, which is no folder with entries, for good.
func (f *FS) discard(n *node) {
	now := f.time()
	n.parent.changed(now)
	f.detach(n)
	n.parent = nil
	n.ctim = now
	f.release(n)
}

// release gives back the room of n if nothing refers to it any more.
func (f *FS) release(n *node) {
	if !n.removed() || n.opens > 0 {
		return
	}
	if n.data != nil {
		n.data.truncate(0)
	}
	f.account.leave(len(n.name))
}
