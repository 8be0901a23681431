package sandbox_test

import (
	"bufio"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/sandbox"
)

// holding is what a process holds of things that leak.
type holding struct {
	goroutines  int
	descriptors int // Linux only
	code        int // mappings of code that was compiled here; Linux only
	memories    int // kB of linear memories, with a little of Go's; Linux only
}

// holdings counts what is held before a test does something.
func holdings(t *testing.T) holding {
	t.Helper()
	// An engine keeps what all guests import as soon as one did.
	newBox(t, guest(t, "c/call"), sandbox.Config{})
	return count()
}

// count counts what is held when all that was let go is gone.
func count() holding {
	runtime.GC() // compiled code is unmapped by finalizers
	runtime.GC()
	h := holding{goroutines: runtime.NumGoroutine()}
	if entries, err := os.ReadDir("/proc/self/fd"); err == nil {
		h.descriptors = len(entries)
	}
	h.code, h.memories = mappings()
	return h
}

// mappings reads /proc/self/smaps. Neighbours are merged there, so memories are
// summed up: what huge pages are refused for, which Go's runtime does for some
// of its own.
func mappings() (code, memories int) {
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		return 0, 0
	}
	defer f.Close()
	size := 0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		switch {
		case len(fields) == 5 && strings.HasPrefix(fields[1], "r-x") && fields[4] == "0":
			code++
		case fields[0] == "Size:":
			size = 0
			for _, digit := range fields[1] {
				size = 10*size + int(digit-'0')
			}
		case fields[0] == "VmFlags:":
			for _, flag := range fields[1:] {
				if flag == "nh" {
					memories += size
				}
			}
		}
	}
	return code, memories
}

// compare fails the test if more is held than before, and goes on being held.
func (before holding) compare(t *testing.T) {
	t.Helper()
	const slack = 64 << 10 // half of what an instance reserves, in kB
	now := count()
	for range 500 { // goroutines that were told to end may take their time
		if now.goroutines <= before.goroutines && now.descriptors <= before.descriptors &&
			now.code <= before.code && now.memories <= before.memories+slack {
			return
		}
		time.Sleep(20 * time.Millisecond)
		now = count()
	}
	t.Errorf("the process holds %+v, before it held %+v", now, before)
}
