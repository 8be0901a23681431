package main

import (
	"bufio"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Holding is what the process holds of things that could be left over. Sizes are
// in KiB. What the system does not tell is 0.
type Holding struct {
	Goroutines  int
	Descriptors int
	Code        int // compiled here
	Memories    int // addresses that huge pages are refused for: linear memories and a little of Go's
	Resident    int
}

// hold counts what is held when all that was let go is gone.
func hold() (h Holding) {
	// Goroutines that were told to end take their time, as finalizers do.
	for range 5 {
		debug.FreeOSMemory()
		time.Sleep(10 * time.Millisecond)
	}
	h.Goroutines = runtime.NumGoroutine()
	if entries, err := os.ReadDir("/proc/self/fd"); err == nil {
		h.Descriptors = len(entries)
	}
	h.Code, h.Memories, h.Resident = mapped()
	return h
}

// mapped reads /proc/self/smaps. The kernel merges neighbours and splits them
// again, so sizes are summed up.
func mapped() (code, memories, resident int) {
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		return 0, 0, 0
	}
	defer f.Close()
	var size int
	var executable bool
	for lines := bufio.NewScanner(f); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		number := func() int {
			n, _ := strconv.Atoi(fields[1]) // the kernel's
			return n
		}
		switch {
		case strings.Contains(fields[0], "-") && len(fields) >= 5:
			executable = len(fields) == 5 && strings.HasPrefix(fields[1], "r-x") && fields[4] == "0"
		case fields[0] == "Size:":
			size = number()
			if executable {
				code += size
			}
		case fields[0] == "Rss:":
			resident += number()
		case fields[0] == "VmFlags:" && slices.Contains(fields[1:], "nh"):
			memories += size
		}
	}
	return code, memories, resident
}
