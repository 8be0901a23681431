package host_test

import (
	"strings"
	"testing"
	"time"

	"github.com/lambent-dev/lambent/host"
)

// TestFuel deploys a function with too little fuel, and without a limit again.
func TestFuel(t *testing.T) {
	for _, plain := range []bool{false, true} {
		h := openHost(t, host.Config{PlainReports: plain})
		tail := func(fuel uint64, failed bool) string {
			t.Helper()
			f := deploy(t, h, host.Deployment{Name: "f", Module: guest(t, "json"), Fuel: fuel})
			res, err := h.Invoke(t.Context(), host.Invocation{Function: "f", Event: []byte(`{"name":"Ada","n":41}`), Tail: true})
			if err != nil || res.Failed != failed || f.Fuel != fuel || res.Usage.Fuel == 0 {
				t.Errorf("with %d units: %v, %+v %s", fuel, err, f, res.Payload)
			}
			if failed != strings.Contains(string(res.Payload), `Error: Task ran out of fuel after 1000 units`) {
				t.Errorf("it answered %s", res.Payload)
			}
			return string(res.LogTail)
		}
		if got := tail(1000, true); !strings.HasSuffix(got, "\tStatus: error\tError Type: Runtime.OutOfFuel\n") || strings.Contains(got, "\tFuel Used: 1000\tStatus") == plain {
			t.Errorf("plain is %v: the log ends\n%s", plain, got)
		}
		if got := tail(0, false); !strings.HasSuffix(got, "\t\n") || strings.Contains(got, "\tFuel Used: ") == plain {
			t.Errorf("plain is %v: the log ends\n%s", plain, got)
		}
	}
}

// TestTimeout lets a function run out of its time, which is whole seconds as on
// AWS Lambda, and reads what is answered and logged.
func TestTimeout(t *testing.T) {
	h := openHost(t, host.Config{PlainReports: true})
	f := deploy(t, h, host.Deployment{Name: "f", Module: guest(t, "bad"), Timeout: time.Second})
	if f.Timeout != 1 {
		t.Errorf("the timeout is %d", f.Timeout)
	}
	res, err := h.Invoke(t.Context(), host.Invocation{Function: "f", Event: []byte(`"spin"`), RequestID: "the-id", Tail: true})
	if err != nil || !res.Failed {
		t.Fatal(res, err)
	}
	if got, want := string(res.Payload), `{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: the-id Error: Task timed out after 1.00 seconds"}`; got != want {
		t.Errorf("it answered %s, want %s", got, want)
	}
	lines := strings.Split(string(res.LogTail), "\n")
	if len(lines) != 5 || !strings.HasSuffix(lines[1], "Z the-id Task timed out after 1.00 seconds") || !strings.HasPrefix(lines[3], "REPORT RequestId: the-id\tDuration: 1") || !strings.HasSuffix(lines[3], "\tStatus: timeout") {
		t.Errorf("it logged %q", lines)
	}
	_, err = h.Deploy(t.Context(), host.Deployment{Name: "f", Module: guest(t, "bad"), Timeout: 901 * time.Second})
	wantError(t, "timeout", err, host.CodeValidation, "Value '901' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900")
}
