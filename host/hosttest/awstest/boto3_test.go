package awstest

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/lambent-dev/lambent/host/hosttest"
)

// TestBoto3 is the life of a function as boto3 sees it; testdata/life.py has it.
func TestBoto3(t *testing.T) {
	t.Parallel()
	if out, err := exec.Command("python3", "-c", "import boto3").CombinedOutput(); err != nil {
		t.Skipf("boto3 is not installed (%v, %s); install it with: pip install boto3", err, out)
	}
	h := hosttest.New(t)
	dir := t.TempDir()
	write(t, filepath.Join(dir, "thumbnail.zip"), zipOf(t, "thumbnail"))
	write(t, filepath.Join(dir, "hello.zip"), zipOf(t, "hello"))
	write(t, filepath.Join(dir, "event.json"), event(t))
	c := exec.CommandContext(t.Context(), "python3", "testdata/life.py", dir)
	c.Env = append(os.Environ(), h.Environ()...)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	payload, err := os.ReadFile(filepath.Join(dir, "out.json"))
	if err != nil {
		t.Fatal(err)
	}
	checkThumbnail(t, payload)
}
