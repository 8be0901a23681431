package server

import "testing"

func TestParseStatus(t *testing.T) {
	got, err := parseStatus("Name:\tlambent\nVmRSS:\t   2048 kB\nRssAnon:\t 1 kB\nRssShmem:\t  1024 kB\nThreads:\t9\n")
	if err != nil || got != (Memory{2 << 20, 1 << 20}) {
		t.Errorf("%+v, %v", got, err)
	}
	for _, bad := range []string{"", "Name:\tx\nVmRSS:\t1 kB\n", "Name:\tx\nVmRSS:\tx kB\nRssShmem:\t1 kB\n", "Name:\tx\nVmRSS:\t1 MB\nRssShmem:\t1 kB\n"} {
		if got, err := parseStatus(bad); err == nil {
			t.Errorf("%q: %+v", bad, got)
		}
	}
}
