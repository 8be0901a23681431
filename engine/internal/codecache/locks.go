package codecache

import (
	"crypto/sha256"
	"sync"
)

// Locks are locks of modules, which a few may share.
type Locks [32]sync.Mutex

// Lock has the module of that key to itself until unlock is called.
func (l *Locks) Lock(key [sha256.Size]byte) (unlock func()) {
	mu := &l[int(key[0])%len(l)]
	mu.Lock()
	return mu.Unlock
}
