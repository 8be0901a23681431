package gateway

import "sync/atomic"

// budget counts bytes that are held.
type budget struct {
	limit int64
	used  atomic.Int64
}

// take reserves n bytes, if that many are left.
func (b *budget) take(n int64) bool {
	if b.used.Add(n) > b.limit {
		b.used.Add(-n)
		return false
	}
	return true
}

// hold counts n bytes that exist already, be they within the limit or not.
func (b *budget) hold(n int64) { b.used.Add(n) }

func (b *budget) release(n int64) { b.used.Add(-n) }
