package server

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// tick is the unit of processor time in /proc: USER_HZ is 100 on all of Linux.
const tick = time.Second / 100

// CPU returns the processor time that the server has taken, in user and system
// mode: of that process, all threads, and of children that ended and that it has
// waited for.
func (s *Server) CPU() (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	return parseStat(string(stat))
}

// parseStat adds up utime, stime, cutime and cstime, fields 14 to 17 of
// proc_pid_stat(5). The second, a name in parentheses, may hold anything.
func parseStat(stat string) (time.Duration, error) {
	end := strings.LastIndexByte(stat, ')')
	fields := strings.Fields(stat[end+1:])
	if end < 0 || len(fields) < 15 {
		return 0, fmt.Errorf("/proc/<pid>/stat is %q", stat)
	}
	var ticks int64
	for i, name := range [...]string{"utime", "stime", "cutime", "cstime"} {
		n, err := strconv.ParseInt(fields[11+i], 10, 64)
		if err != nil {
			return 0, fmt.Errorf("/proc/<pid>/stat: %s: %w", name, err)
		}
		ticks += n
	}
	return time.Duration(ticks) * tick, nil
}

// OwnCPU is the processor time that this process has taken.
func OwnCPU() (time.Duration, error) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, fmt.Errorf("getrusage: %w", err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), nil
}
