package host

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"golang.org/x/sys/unix"
)

// lowerLimits bounds this process for good. The address space that Go reserves
// at its start is not counted; it uses but a little of it.
func lowerLimits(h compileHeader) error {
	stat, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return err
	}
	var pages int64
	if _, err := fmt.Fscan(strings.NewReader(string(stat)), &pages); err != nil {
		return fmt.Errorf("/proc/self/statm: %w", err)
	}
	debug.SetMemoryLimit(h.Memory / 4 * 3)
	space := uint64(pages)*uint64(os.Getpagesize()) + uint64(h.Memory)
	for resource, limit := range map[int]uint64{unix.RLIMIT_AS: space, unix.RLIMIT_CPU: uint64(h.CPU), unix.RLIMIT_CORE: 0} {
		if err := unix.Setrlimit(resource, &unix.Rlimit{Cur: limit, Max: limit}); err != nil {
			return fmt.Errorf("setrlimit %d: %w", resource, err)
		}
	}
	return nil
}
