package memfs

// Quota bounds /tmp.
type Quota struct {
	// Bytes is the most memory /tmp may take: the pages of its files, as
	// allocated, and 512 bytes for each file and folder beside its name. Holes
	// in files are free. It is also the largest size of a file, up to 1 TiB, so
	// that no hole pretends to room that does not exist.
	Bytes int64

	// Files is how many files and folders there may be, /tmp itself not
	// counted. One that was removed while open counts until it is closed.
	Files int
}

// entryCharge covers what an empty file or folder costs the host: its node and
// content, its places in the map of entries and in its folder's order.
const entryCharge = 512

// sizeMax is the largest size of a file, in bytes, whatever the quota: the
// table of its pages must fit into memory.
const sizeMax = 1 << 40

// account is what /tmp takes of its quota.
type account struct {
	quota      Quota
	used, peak int64
	files      int
	pay        func(bytes int) // see FS.OnWork
}

// room returns how many bytes are left.
func (a *account) room() int64 { return max(a.quota.Bytes-a.used, 0) }

// take claims n bytes, if there is room for all of them.
func (a *account) take(n int64) bool {
	if n > a.room() {
		return false
	}
	a.used += n
	a.peak = max(a.peak, a.used)
	return true
}

// give returns n bytes.
func (a *account) give(n int64) { a.used -= n }

// enter claims an entry whose name has n bytes.
func (a *account) enter(n int) bool {
	if a.files >= a.quota.Files || !a.take(entryCharge+int64(n)) {
		return false
	}
	a.files++
	return true
}

// leave returns an entry whose name has n bytes.
func (a *account) leave(n int) {
	a.give(entryCharge + int64(n))
	a.files--
}

// largest returns the largest size of a file.
func (a *account) largest() uint64 { return uint64(min(max(a.quota.Bytes, 0), sizeMax)) }
