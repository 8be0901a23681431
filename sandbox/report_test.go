package sandbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestReportLines(t *testing.T) {
	r := Report{RequestID: "r-1"}
	if got, want := r.Start(), "START RequestId: r-1 Version: $LATEST"; got != want {
		t.Errorf("START is %q, want %q", got, want)
	}
	if got, want := (Report{RequestID: "r-1", Version: "7"}).Start(), "START RequestId: r-1 Version: 7"; got != want {
		t.Errorf("START is %q, want %q", got, want)
	}
	if got, want := r.End(), "END RequestId: r-1"; got != want {
		t.Errorf("END is %q, want %q", got, want)
	}
}

func TestReport(t *testing.T) {
	const mib = 1 << 20
	timeout := newFunctionError(TypeTimeout, "Task timed out after 3.00 seconds", nil)
	for _, c := range []struct {
		name   string
		report Report
		want   string
	}{
		{"nothing", Report{},
			"Duration: 0.00 ms\tBilled Duration: 0 ms\tMemory Size: 128 MB\tMax Memory Used: 0 MB\t"},
		{"success", Report{Memory: 256 * mib, Usage: Usage{Duration: 1_234_567, MemoryPeak: 30 * mib}},
			"Duration: 1.23 ms\tBilled Duration: 2 ms\tMemory Size: 256 MB\tMax Memory Used: 30 MB\t"},
		{"first", Report{Usage: Usage{Duration: 2 * time.Millisecond, Init: 100_005_000, MemoryPeak: mib}},
			"Duration: 2.00 ms\tBilled Duration: 103 ms\tMemory Size: 128 MB\tMax Memory Used: 1 MB\tInit Duration: 100.00 ms\t"},
		{"rounding", Report{Memory: mib + 1, Usage: Usage{Duration: 999_996, Init: 4, MemoryPeak: mib + 1}},
			"Duration: 1.00 ms\tBilled Duration: 1 ms\tMemory Size: 2 MB\tMax Memory Used: 2 MB\tInit Duration: 0.00 ms\t"},
		{"a nanosecond over", Report{Usage: Usage{Duration: time.Second + 1}},
			"Duration: 1000.00 ms\tBilled Duration: 1001 ms\tMemory Size: 128 MB\tMax Memory Used: 0 MB\t"},
		{"timeout", Report{Usage: Usage{Duration: 3 * time.Second}, Err: timeout},
			"Duration: 3000.00 ms\tBilled Duration: 3000 ms\tMemory Size: 128 MB\tMax Memory Used: 0 MB\tStatus: timeout"},
		{"timeout of the first", Report{Usage: Usage{Duration: 3 * time.Second, Init: time.Second}, Err: fmt.Errorf("wrapped: %w", timeout)},
			"Duration: 3000.00 ms\tBilled Duration: 4000 ms\tMemory Size: 128 MB\tMax Memory Used: 0 MB\tInit Duration: 1000.00 ms\tStatus: timeout"},
		{"trap", Report{Err: newFunctionError(TypeTrap, "unreachable", nil)},
			"Duration: 0.00 ms\tBilled Duration: 0 ms\tMemory Size: 128 MB\tMax Memory Used: 0 MB\tStatus: error\tError Type: Runtime.Trap"},
		{"forged", Report{Err: reportedError([]byte(`{"errorType":"A\n\r\tREPORT\u0000"}`))},
			"Duration: 0.00 ms\tBilled Duration: 0 ms\tMemory Size: 128 MB\tMax Memory Used: 0 MB\tStatus: error\tError Type: A   REPORT "},
		{"not the function's error", Report{Err: errors.Join(ErrClosed, context.Canceled)},
			"Duration: 0.00 ms\tBilled Duration: 0 ms\tMemory Size: 128 MB\tMax Memory Used: 0 MB\t"},
	} {
		c.report.RequestID, c.report.NoFuel = "r-1", true
		if got, want := c.report.Report(), "REPORT RequestId: r-1\t"+c.want; got != want {
			t.Errorf("%s: got\n%q, want\n%q", c.name, got, want)
		}
	}
}

// The fuel is the last field before how it failed.
func TestReportFuel(t *testing.T) {
	u := Usage{Duration: time.Second, Init: time.Second, Fuel: 1_234_567}
	for err, want := range map[error]string{
		nil: "Init Duration: 1000.00 ms\tFuel Used: 1234567\t",
		newFunctionError(TypeTimeout, "late", nil): "Init Duration: 1000.00 ms\tFuel Used: 1234567\tStatus: timeout",
		newFunctionError(TypeOutOfFuel, "", nil):   "Init Duration: 1000.00 ms\tFuel Used: 1234567\tStatus: error\tError Type: Runtime.OutOfFuel",
	} {
		if got := (Report{Usage: u, Err: err}).Report(); !strings.HasSuffix(got, "MB\t"+want) {
			t.Errorf("%v: the line is %q", err, got)
		}
	}
	if got := (Report{}).Report(); !strings.HasSuffix(got, "Max Memory Used: 0 MB\tFuel Used: 0\t") {
		t.Errorf("the line is %q", got)
	}
}
