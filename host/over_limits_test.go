package host

import "testing"

// TestOverLimits has what children wrote that were out of memory: which of these
// is chance. Only some were once known.
func TestOverLimits(t *testing.T) {
	for _, c := range []struct {
		state, complaint string
		want             bool
	}{
		{"exit status 2", "fatal error: runtime: cannot allocate memory\n", true},
		{"exit status 2", "fatal error: runtime: out of memory\n", true},
		{"signal: aborted (core dumped)", "runtime/cgo: pthread_create failed: Resource temporarily unavailable\nSIGABRT: abort\n", true},
		{"exit status 2", "runtime: failed to create new OS thread (have 4 already; errno=11)\n", true},
		{"signal: killed", "", true},
		{"signal: CPU time limit exceeded", "", true},
		{"exit status 2", "panic: index out of range [5] with length 3\n", false},
		{"exit status 3", "", false},
	} {
		if got := overLimits(ended(c.state), c.complaint); got != c.want {
			t.Errorf("%s, %q: %t, want %t", c.state, c.complaint, got, c.want)
		}
	}
}

type ended string

func (e ended) String() string { return string(e) }
