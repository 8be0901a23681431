package sandbox

import (
	"errors"
	"strconv"
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
	b := make([]byte, 0, 256)
	b = append(append(b, "REPORT RequestId: "...), r.RequestID...)
	b = appendMilliseconds(append(b, "\tDuration: "...), r.Usage.Duration)
	b = strconv.AppendInt(append(b, "\tBilled Duration: "...), r.Usage.Billed().Milliseconds(), 10)
	b = strconv.AppendUint(append(b, " ms\tMemory Size: "...), megabytes(memory), 10)
	b = strconv.AppendUint(append(b, " MB\tMax Memory Used: "...), megabytes(r.Usage.MemoryPeak), 10)
	b = append(b, " MB\t"...)
	if r.Usage.Init > 0 {
		b = append(appendMilliseconds(append(b, "Init Duration: "...), r.Usage.Init), '\t')
	}
	if !r.NoFuel {
		b = append(strconv.AppendUint(append(b, "Fuel Used: "...), r.Usage.Fuel, 10), '\t')
	}
	if failed, ok := errors.AsType[*FunctionError](r.Err); ok {
		if failed.Type == TypeTimeout {
			b = append(b, "Status: timeout"...)
		} else {
			b = append(append(b, "Status: error\tError Type: "...), printable(failed.Type)...)
		}
	}
	return string(b)
}

func appendMilliseconds(b []byte, d time.Duration) []byte {
	return append(strconv.AppendFloat(b, milliseconds(d), 'f', 2, 64), " ms"...)
}

// Billed returns what AWS Lambda would bill: Init and Duration, rounded up to a
// millisecond.
func (u Usage) Billed() time.Duration {
	return (u.Init + u.Duration + time.Millisecond - 1).Truncate(time.Millisecond)
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func megabytes(n uint64) uint64 { return (n + 1<<20 - 1) >> 20 }
