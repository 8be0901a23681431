package memfs

// Quota bounds /tmp.
type Quota struct {
	// Bytes is the most memory /tmp may take: the pages of its files, as
	// allocated, and a fixed charge for each file and folder with its name.
	// Holes in files are free. It is also the largest size of a file, so that
	// no hole pretends to room that does not exist.
	Bytes int64

	// Files is how many files and folders there may be, /tmp itself not
	// counted. One that was removed while open counts until it is closed.
	Files int
}

// account is what /tmp takes of its quota.
type account struct {
	quota      Quota
	used, peak int64
	files      int
}
