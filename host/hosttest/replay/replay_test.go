package replay

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/lambent-dev/lambent/host"
	"github.com/lambent-dev/lambent/host/hosttest"
)

var update = flag.Bool("update", false, "write testdata/passing.txt")

// groups are how many cases each group has.
var groups = map[string]int{"api": 104, "concurrency": 6, "invoke": 10, "layers": 6, "url": 1}

// bar is which part of all cases must pass.
const bar = 0.95

// computed are cases whose recorded functions, of which there is only source code
// for Python, answer something that they compute. The one here answers its event: all
// but these Payloads is compared.
var computed = map[string]bool{
	"TestLambdaBehavior::test_lambda_invoke_no_timeout":          true,
	"TestLambdaFeatures::test_upload_lambda_from_s3":             true,
	"TestLambdaVersions::test_lambda_versions_with_code_changes": true,
}

// result is what became of a case.
type result struct {
	recorded
	failure  string // the first; "" if it passed
	compared int    // answers
}

// TestReplay prints which part of the cases pass, and what is wrong with the
// others.
func TestReplay(t *testing.T) {
	results := playAll(t)
	passing := map[string]bool{}
	for _, name := range strings.Fields(readText(t, "testdata/passing.txt")) {
		passing[name] = true
	}
	var passed []string
	for group, want := range groups {
		n, of, compared := 0, 0, 0
		for _, r := range results {
			if r.Group != group {
				continue
			}
			of++
			compared += r.compared
			if r.failure == "" {
				n++
			}
		}
		if of != want {
			t.Errorf("group %s has %d cases, want %d", group, of, want)
		}
		t.Logf("group %-12s %d of %d cases pass, %.1f %%; %d answers compared", group, n, of, 100*float64(n)/float64(of), compared)
	}
	for _, r := range results {
		name := r.short()
		switch {
		case r.failure == "":
			passed = append(passed, name)
			if r.compared == 0 && checks[name] == nil {
				t.Logf("%s: nothing was recorded that could be compared", name)
			}
		case passing[name]:
			t.Errorf("%s passed before: %s", name, r.failure)
		default:
			t.Logf("%s fails: %s", name, r.failure)
		}
		delete(passing, name)
		for _, value := range slices.Sorted(maps.Keys(r.Values)) {
			t.Logf("%s: no call is known for %s", name, value)
		}
	}
	if part := float64(len(passed)) / float64(len(results)); part < bar {
		t.Errorf("%.1f %% of the cases pass, want %.0f %%", 100*part, 100*bar)
	}
	for name := range passing {
		t.Errorf("testdata/passing.txt has %s, which is no case", name)
	}
	if *update {
		if err := os.WriteFile("testdata/passing.txt", []byte(strings.Join(passed, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func readText(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// playAll plays every case on a host of its own.
func playAll(t *testing.T) []result {
	t.Helper()
	all := cases(t)
	results := make([]result, len(all))
	var mu sync.Mutex
	t.Run("cases", func(t *testing.T) {
		for i := range all {
			t.Run(all[i].short(), func(t *testing.T) {
				t.Parallel()
				var r result
				// Where a machine is slow, what takes a moment may be over too soon: then
				// it takes longer, once.
				for _, waits := range []float64{0.2, 3} {
					o := newObjects(t)
					h := hosttest.New(t, func(c *host.Config) {
						c.Objects.Endpoint = o.url
						c.Account, c.Log, c.Waits = account, func(string, string, host.LogLine) {}, waits
					})
					if r = play(t, h.Endpoint, o, all[i]); r.failure == "" {
						break
					}
					t.Logf("with AWS's waits at %g of theirs: %s", waits, r.failure)
				}
				mu.Lock()
				defer mu.Unlock()
				results[i] = r
			})
		}
	})
	return results
}

// play sends the calls of a case, to its end or the first answer that differs.
func play(t *testing.T, endpoint string, o *objects, c recorded) result {
	p := &player{bindings: newBindings(), t: t, endpoint: endpoint, test: c.Test, instead: map[string]map[string]any{}}
	p.computed = computed[c.short()]
	r := result{recorded: c}
	check := checks[c.short()]
	for i := range c.Calls {
		one := &c.Calls[i]
		if one.Service == "s3" && o != nil {
			o.send(c.Test, one)
		}
		if one.Service != "lambda" {
			continue
		}
		got := p.send(one)
		difference := ""
		if check != nil {
			difference = check(p, one, got)
		}
		if one.Expect != nil {
			r.compared++
			difference = cmp.Or(difference, p.compare(one.Operation, one.Expect, got))
		}
		if difference != "" {
			r.failure = fmt.Sprintf("%s (%s): %s\n\tanswered %d %.600s", one.Name, one.Operation, difference, got.status, got.body)
			return r
		}
	}
	return r
}
