package api

import "testing"

// TestFindInvoke has it find what Find does, or nothing.
func TestFindInvoke(t *testing.T) {
	_, a := newFake()
	for _, c := range []struct {
		method, target string
		found          bool
	}{
		{"POST", "/2015-03-31/functions/there/invocations", true},
		{"POST", "/2015-03-31/functions/A-b_9/invocations", true},
		{"POST", "/functions/there", true},
		{"GET", "/2015-03-31/functions/there/invocations", false},
		{"post", "/2015-03-31/functions/there/invocations", false},
		{"POST", "/2015-03-31/functions/there/invocations/", false},
		{"POST", "/2015-03-31/functions/there/invocations?Qualifier=1", false},
		{"POST", "/2015-03-31/functions/there:1/invocations", false},
		{"POST", "/2015-03-31/functions/th%65re/invocations", false},
		{"POST", "/2015-03-31/functions/th.re/invocations", false},
		{"POST", "/2015-03-31/functions//invocations", false},
		{"POST", "/2015-03-31/functions/invocations", false},
		{"POST", "/2015-03-31/functions/a/b/invocations", false},
		{"POST", "/2015-03-31/functions/there", false},
		{"POST", "/functions/", false},
		{"POST", "/functions/there/invocations", false},
		{"POST", "/functions/there?", false},
		{"POST", "", false},
	} {
		got, found := a.FindInvoke([]byte(c.method), []byte(c.target))
		if found != c.found {
			t.Errorf("%s %s: found %v, want %v", c.method, c.target, found, c.found)
		}
		if want, err := a.Find(c.method, c.target); found && (err != nil || got != want) {
			t.Errorf("%s %s: %+v; Find: %+v, %v", c.method, c.target, got, want, err)
		}
	}
}
