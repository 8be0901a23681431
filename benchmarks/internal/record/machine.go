package record

import (
	"os"
	"runtime"
	"strings"
)

// Machine is where a run took place, without what would identify it.
type Machine struct {
	CPU    string // model, empty where it is unknown
	Cores  int
	OS     string
	Arch   string
	Kernel string
	Go     string
}

func thisMachine() Machine {
	return Machine{
		CPU:    cpuModel(),
		Cores:  runtime.NumCPU(),
		OS:     runtime.GOOS,
		Arch:   runtime.GOARCH,
		Kernel: firstLine("/proc/sys/kernel/osrelease"),
		Go:     runtime.Version(),
	}
}

func cpuModel() string {
	info, _ := os.ReadFile("/proc/cpuinfo") // Linux only
	for line := range strings.Lines(string(info)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// loadAverage returns how many processes wanted to run, on average over 1, 5
// and 15 minutes: "0.52 0.40 0.31". It is empty where that is unknown.
func loadAverage() string {
	fields := strings.Fields(firstLine("/proc/loadavg"))
	return strings.Join(fields[:min(3, len(fields))], " ")
}

func firstLine(path string) string {
	b, _ := os.ReadFile(path)
	line, _, _ := strings.Cut(string(b), "\n")
	return line
}
