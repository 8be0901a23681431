package function

import (
	"bufio"
	"bytes"
	"io/fs"
	"math"
	"path"
	"strconv"
	"strings"
)

// Of the memory of sandboxes, where Config does not say.
const (
	sandboxPart          = 4       // of the machine's
	unknownSandboxMemory = 1 << 30 // where that is not known
)

// defaultSandboxMemory returns the default of Config.SandboxMemory for the machine
// whose files these are.
func defaultSandboxMemory(root fs.FS) int64 {
	if n := machineMemory(root); n > 0 {
		return max(n/sandboxPart, 1)
	}
	return unknownSandboxMemory
}

// machineMemory returns how many bytes of memory there are, or may be used by this
// process's control group, whichever is less; 0 if that is not known, as on systems
// other than Linux. root is the root of the file system.
func machineMemory(root fs.FS) int64 {
	least := int64(math.MaxInt64)
	if n, ok := totalMemory(root); ok {
		least = n
	}
	for _, file := range groupLimits(root) {
		b, err := fs.ReadFile(root, file)
		if err != nil {
			continue // there is none at the root of all groups
		}
		if n, err := strconv.ParseInt(string(bytes.TrimSpace(b)), 10, 64); err == nil && n > 0 { // not "max"
			least = min(least, n)
		}
	}
	if least == math.MaxInt64 {
		return 0
	}
	return least
}

// totalMemory reads proc_meminfo(5).
func totalMemory(root fs.FS) (int64, bool) {
	b, err := fs.ReadFile(root, "proc/meminfo")
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(b)) {
		fields := strings.Fields(line)
		if len(fields) != 3 || fields[0] != "MemTotal:" || fields[2] != "kB" {
			continue
		}
		n, err := strconv.ParseInt(fields[1], 10, 64)
		return n << 10, err == nil && n > 0 && n <= math.MaxInt64>>10
	}
	return 0, false
}

// groupLimits returns the files that limit the memory of this process's control
// group and of those that it is in, of both versions, see cgroups(7). In a container
// that does not see its own path, the root of what it sees is its group.
func groupLimits(root fs.FS) (files []string) {
	b, err := fs.ReadFile(root, "proc/self/cgroup")
	if err != nil {
		return nil
	}
	lines := bufio.NewScanner(bytes.NewReader(b))
	for lines.Scan() {
		fields := strings.SplitN(lines.Text(), ":", 3) // hierarchy, controllers, path
		if len(fields) != 3 {
			continue
		}
		mount, name := "sys/fs/cgroup", "memory.max"
		switch fields[1] {
		case "":
		case "memory":
			mount, name = "sys/fs/cgroup/memory", "memory.limit_in_bytes"
		default:
			continue
		}
		for at := path.Clean("/" + fields[2]); ; at = path.Dir(at) {
			files = append(files, path.Join(mount, at, name))
			if at == "/" {
				break
			}
		}
	}
	return files
}
