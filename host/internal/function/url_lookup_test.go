package function

import (
	"sync"
	"sync/atomic"
	"testing"
)

// TestURLsForget changes what there is while others read and remember it: after a
// change nothing is known that was read before.
func TestURLsForget(t *testing.T) {
	var u urls
	var there atomic.Int64 // how many URLs there are
	over := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-over:
					return
				default:
				}
				asOf := u.asOf()
				found := map[string]Ref{}
				if there.Load()%2 == 1 {
					found["id"] = Ref{}
				}
				u.remember(&found, asOf)
			}
		})
	}
	for range 2_000_000 {
		n := there.Add(1)
		u.forget()
		if known := u.known.Load(); known != nil && int64(len(*known)) != n%2 {
			t.Fatalf("after change %d, %d URLs are known", n, len(*known))
		}
	}
	close(over)
	readers.Wait()
}
