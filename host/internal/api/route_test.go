package api

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestEveryOperationIsFound also shows that no two answer to the same request.
func TestEveryOperationIsFound(t *testing.T) {
	_, a := newFake()
	if len(lambda) != 85 {
		t.Errorf("AWS Lambda has 85 operations, the table %d", len(lambda))
	}
	for _, table := range [][]Operation{lambda, own} {
		for i := range table {
			o := &table[i]
			target := strings.NewReplacer("{", "", "}", "").Replace(o.path)
			for _, target := range []string{target, target + "/"} {
				if o.query != "" {
					target += "?A=b&" + o.query
				}
				m, err := a.Find(o.method, target)
				if err != nil || m.Operation != o {
					t.Errorf("%s %s: found %+v, %v; want %s", o.method, target, m.Operation, err, o.Name)
				}
				if err == nil && o.Served() && strings.Contains(o.path, "{") && !strings.Contains(o.path, "{"+m.first+"}") {
					t.Errorf("%s: took %q from the path %s", o.Name, m.first, o.path)
				}
			}
		}
	}
}

func TestLimitsOfBodies(t *testing.T) {
	_, a := newFake()
	for _, c := range []struct {
		method, target, message string
		limit                   int
	}{
		{"POST", "/2015-03-31/functions", "Request must be smaller than 70167211 bytes for the CreateFunction operation", 70167211},
		{"PUT", "/2015-03-31/functions/n/code", "Request must be smaller than 70167211 bytes for the UpdateFunctionCode operation", 70167211},
		{"PUT", "/2015-03-31/functions/n/configuration", "Request must be smaller than 262144 bytes for the UpdateFunctionConfiguration operation", 262144},
		{"POST", "/2015-03-31/functions/n/invocations", "6291457 byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)", 6291456},
		{"POST", "/functions/n", "6291457 byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)", 6291456},
	} {
		m, err := a.Find(c.method, c.target)
		if err != nil {
			t.Fatal(err)
		}
		if got := m.Operation.MaxBody(); got != c.limit {
			t.Errorf("%s: at most %d bytes, want %d", c.target, got, c.limit)
		}
		failed := m.Operation.TooLarge(c.limit + 1)
		if r := Fail("", failed); failed.Message != c.message || r.Status != 413 {
			t.Errorf("%s: %d %s; want 413 %s", c.target, r.Status, failed.Message, c.message)
		}
	}
}

func TestHolds(t *testing.T) {
	_, a := newFake()
	for _, c := range []struct {
		method, target string
		body, want     int
	}{
		{"POST", "/2015-03-31/functions", 4 << 20, 3 << 20}, // a zip file in base64
		{"PUT", "/2015-03-31/functions/n/code", 4 << 20, 3 << 20},
		{"POST", "/2015-03-31/functions/n/invocations", 4 << 20, 0},
		{"GET", "/code/0d3f", 0, 50 << 20},
	} {
		m, err := a.Find(c.method, c.target)
		if err != nil {
			t.Fatal(err)
		}
		if got := m.Operation.Holds(c.body); got != c.want {
			t.Errorf("%s %s: holds %d bytes, want %d", c.method, c.target, got, c.want)
		}
	}
}

// FuzzFind looks for requests that are found and should not be: what is found
// has a path of as many segments, with the fixed ones in their places.
func FuzzFind(f *testing.F) {
	_, a := newFake()
	for i := range lambda {
		f.Add(lambda[i].method, lambda[i].path)
	}
	for _, target := range []string{
		"/functions/n", "/code/0d3f", "//functions/n", "/functions//n", "/functions/n//", "/functions/%", "/functions/%2F", "/functions/%ff", "/", "",
		"/2015-03-31/functions/a%2Fb/invocations?Qualifier=%zz", "/2015-03-31/functions/n/../invocations",
	} {
		f.Add("POST", target)
		f.Add("GET", target)
	}
	f.Fuzz(func(t *testing.T, method, target string) {
		m, err := a.Find(method, target)
		if err != nil {
			return
		}
		if !utf8.ValidString(m.first) {
			t.Fatalf("%q: %q is not UTF-8", target, m.first)
		}
		if m.Operation.method != method {
			t.Fatalf("%s %q: found %s", method, target, m.Operation.Name)
		}
		path, _, _ := strings.Cut(target, "?")
		got := strings.Split(strings.TrimSuffix(path, "/"), "/")
		want := strings.Split(m.Operation.path, "/")
		if !strings.HasPrefix(path, "/") {
			want = want[1:]
		}
		if len(got) != len(want) {
			t.Fatalf("%q: found %s", target, m.Operation.path)
		}
		for i := range want {
			if !strings.HasPrefix(want[i], "{") && got[i] != want[i] {
				t.Fatalf("%q: found %s", target, m.Operation.path)
			}
		}
	})
}
