package memfs

// Pristine says whether nothing is, or ever was, in /tmp.
func (f *FS) Pristine() bool {
	return len(f.entries) == 0 && f.lastIno == f.base.lastIno && f.account.peak == 0
}
