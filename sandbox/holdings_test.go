package sandbox_test

import (
	"bufio"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// holding is what a process holds of things that leak.
type holding struct {
	goroutines  int
	descriptors int // Linux only
	code        int // mappings of code that was compiled here; Linux only
	memories    int // bytes in kB of linear memories; Linux only
}

// holdings counts what is held, when all that was let go is gone.
func holdings() holding {
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
// summed up; they are the only ones for which huge pages are refused.
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
	now := holdings()
	for range 500 { // goroutines that were told to end may take their time
		if now == before {
			return
		}
		time.Sleep(20 * time.Millisecond)
		now = holdings()
	}
	t.Errorf("the process holds %+v, before it held %+v", now, before)
}
