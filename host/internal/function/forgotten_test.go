package function_test

import (
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/lambent-dev/lambent/host/internal/function"
)

// TestPackagesAreForgotten: a function that was deployed used to keep its package in
// memory as long as it was ready to run.
func TestPackagesAreForgotten(t *testing.T) {
	const large = 16 << 20
	content := make([]byte, large)
	rand.NewChaCha8([32]byte{1}).Read(content) // what does not compress
	zip := pack(t, "bootstrap", string(guest(t, "echo")), "content", string(content))
	s := newService(t, function.Config{})
	heap := func() int64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	active(t, s, "before", packGuest(t, "echo"))
	before := heap()
	active(t, s, "f", zip)
	if got := invoke(t, s, "f", `1`); got != `1` {
		t.Errorf("it answered %s", got)
	}
	if kept := heap() - before; kept > large/2 {
		t.Errorf("%d bytes are kept of a package of %d", kept, len(zip))
	}
	runtime.KeepAlive(zip)
	runtime.KeepAlive(content)
}
