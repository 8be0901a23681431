package sandbox

import (
	"regexp"
	"sync"
	"testing"
)

// TestRequestIDs makes more of them than a batch has, from many goroutines.
func TestRequestIDs(t *testing.T) {
	const each = 500
	var ids RequestIDs
	made := make([][each]string, 8)
	var wg sync.WaitGroup
	for i := range made {
		wg.Go(func() {
			for j := range each {
				made[i][j] = ids.New()
			}
		})
	}
	wg.Wait()
	version4 := regexp.MustCompile("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
	seen := map[string]bool{}
	for i := range made {
		for _, id := range made[i] {
			if seen[id] || !version4.MatchString(id) {
				t.Fatalf("%s, made before: %v", id, seen[id])
			}
			seen[id] = true
		}
	}
}
