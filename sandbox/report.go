package sandbox

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Report writes the lines with which AWS Lambda frames the log of an
// invocation (recorded from AWS).
type Report struct {
	RequestID string
	Version   string // of the function; default "$LATEST"
	Memory    uint64 // Limits.Memory in bytes; default DefaultMemory
	Usage     Usage
	Err       error // of Run

	// NoFuel leaves out "Fuel Used: N", which AWS Lambda does not have: what is
	// left is byte for byte as it writes it.
	NoFuel bool
}

// Start returns the line before an invocation, without a line end.
func (r Report) Start() string {
	version := r.Version
	if version == "" {
		version = "$LATEST"
	}
	return "START RequestId: " + r.RequestID + " Version: " + version
}

// End returns the line after the function's last line.
func (r Report) End() string { return "END RequestId: " + r.RequestID }

// Report returns the REPORT line: times in milliseconds, memory in megabytes of
// 2^20 bytes, rounded up. What is billed is Init and Duration together, rounded
// up to a millisecond. The fuel comes after AWS's own fields, before Status. The
// line ends in a tab unless the invocation failed.
func (r Report) Report() string {
	memory := r.Memory
	if memory == 0 {
		memory = DefaultMemory
	}
	var b strings.Builder
	fmt.Fprintf(&b, "REPORT RequestId: %s\t", r.RequestID)
	fmt.Fprintf(&b, "Duration: %.2f ms\t", milliseconds(r.Usage.Duration))
	fmt.Fprintf(&b, "Billed Duration: %d ms\t", r.Usage.Billed().Milliseconds())
	fmt.Fprintf(&b, "Memory Size: %d MB\t", megabytes(memory))
	fmt.Fprintf(&b, "Max Memory Used: %d MB\t", megabytes(r.Usage.MemoryPeak))
	if r.Usage.Init > 0 {
		fmt.Fprintf(&b, "Init Duration: %.2f ms\t", milliseconds(r.Usage.Init))
	}
	if !r.NoFuel {
		fmt.Fprintf(&b, "Fuel Used: %d\t", r.Usage.Fuel)
	}
	if failed, ok := errors.AsType[*FunctionError](r.Err); ok {
		if failed.Type == TypeTimeout {
			b.WriteString("Status: timeout")
		} else {
			fmt.Fprintf(&b, "Status: error\tError Type: %s", printable(failed.Type))
		}
	}
	return b.String()
}

// Billed returns what AWS Lambda would bill: Init and Duration, rounded up to a
// millisecond.
func (u Usage) Billed() time.Duration {
	return (u.Init + u.Duration + time.Millisecond - 1).Truncate(time.Millisecond)
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func megabytes(n uint64) uint64 { return (n + 1<<20 - 1) >> 20 }
