package server

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Memory is what a process holds, in bytes.
type Memory struct {
	Resident int64 // VmRSS, Shared included
	Shared   int64 // RssShmem: images of functions that are mapped
}

// Memory returns what the server holds, without its children.
func (s *Server) Memory() (Memory, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return Memory{}, err
	}
	return parseStatus(string(status))
}

// parseStatus reads proc_pid_status(5).
func parseStatus(status string) (m Memory, err error) {
	for field, to := range map[string]*int64{"VmRSS:": &m.Resident, "RssShmem:": &m.Shared} {
		_, rest, ok := strings.Cut(status, "\n"+field)
		words := strings.Fields(rest)
		if !ok || len(words) < 2 || words[1] != "kB" {
			return Memory{}, fmt.Errorf("/proc/<pid>/status has no %s in kB", field)
		}
		kilobytes, err := strconv.ParseInt(words[0], 10, 64)
		if err != nil {
			return Memory{}, fmt.Errorf("/proc/<pid>/status: %s %w", field, err)
		}
		*to = kilobytes << 10
	}
	return m, nil
}
