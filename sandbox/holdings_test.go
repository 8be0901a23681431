package sandbox_test

import (
	"bufio"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/sandbox"
)

// holding is what a process holds of things that leak.
type holding struct {
	goroutines  int
	descriptors int // Linux only
	code        int // kB of code that was compiled here; Linux only
	memories    int // kB of linear memories, with a little of Go's; Linux only, without the race detector
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

// stackOfWasmtime is the size of the stacks that wasmtime's guests run on, in kB: an
// engine keeps as many as ran at once.
const stackOfWasmtime = 49<<10 - 64

// mappings reads /proc/self/smaps. The kernel merges neighbours and splits them
// again, so sizes are summed up: of executable pages of no file, and of those
// that huge pages are refused for, which Go's runtime does for some of its own.
func mappings() (code, memories int) {
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		return 0, 0
	}
	defer f.Close()
	var size int
	var executable bool
	for lines := bufio.NewScanner(f); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		switch {
		case strings.Contains(fields[0], "-") && len(fields) >= 5:
			executable = len(fields) == 5 && strings.HasPrefix(fields[1], "r-x") && fields[4] == "0"
		case fields[0] == "Size:":
			size, _ = strconv.Atoi(fields[1])
			if executable {
				code += size
			}
		case raceEnabled: // the detector refuses huge pages, too, for what it keeps of Go's heap
		case sandbox.OnWasmtime && size == stackOfWasmtime:
		case fields[0] == "VmFlags:" && slices.Contains(fields[1:], "nh"):
			memories += size
		}
	}
	return code, memories
}

// compare fails the test if more is held than before, and goes on being held.
func (before holding) compare(t *testing.T) {
	t.Helper()
	// In kB: half of what an instance reserves, and a few small modules, which
	// the collector may hold on to for a while. A leak in a test that does
	// something a hundred times is larger.
	const slack, slackOfCode = 64 << 10, 64
	now := count()
	for range 500 { // goroutines that were told to end may take their time
		if now.goroutines <= before.goroutines && now.descriptors <= before.descriptors &&
			now.code <= before.code+slackOfCode && now.memories <= before.memories+slack {
			return
		}
		time.Sleep(20 * time.Millisecond)
		now = count()
	}
	t.Errorf("the process holds %+v, before it held %+v", now, before)
}
