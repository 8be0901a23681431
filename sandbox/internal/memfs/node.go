package memfs

type node struct{}

type entryKey struct {
	dir  *node
	name string
}
