package awstest

import (
	"archive/zip"
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/lambent-dev/lambent/host"
	"github.com/lambent-dev/lambent/host/hosttest"
)

const terraformCalls = "testdata/terraform/calls.txt"

// parts are what is done with testdata/terraform, one after the other.
var parts = []struct {
	title   string
	changed bool
	run     []string
}{
	{"terraform apply", false, []string{"apply", "-auto-approve"}},
	{"terraform plan", false, []string{"plan", "-detailed-exitcode"}}, // fails if anything is not as it was said
	{"terraform apply -var changed=true", true, []string{"apply", "-auto-approve"}},
	{"terraform plan -var changed=true", true, []string{"plan", "-detailed-exitcode"}},
	{"terraform destroy", true, []string{"destroy", "-auto-approve"}},
}

// TestTerraform has Terraform make everything of testdata/terraform, find it as it
// should be, change it, find it so, and destroy it; -update writes down what its
// provider for AWS called. The provider is the one in the folder that
// LAMBENT_TERRAFORM_PLUGINS names, which is laid out as for "terraform init
// -plugin-dir": it waits for five seconds after each change, so this takes a minute
// and a half, and TestTerraformCalls stands for it elsewhere.
func TestTerraform(t *testing.T) {
	t.Parallel()
	plugins := os.Getenv("LAMBENT_TERRAFORM_PLUGINS")
	if plugins == "" {
		t.Skip("LAMBENT_TERRAFORM_PLUGINS names no folder with Terraform's provider for AWS; TestTerraformCalls makes the same calls")
	}
	h := hosttest.New(t, forTerraform(t))
	recorded := &calls{}
	dir := t.TempDir()
	config, err := os.ReadFile("testdata/terraform/main.tf")
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "main.tf"), config)
	for name, content := range packagesForTerraform(t) {
		write(t, filepath.Join(dir, name), content)
	}
	terraform := func(changed bool, args ...string) {
		t.Helper()
		c := exec.CommandContext(t.Context(), "terraform", args...)
		c.Dir = dir
		c.Env = append(os.Environ(), h.Environ()...)
		c.Env = append(c.Env, "AWS_ENDPOINT_URL="+recorded.before(t, h), "TF_CLI_CONFIG_FILE=/dev/null", "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1",
			"TF_VAR_zips="+dir, "TF_VAR_changed=false")
		if changed {
			c.Env = append(c.Env, "TF_VAR_changed=true")
		}
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("terraform %q: %v\n%s", args, err, out)
		}
	}
	terraform(false, "init", "-plugin-dir="+plugins)
	for _, part := range parts {
		recorded.title(part.title)
		terraform(part.changed, append(part.run, "-input=false", "-no-color", "-parallelism=1")...)
	}
	if *update {
		write(t, terraformCalls, []byte(recorded.String()))
	}
	sameCalls(t, recorded)
}

// sameCalls compares with what was written down of Terraform's provider.
func sameCalls(t *testing.T, c *calls) {
	t.Helper()
	want, err := os.ReadFile(terraformCalls)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.String(); got != string(want) {
		t.Errorf("the calls differ from %s at\n%s", terraformCalls, firstDifference(got, string(want)))
	}
}

func firstDifference(got, want string) string {
	g, w := bytes.Split([]byte(got), []byte("\n")), bytes.Split([]byte(want), []byte("\n"))
	for i := range min(len(g), len(w)) {
		if !bytes.Equal(g[i], w[i]) {
			return "\t" + string(g[i]) + "\nwhere is\n\t" + string(w[i])
		}
	}
	return "their end: there are " + string(bytes.Join(g[min(len(g), len(w)):], []byte("\n")))
}

// forTerraform has code fetched from a bucket named "code", and changes take long
// enough to be waited for.
func forTerraform(t *testing.T) func(*host.Config) {
	packages := packagesForTerraform(t)
	s3 := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		code, ok := packages[filepath.Base(r.URL.Path)]
		if !ok || filepath.Dir(r.URL.Path) != "/code" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_, _ = w.Write(code)
	}))
	t.Cleanup(s3.Close)
	return func(c *host.Config) {
		c.Objects = host.Objects{Endpoint: s3.URL}
		c.Waits = 0.1
	}
}

func packagesForTerraform(t *testing.T) map[string][]byte {
	return map[string][]byte{
		"hello.zip": zipOf(t, "hello"), "word-count.zip": zipOf(t, "word-count"),
		"layer-1.zip": layerOf(t, "hello"), "layer-2.zip": layerOf(t, "good evening"),
	}
}

// layerOf makes a layer with one file.
func layerOf(t *testing.T, content string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create("words.txt")
	if err == nil {
		_, err = f.Write([]byte(content))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
