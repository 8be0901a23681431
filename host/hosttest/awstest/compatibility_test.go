package awstest

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"testing"

	"github.com/lambent-dev/lambent/host/hosttest"
)

var update = flag.Bool("update", false, "write the compatibility page anew")

// TestCompatibilityPage calls every operation and compares which are there with
// what the page says. Which there are to call, boto3's models say: where it
// has others, the test says so and is skipped.
func TestCompatibilityPage(t *testing.T) {
	t.Parallel()
	const page = "../../../COMPATIBILITY.md"
	if out, err := exec.Command("python3", "-c", "import boto3").CombinedOutput(); err != nil {
		t.Skipf("boto3 is not installed (%v, %s); install it with: pip install boto3", err, out)
	}
	h := hosttest.New(t)
	c := exec.CommandContext(t.Context(), "python3", "testdata/compatibility.py")
	c.Env = append(os.Environ(), h.Environ()...)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	got, err := c.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.Bytes())
	}
	if *update {
		if err := os.WriteFile(page, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(operations(got), operations(want)) {
		t.Skip("boto3 knows other operations here than when the page was made; install the version that it names, or write it anew with -update")
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the page is not what the operations answer; write it anew with -update and look at the difference\n%s", got)
	}
}

var row = regexp.MustCompile(`(?m)^\| ([A-Z]\w+) \|`)

// operations returns those that a page lists.
func operations(page []byte) (names []string) {
	for _, m := range row.FindAllSubmatch(page, -1) {
		names = append(names, string(m[1]))
	}
	return names
}
