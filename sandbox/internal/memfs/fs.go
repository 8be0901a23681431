package memfs

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

// New makes an FS over base whose /tmp is empty and may hold what quota says.
// now gives the time in nanoseconds since the Unix epoch, never negative; it
// is asked only when something in /tmp changes.
func New(base *Base, quota Quota, now func() int64) *FS {
	return &FS{base: base, now: now, account: account{quota: quota}}
}

// Root opens /, from which everything else is reached.
func (f *FS) Root() *Handle { return nil }

// Used returns the bytes that /tmp takes now; see Quota for what counts.
func (f *FS) Used() int64 { return f.account.used }

// Peak returns the most that Used ever was.
func (f *FS) Peak() int64 { return f.account.peak }
