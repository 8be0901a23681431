package compute

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// threadTime returns the processor time that the calling thread has taken, in
// user and system mode together, in nanoseconds. getrusage tells the two apart,
// but is behind by as much as a tick of the kernel's, 4 ms.
func threadTime() (time.Duration, error) {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		return 0, fmt.Errorf("clock_gettime: %w", err)
	}
	return time.Duration(t.Nano()), nil
}
